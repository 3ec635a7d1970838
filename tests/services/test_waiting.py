"""Who waits: the range that is told, and what is told again, when, and how often."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from data.opening_hours import HoursRule
from data.store import Tx
from forms.language import words
from services import endings, estimates, queue, waiting
from services.estimates import Rules
from services.hours import Calendar
from tests.desk import (
    BENNY,
    CALENDAR,
    CHAT,
    DIMAS,
    FACTS,
    MANADO,
    MONDAY_NIGHT,
    MONDAY_TEN,
    RINA,
    TONDANO,
    WEEK,
    Desk,
)

WAITS = Rules()
MINUTE = timedelta(minutes=1)


def told(wait: float, at: datetime = MONDAY_TEN, calendar: Calendar = CALENDAR) -> str:
    found = estimates.span(MANADO.id, wait * MINUTE, now=at, calendar=calendar, rules=WAITS)
    return words(found.words)


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        (1, "10.00-10.20 WITA"),
        (50, "10.40-11.10 WITA"),
        (100, "11.20-12.10 WITA"),
        (330, "besok, Selasa, 24 November 2026, mulai 08.00 WITA"),
        (3000, "Jumat, 27 November 2026, mulai 08.00 WITA"),
    ],
)
def test_the_range_is_rounded_and_never_crosses_closing_time(minutes: int, expected: str) -> None:
    assert told(minutes) == expected


def test_on_friday_the_next_day_is_monday_and_not_tomorrow() -> None:
    friday = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert told(60, friday) == "Senin, 23 November 2026, mulai 08.00 WITA"


def test_a_midday_break_is_no_closing_time() -> None:
    broken = HoursRule(
        where=MANADO.id,
        first=date.min,
        last=date.max,
        weekdays=frozenset(range(5)),
        intervals=((8 * 60, 12 * 60), (13 * 60, 17 * 60)),
        on_holidays=False,
        reason="",
    )
    calendar = Calendar(replace(FACTS, hours=(broken,)), WEEK)
    assert told(120, calendar=calendar) == "11.30-13.40 WITA"


def test_english_has_its_own_words() -> None:
    found = estimates.span(MANADO.id, 330 * MINUTE, now=MONDAY_TEN, calendar=CALENDAR, rules=WAITS)
    assert words(found.words, "en") == "tomorrow, Tuesday, 24 November 2026, from 08:00 WITA"


async def serve(desk: Desk, minutes: int, *, service: str = "G") -> None:
    """Rina serves a request in so many minutes."""
    ticket = await desk.file(service=service, chat="web:other")
    await desk.claim(RINA, ticket.number)
    desk.clock.at += minutes * MINUTE
    await desk.do(endings.finish, RINA, ticket.number, outcome="Selesai.")


async def pace(desk: Desk, service: str = "G") -> timedelta | None:
    async with desk.store.read() as tx:
        return await estimates.pace(
            tx, MANADO.id, service, now=desk.clock.at, calendar=CALENDAR, rules=WAITS
        )


async def test_without_history_there_is_no_time(desk: Desk) -> None:
    await serve(desk, 10, service="NP")
    assert await pace(desk) is None


async def test_the_pace_is_the_median_of_the_last_ones_of_the_service(desk: Desk) -> None:
    for minutes in (5, 90, 20):
        await serve(desk, minutes)
    await serve(desk, 1, service="NP")

    assert await pace(desk) == 20 * MINUTE


async def test_the_night_between_taking_and_ending_does_not_count(desk: Desk) -> None:
    desk.clock.at = datetime(2026, 11, 23, 8, 50, tzinfo=UTC)  # 16.50
    ticket = await desk.file()
    await desk.claim(RINA, ticket.number)
    desk.clock.at = datetime(2026, 11, 24, 0, 10, tzinfo=UTC)  # 08.10
    await desk.do(endings.finish, RINA, ticket.number, outcome="Selesai.")

    assert await pace(desk) == 20 * MINUTE


async def test_two_officers_at_work_halve_it(desk: Desk) -> None:
    await serve(desk, 20)
    ticket = await desk.file()
    await desk.claim(DIMAS, ticket.number)
    assert await pace(desk) == 10 * MINUTE

    await desk.do(queue.release, DIMAS, ticket.number)
    assert await pace(desk) == 20 * MINUTE


async def test_what_ended_long_ago_is_no_history(desk: Desk) -> None:
    await serve(desk, 20)
    desk.clock.at += WAITS.history + MINUTE
    assert await pace(desk) is None


async def stand(desk: Desk, number: str) -> waiting.Standing:
    """Ask for the status of *number*, which counts as told."""
    request = await desk.request(number)
    return await desk.do(waiting.standing, request, calendar=CALENDAR, rules=WAITS)


async def look(desk: Desk) -> Sequence[str]:
    """The regular work, now: whom it notifies."""
    async with desk.store.read() as tx:
        moves = await waiting.moved(
            tx, MANADO.id, now=desk.clock.at, calendar=CALENDAR, rules=WAITS
        )
    await desk.store.write(lambda tx: waiting.notify(tx, MANADO.id, moves, now=desk.clock.at))
    return [move.number for move in moves]


async def renew(desk: Desk, number: str) -> str:
    """The turn of a notice: the key of what it says."""

    async def verb(tx: Tx, now: datetime) -> str:
        news = await waiting.renew(tx, CHAT, number, now=now, calendar=CALENDAR, rules=WAITS)
        return news[0] if news else ""

    return await desk.do(verb)


async def queue_of(desk: Desk, length: int) -> str:
    """A queue whose last place is ours; the number there."""
    for n in range(length - 1):
        await desk.file(chat=f"web:ahead{n}")
    number = (await desk.file()).number
    await stand(desk, number)
    return number


async def test_who_reaches_the_second_place_is_told_once(desk: Desk) -> None:
    number = await queue_of(desk, 3)
    await desk.claim_next(BENNY)
    desk.clock.at += WAITS.apart

    assert await look(desk) == [number]
    assert await renew(desk, number) == "antre.maju"
    desk.clock.at += timedelta(hours=1)
    await desk.claim_next(BENNY)
    assert await look(desk) == []
    assert await renew(desk, number) == ""


async def test_nobody_is_told_twice_within_twenty_minutes(desk: Desk) -> None:
    number = await queue_of(desk, 3)
    await desk.claim_next(BENNY)
    desk.clock.at += WAITS.apart - MINUTE

    assert await look(desk) == []
    assert await renew(desk, number) == ""


async def test_a_later_time_is_told_when_it_moved_by_more_than_half_an_hour(desk: Desk) -> None:
    await serve(desk, 20)
    number = await queue_of(desk, 2)
    desk.clock.at += 30 * MINUTE
    assert await look(desk) == []
    desk.clock.at += 10 * MINUTE

    assert await look(desk) == [number]
    assert await renew(desk, number) == "antre.mundur"
    assert await renew(desk, number) == ""


async def test_a_time_on_another_day_holds_all_that_day(desk: Desk) -> None:
    await serve(desk, 200)
    number = await queue_of(desk, 3)
    standing = await stand(desk, number)
    assert standing.estimate
    assert standing.estimate.opens
    desk.clock.at += timedelta(hours=2)

    assert await look(desk) == []


async def test_nobody_is_told_while_the_branch_is_shut(desk: Desk) -> None:
    number = await queue_of(desk, 3)
    await desk.claim_next(BENNY)
    desk.clock.at = MONDAY_NIGHT

    assert await look(desk) == []
    assert (await stand(desk, number)).estimate is None


async def test_what_no_longer_holds_when_the_turn_comes_is_not_said(desk: Desk) -> None:
    number = await queue_of(desk, 3)
    taken = await desk.claim_next(BENNY)
    assert taken
    desk.clock.at += WAITS.apart
    await look(desk)
    await desk.do(queue.release, BENNY, taken.number)
    assert await renew(desk, number) == ""

    await desk.claim(RINA, number)
    assert await renew(desk, number) == ""


async def test_two_processes_that_notice_it_tell_it_once(desk: Desk) -> None:
    number = await queue_of(desk, 3)
    await desk.claim_next(BENNY)
    desk.clock.at += WAITS.apart
    await look(desk)
    desk.clock.at += timedelta(microseconds=1)
    await look(desk)

    notices = [event for event in await desk.told() if event.action == waiting.MOVED]
    assert [event.ticket for event in notices] == [number]


async def test_a_place_at_another_branch_is_measured_there(desk: Desk) -> None:
    await serve(desk, 20)
    number = (await desk.file()).number
    assert (await stand(desk, number)).estimate
    await desk.do(queue.transfer, BENNY, number, to=TONDANO, reason="Alamat", calendar=CALENDAR)

    assert (await stand(desk, number)).estimate is None
