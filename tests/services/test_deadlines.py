"""Deadlines: open minutes on the branch's calendar, and the order of the queue that follows."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from data.instants import from_us
from data.opening_hours import HoursRule
from data.service_levels import Level, ServiceLevels, read_service_levels
from data.store import Tx
from data.table import Problems
from services import deadlines, endings, queue, reopening
from services.hours import Calendar, NeverOpen, ordinary_week
from tests.desk import BENNY, CALENDAR, FACTS, MANADO, MONDAY_TEN, RINA, TONDANO, WEEK, Desk

HOUR = timedelta(hours=1)
HALF_DAY = HoursRule(
    where=MANADO.id,
    first=date(2026, 11, 23),
    last=date(2026, 11, 23),
    weekdays=frozenset(range(7)),
    intervals=((8 * 60, 12 * 60),),
    on_holidays=False,
    reason="pelatihan petugas",
)


def levels(**own: int) -> Calendar:
    """The calendar with other service levels, in minutes."""
    given = {service: Level(minutes, 60) for service, minutes in own.items()}
    return Calendar(replace(FACTS, service_levels=ServiceLevels(Level(540, 60), given)), WEEK)


@pytest.mark.parametrize(
    ("since", "hours", "expected"),
    [
        ("2026-11-23T10:00", 4, "2026-11-23T14:00"),
        ("2026-11-23T10:00", 7, "2026-11-23T17:00"),
        ("2026-11-23T16:00", 4, "2026-11-24T11:00"),
        ("2026-11-20T20:00", 1, "2026-11-23T09:00"),
        ("2026-12-23T16:30", 1, "2026-12-28T08:30"),
    ],
)
def test_only_open_time_counts(since: str, hours: int, expected: str) -> None:
    begun = datetime.fromisoformat(since + "+08:00")
    ends = CALENDAR.after(MANADO.id, begun.astimezone(UTC), hours * HOUR)

    assert ends.isoformat(timespec="minutes") == f"{expected}+08:00"
    assert CALENDAR.open_time(MANADO.id, begun, ends) == hours * HOUR


def test_a_branch_that_is_never_open_has_no_deadline() -> None:
    shut = Calendar(FACTS, ordinary_week(time(8), time(9), ()))
    with pytest.raises(NeverOpen):
        shut.after(MANADO.id, MONDAY_TEN, HOUR)


async def test_a_request_is_due_after_the_open_minutes_of_its_service(desk: Desk) -> None:
    moved, other = await desk.file(), await desk.file(service="Z")
    urgent = await desk.file(service="Z", urgent=True)
    due = [from_us((await desk.request(ticket.number)).due_at) for ticket in (moved, other, urgent)]

    assert due == [
        MONDAY_TEN + timedelta(minutes=240),
        datetime(2026, 11, 24, 2, 0, tzinfo=UTC),  # nine open hours are one working day
        MONDAY_TEN + timedelta(minutes=60),
    ]


async def test_the_sooner_deadline_goes_before_the_longer_wait(desk: Desk) -> None:
    calendar = levels(G=540, NP=60)
    await desk.file(calendar=calendar)
    desk.clock.at += timedelta(minutes=5)
    short = await desk.file(service="NP", calendar=calendar)
    urgent = await desk.file(urgent=True, calendar=calendar)

    assert await desk.place(short.number) == 2  # after the urgent one
    taken = [await desk.claim_next(RINA) for _ in range(3)]

    assert [request.number for request in taken if request] == [
        urgent.number,
        short.number,
        "MND-G-0001",
    ]


async def test_a_transfer_plans_on_the_other_branchs_calendar(desk: Desk) -> None:
    ticket = await desk.file()
    calendar = Calendar(replace(FACTS, hours=(replace(HALF_DAY, where=TONDANO.id),)), WEEK)
    after = await desk.do(
        queue.transfer, BENNY, ticket.number, to=TONDANO, reason="Alamat", calendar=calendar
    )

    stored = await desk.request(ticket.number)
    assert from_us(after.due_at) == datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    assert stored.due_at == after.due_at


async def test_a_reopened_request_keeps_the_time_that_it_has_waited(desk: Desk) -> None:
    ticket = await desk.file()
    before = (await desk.request(ticket.number)).due_at
    await desk.claim(RINA, ticket.number)
    await desk.do(endings.finish, RINA, ticket.number, outcome="Selesai.")
    desk.clock.at += timedelta(days=1)
    await desk.file()
    await desk.do(reopening.reopen, BENNY, ticket.number, reason="Keliru", calendar=CALENDAR)
    taken = await desk.claim_next(RINA)

    assert taken
    assert (taken.number, taken.due_at) == (ticket.number, before)


async def test_a_changed_calendar_moves_open_requests_of_its_branch_only(desk: Desk) -> None:
    waiting, held, ended = [await desk.file() for _ in range(3)]
    elsewhere = await desk.file(branch=TONDANO)
    await desk.claim(RINA, held.number)
    await desk.claim(BENNY, ended.number)
    await desk.do(endings.finish, BENNY, ended.number, outcome="Selesai.")
    calendar = Calendar(replace(FACTS, hours=(HALF_DAY,)), WEEK)

    moved = await desk.do(_replan, calendar=calendar)
    again = await desk.do(_replan, calendar=calendar)

    tomorrow = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    assert {one.number for one in moved} == {waiting.number, held.number}
    assert {from_us(one.after) for one in moved} == {tomorrow}
    assert [from_us((await desk.request(t.number)).due_at) for t in (waiting, held)] == [
        tomorrow,
        tomorrow,
    ]
    for ticket in (ended, elsewhere):
        assert from_us((await desk.request(ticket.number)).due_at) == MONDAY_TEN + 4 * HOUR
    assert again == []


async def test_an_hour_that_is_gone_is_planned_and_told_to_nobody(desk: Desk) -> None:
    ticket = await desk.file()
    desk.clock.at += timedelta(days=7)
    moved = await desk.do(_replan, calendar=Calendar(replace(FACTS, hours=(HALF_DAY,)), WEEK))

    assert moved == []
    assert from_us((await desk.request(ticket.number)).due_at) != MONDAY_TEN + 4 * HOUR


async def _replan(tx: Tx, now: datetime, calendar: Calendar) -> Sequence[deadlines.Moved]:
    return await deadlines.replan(tx, MANADO.id, now, calendar)


def test_what_is_wrong_in_the_table_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "service_levels.csv"
    file.write_text(
        "service,minutes,urgent_minutes,source,as_of\n"
        "G,soon,60,OWN,2026-11-29\nG,0,60,OWN,yesterday\n"
    )
    problems = Problems()
    read_service_levels(file, problems)

    assert problems.found == [
        "service_levels.csv:2: minutes soon must be a whole number of open minutes, at least 1",
        "service_levels.csv:3: service G is listed twice; remove one line",
        "service_levels.csv:3: minutes 0 must be a whole number of open minutes, at least 1",
        "service_levels.csv:3: as_of yesterday is no date; write it like 2026-12-24",
        "service_levels.csv: no line for *, all other services; add one",
    ]
