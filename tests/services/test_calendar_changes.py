"""Changing the calendar: what follows, who may, who is told and how often; on both engines."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from data.opening_hours import EVERYWHERE
from services import calendar_changes, calendar_watch, promises, queue
from services.calendar_changes import Consequence
from services.calendar_entries import Edit, Entry
from services.hours import Calendar
from services.officers import Officer
from services.refusals import NotFound, Refused
from tests.desk import (
    ADMIN,
    BENNY,
    CHAT,
    FACTS,
    HENKY,
    IDA,
    MONDAY_NIGHT,
    MONDAY_TEN,
    RINA,
    SARI,
    TIO,
    TONDANO,
    WATI,
    WEEK,
    Desk,
)

NOTICE = timedelta(minutes=2)
TUESDAY = date(2026, 11, 24)
WEDNESDAY_EIGHT = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)
TUESDAY_EIGHT = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
EIGHT_TO_FIVE = ((480, 1020),)


@pytest.fixture(autouse=True)
def own_calendar(desk: Desk) -> Iterator[None]:
    desk.calendar = Calendar(FACTS, WEEK)
    yield


def closed(first: date, last: date | None = None, place: str = "KC-MANADO") -> Edit:
    entry = Entry(place, "closed", first, last or first, name="listrik padam")
    return Edit(place, "listrik padam", add=(entry,))


def holiday(day: date, kind: str) -> Edit:
    entry = Entry(EVERYWHERE, "holiday", day, day, name="Pilkada", holiday=kind)
    return Edit(EVERYWHERE, "SKB baru", add=(entry,))


async def stamp(desk: Desk, place: str = "KC-MANADO") -> str:
    async with desk.store.read() as tx:
        return (await calendar_changes.load(tx)).stamp(place)


async def change(
    desk: Desk, edit: Edit, officer: Officer = BENNY, seen: str | None = None
) -> Consequence:
    """Change the calendar as the console does; this process knows it at once."""
    found = await try_change(desk, edit, officer, seen)
    assert found
    return found


async def try_change(
    desk: Desk, edit: Edit, officer: Officer = BENNY, seen: str | None = None
) -> Consequence | None:
    found = await desk.do(
        calendar_changes.change,
        officer,
        edit,
        stamp=await stamp(desk, edit.place) if seen is None else seen,
        calendar=desk.calendar,
        notice=NOTICE,
    )
    await calendar_watch.follow(desk.store, desk.calendar)
    return found


async def renewed(desk: Desk, number: str) -> datetime | None:
    """What the turn of a notice tells the participant, None when there is nothing to tell."""

    async def renew(tx: Any, now: datetime) -> promises.Renewed | None:
        return await promises.renew(tx, CHAT, number, now=now, calendar=desk.calendar)

    found = await desk.do(renew)
    return found.opens if found else None


async def notices(desk: Desk) -> list[str]:
    """The tickets of the notices that are due, which have their turns now."""
    before = len(desk.heard)
    return [event.ticket for event in (await desk.told())[before:] if event.action == "rescheduled"]


async def held(desk: Desk) -> list[int]:
    async with desk.store.read() as tx:
        return list((await calendar_changes.load(tx)).held)


async def test_a_closure_moves_what_was_promised_and_tells_it_once(desk: Desk) -> None:
    desk.clock.at = MONDAY_NIGHT
    number = (await desk.file()).number

    found = await change(desk, closed(TUESDAY))

    assert [(move.request, move.was, move.opens) for move in found.moved] == [
        (number, TUESDAY_EIGHT, WEDNESDAY_EIGHT)
    ]
    assert await notices(desk) == []
    desk.clock.at += NOTICE
    assert await notices(desk) == [number]
    assert await renewed(desk, number) == WEDNESDAY_EIGHT
    assert await renewed(desk, number) is None
    assert await notices(desk) == []


async def test_a_closure_moves_deadlines_too(desk: Desk) -> None:
    number = (await desk.file()).number
    before = (await desk.request(number)).due_at

    await change(desk, closed(MONDAY_TEN.date(), date(2026, 12, 4)))

    after = (await desk.request(number)).due_at
    assert after - before >= timedelta(days=11) // timedelta(microseconds=1)


async def test_a_preview_changes_nothing(desk: Desk) -> None:
    desk.clock.at = MONDAY_NIGHT
    await desk.file()

    found = await desk.do(
        calendar_changes.consequence, BENNY, closed(TUESDAY), calendar=desk.calendar
    )

    assert (found.people, found.after.is_open("KC-MANADO", TUESDAY_EIGHT)) == (1, False)
    assert await held(desk) == []
    assert desk.calendar.is_open("KC-MANADO", TUESDAY_EIGHT)
    desk.clock.at += NOTICE
    assert await notices(desk) == []


async def test_several_changes_in_a_short_time_are_told_as_the_last(desk: Desk) -> None:
    desk.clock.at = MONDAY_NIGHT
    number = (await desk.file()).number
    await change(desk, closed(TUESDAY))
    desk.clock.at += NOTICE / 2
    await change(desk, closed(date(2026, 11, 25)))
    desk.clock.at += NOTICE / 2

    assert await notices(desk) == []
    desk.clock.at += NOTICE / 2
    assert await notices(desk) == [number]
    assert await renewed(desk, number) == datetime(2026, 11, 26, tzinfo=UTC)


async def test_a_change_that_is_taken_back_in_time_is_not_told(desk: Desk) -> None:
    desk.clock.at = MONDAY_NIGHT
    number = (await desk.file()).number
    await change(desk, closed(TUESDAY))
    [entry] = await held(desk)

    await change(desk, Edit("KC-MANADO", "salah tanggal", remove=(entry,)))

    desk.clock.at += NOTICE
    await notices(desk)
    assert await renewed(desk, number) is None
    assert await held(desk) == []


async def test_who_was_told_no_opening_is_told_nothing_of_another_day(desk: Desk) -> None:
    await desk.file()

    assert (await change(desk, closed(TUESDAY))).moved == []


async def test_who_waits_at_an_open_branch_is_told_when_it_shuts_at_once(desk: Desk) -> None:
    number = (await desk.file()).number

    found = await change(desk, closed(MONDAY_TEN.date()))

    assert [(move.request, move.was) for move in found.moved] == [(number, MONDAY_TEN)]
    desk.clock.at += NOTICE
    assert await renewed(desk, number) == TUESDAY_EIGHT


async def test_an_earlier_opening_is_told_too(desk: Desk) -> None:
    desk.clock.at = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)  # Friday 18.00 in Manado
    number = (await desk.file()).number
    saturday = date(2026, 11, 21)
    entry = Entry("KC-MANADO", "open", saturday, saturday, hours=(((480, 720),),), name="pelayanan")

    await change(desk, Edit("KC-MANADO", "pelayanan", add=(entry,)))

    assert await renewed(desk, number) == datetime(2026, 11, 21, tzinfo=UTC)


async def test_a_request_that_is_no_longer_waiting_is_told_nothing(desk: Desk) -> None:
    desk.clock.at = MONDAY_NIGHT
    number = (await desk.file()).number
    await change(desk, closed(TUESDAY))
    await desk.claim(BENNY, number)

    assert await renewed(desk, number) is None


async def test_a_transfer_takes_the_promise_of_the_old_branch_back(desk: Desk) -> None:
    desk.clock.at = MONDAY_NIGHT
    number = (await desk.file()).number
    await desk.do(queue.transfer, RINA, number, to=TONDANO, reason="Pindah", calendar=desk.calendar)

    assert (await desk.request(number)).promised is None
    assert (await change(desk, closed(TUESDAY))).moved == []
    there = await change(desk, closed(TUESDAY, place="KC-TONDANO"), HENKY)
    assert there.moved == []


async def test_a_national_day_moves_the_requests_of_every_branch(desk: Desk) -> None:
    desk.clock.at = MONDAY_NIGHT
    await desk.file()
    await desk.file(chat="web:budi", branch=TONDANO)

    found = await change(desk, holiday(TUESDAY, "public"), ADMIN)

    assert {move.branch for move in found.moved} == {"KC-MANADO", "KC-TONDANO"}
    assert found.people == 2
    reason = desk.calendar.explain("KC-MANADO", TUESDAY_EIGHT).reason
    assert reason == "libur nasional: Pilkada"


async def test_a_national_day_is_switched_off_and_on_again(desk: Desk) -> None:
    christmas = datetime(2026, 12, 25, 2, 0, tzinfo=UTC)
    edit = holiday(date(2026, 12, 25), "none")

    await change(desk, edit, ADMIN)
    assert desk.calendar.is_open("KC-MANADO", christmas)

    [entry] = await held(desk)
    await change(desk, Edit(EVERYWHERE, "batal", remove=(entry,)), ADMIN)
    assert not desk.calendar.is_open("KC-MANADO", christmas)


async def test_what_changed_meanwhile_is_not_changed_unseen(desk: Desk) -> None:
    seen = await stamp(desk)
    await change(desk, closed(TUESDAY))

    with pytest.raises(Refused, match=r"kalender\.berubah"):
        await change(desk, closed(date(2026, 11, 26)), seen=seen)
    assert len(await held(desk)) == 1


async def test_a_national_change_meanwhile_counts_for_a_branch(desk: Desk) -> None:
    seen = await stamp(desk)
    await change(desk, holiday(date(2026, 12, 9), "public"), ADMIN)

    with pytest.raises(Refused, match=r"kalender\.berubah"):
        await change(desk, closed(TUESDAY), seen=seen)


async def test_a_branch_s_change_meanwhile_counts_for_no_other_calendar(desk: Desk) -> None:
    everywhere, tondano = await stamp(desk, EVERYWHERE), await stamp(desk, "KC-TONDANO")
    await change(desk, closed(TUESDAY))

    await change(desk, closed(TUESDAY, place="KC-TONDANO"), HENKY, seen=tondano)
    await change(desk, holiday(date(2026, 12, 9), "public"), ADMIN, seen=everywhere)
    assert len(await held(desk)) == 3


async def test_the_same_change_sent_twice_is_made_once(desk: Desk) -> None:
    desk.clock.at = MONDAY_NIGHT
    number = (await desk.file()).number
    seen = await stamp(desk)
    await change(desk, closed(TUESDAY), seen=seen)
    assert await try_change(desk, closed(TUESDAY), seen=seen) is None

    assert len(await held(desk)) == 1
    assert await desk.trail("KC-MANADO") == ["calendar_changed"]
    desk.clock.at += NOTICE
    assert await notices(desk) == [number]


async def test_of_two_heads_at_once_one_is_refused(desk: Desk) -> None:
    seen = await stamp(desk)
    days = [date(2026, 12, day) for day in (1, 2, 3, 4)]
    tries = [change(desk, closed(day), seen=seen) for day in days]

    results = await asyncio.gather(*tries, return_exceptions=True)

    lost = [one for one in results if isinstance(one, Refused)]
    assert len(lost) == len(days) - 1
    assert {one.key for one in lost} == {"kalender.berubah"}
    assert len(await held(desk)) == 1


@pytest.mark.parametrize("officer", [RINA, SARI, HENKY, IDA, TIO], ids=lambda one: one.id)
async def test_only_who_is_responsible_may_change(desk: Desk, officer: Officer) -> None:
    with pytest.raises(NotFound):
        await change(desk, closed(TUESDAY), officer)
    assert await held(desk) == []


@pytest.mark.parametrize("officer", [BENNY, WATI, ADMIN], ids=lambda one: one.id)
async def test_the_head_of_a_branch_and_who_is_above_may(desk: Desk, officer: Officer) -> None:
    await change(desk, closed(TUESDAY), officer)
    assert len(await held(desk)) == 1


@pytest.mark.parametrize("officer", [RINA, BENNY, WATI, TIO], ids=lambda one: one.id)
async def test_national_days_are_head_office_s_alone(desk: Desk, officer: Officer) -> None:
    with pytest.raises(NotFound):
        await change(desk, holiday(TUESDAY, "none"), officer)
    entry = Entry("KC-MANADO", "holiday", TUESDAY, TUESDAY, name="Natal", holiday="none")
    with pytest.raises((NotFound, Refused)):
        await change(desk, Edit("KC-MANADO", "x", add=(entry,)), officer)
    assert await held(desk) == []


async def test_a_head_neither_opens_on_a_national_day_nor_moves_the_zone(desk: Desk) -> None:
    day = date(2026, 12, 25)
    entry = Entry("KC-MANADO", "open", day, day, hours=(EIGHT_TO_FIVE,), name="x", on_holidays=True)
    zone = Entry("KC-MANADO", "zone", day, zone="Asia/Jakarta")
    for one in (entry, zone):
        with pytest.raises(Refused, match=r"kalender\.hanya_pusat"):
            await change(desk, Edit("KC-MANADO", "perlu", add=(one,)))
        await change(desk, Edit("KC-MANADO", "perlu", add=(one,)), ADMIN)

    assert desk.calendar.is_open("KC-MANADO", datetime(2026, 12, 25, 2, 0, tzinfo=UTC))
    assert desk.calendar.branches["KC-MANADO"].zone.key == "Asia/Jakarta"
    assert desk.calendar.weekly_hours("KC-MANADO") == "Senin-Jumat, 08.00-17.00 WIB"


async def test_two_closures_of_one_day_are_refused(desk: Desk) -> None:
    await change(desk, closed(TUESDAY, date(2026, 11, 26)))

    with pytest.raises(Refused) as refused:
        await change(desk, closed(date(2026, 11, 26), date(2026, 11, 27)))
    assert refused.value.values == {
        "name": "listrik padam",
        "first": TUESDAY,
        "last": date(2026, 11, 26),
    }


@pytest.mark.parametrize(
    "edit",
    [
        closed(TUESDAY, date(2029, 1, 1)),
        Edit(
            "KC-MANADO", "x", add=(Entry("KC-MANADO", "week", TUESDAY, hours=((),) * 7, name="x"),)
        ),
    ],
    ids=["for years", "no day of the week"],
)
async def test_a_branch_that_would_never_open_is_refused(desk: Desk, edit: Edit) -> None:
    with pytest.raises(Refused, match=r"kalender\.tak_pernah_buka"):
        await change(desk, edit)


async def test_special_hours_give_way_to_a_closure_whenever_that_was_entered(desk: Desk) -> None:
    await change(desk, closed(TUESDAY))
    week = ((480, 810),)
    ramadan = Entry(
        "KC-MANADO",
        "special",
        date(2026, 11, 23),
        date(2026, 11, 30),
        hours=(week,) * 5 + ((), ()),
        name="jam Ramadan",
    )
    await change(desk, Edit("KC-MANADO", "jam Ramadan", add=(ramadan,)))

    calendar = desk.calendar
    assert not calendar.is_open("KC-MANADO", TUESDAY_EIGHT)
    wednesday = calendar.explain("KC-MANADO", WEDNESDAY_EIGHT)
    assert wednesday.reason == "dalam jam layanan (jam Ramadan)"
    assert wednesday.closes_at == datetime(2026, 11, 25, 5, 30, tzinfo=UTC)
    assert calendar.weekly_hours("KC-MANADO") == "Senin-Jumat, 08.00-17.00 WITA"
    said = [calendar.hours_on("KC-MANADO", TUESDAY, language) for language in ("id", "en")]
    assert said == [
        "Senin-Jumat, 08.00-13.30 WITA (jam Ramadan, sampai 30 November 2026)",
        "Monday-Friday, 08:00-13:30 WITA (jam Ramadan, until 30 November 2026)",
    ]
    shut = calendar.explain("KC-MANADO", TUESDAY_EIGHT).why
    assert shut == {
        "id": "penutupan sementara: listrik padam",
        "en": "temporary closure, listrik padam",
    }


async def test_a_new_week_holds_from_its_day_on_and_the_old_one_before(desk: Desk) -> None:
    week = (((540, 900),),) * 5 + ((), ())
    entry = Entry("KC-MANADO", "week", TUESDAY, hours=week)

    await change(desk, Edit("KC-MANADO", "jam baru", add=(entry,)))

    calendar = desk.calendar
    assert calendar.weekly_hours("KC-MANADO") == "Senin-Jumat, 09.00-15.00 WITA"
    assert calendar.open_minutes("KC-MANADO", MONDAY_TEN, MONDAY_NIGHT) == 420
    assert not calendar.is_open("KC-MANADO", TUESDAY_EIGHT)


async def test_what_held_before_stays_in_the_store(desk: Desk) -> None:
    await change(desk, closed(TUESDAY))
    [entry] = await held(desk)
    await change(desk, Edit("KC-MANADO", "salah tanggal", remove=(entry,)))

    rows = await desk.all("calendar_changes", place="KC-MANADO", limit=9)
    told = [(row["officer"], row["name"], row["reason"]) for row in rows]
    assert told == [("benny", "Benny W.", "salah tanggal"), ("benny", "Benny W.", "listrik padam")]
    assert await desk.trail("KC-MANADO") == ["calendar_changed"] * 2


async def test_another_process_follows_and_mends_what_it_promised_meanwhile(desk: Desk) -> None:
    desk.clock.at = MONDAY_NIGHT
    other = Calendar(FACTS, WEEK)
    await change(desk, closed(TUESDAY))
    here, desk.calendar = desk.calendar, other
    number = (await desk.file()).number  # by a process that has not heard of it
    filed = await desk.request(number)
    terms: Any = {"now": desk.clock.at, "notice": NOTICE}

    assert await calendar_watch.follow_and_mend(desk.store, other, **terms)
    assert not await calendar_watch.follow_and_mend(desk.store, other, **terms)
    assert not other.is_open("KC-MANADO", TUESDAY_EIGHT)
    assert (await desk.request(number)).due_at == filed.due_at + 86_400_000_000
    desk.clock.at += NOTICE
    assert await notices(desk) == [number]
    assert await renewed(desk, number) == here.next_opening("KC-MANADO", MONDAY_NIGHT)
    assert await desk.do(calendar_watch.keep_promises, calendar=here, notice=NOTICE) == 0
