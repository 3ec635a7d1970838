"""Figures of a branch: waits, handling and answers in open minutes, backlog, forms left behind."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from data.instants import from_us, to_us
from data.store import Row, Tx
from services import officers
from services.figure_sums import HOUR, HOURS_A_DAY, Line, lines, summed
from services.officers import Officer


class Waiting(msgspec.Struct, frozen=True):
    """What waits of a service: how many, since when the first, how many past their deadline."""

    service: str
    waiting: int
    oldest: int
    late: int


class Left(msgspec.Struct, frozen=True):
    """How many stopped at a question: their drafts expired, or they cancelled."""

    service: str
    step: str
    expired: int
    cancelled: int


class Figures(msgspec.Struct, frozen=True):
    """A branch in some days. *hours* are requests filed by weekday (from Monday) and hour.

    *at_hours* are lines by the hour of the day at which requests were filed, such as ``09``.
    """

    total: Line
    services: Sequence[Line]
    officers: Sequence[Line]
    at_hours: Sequence[Line]
    hours: Sequence[Sequence[int]]
    filed: Mapping[date, int]
    ended: Mapping[date, int]
    left: Sequence[Left]


class Now(msgspec.Struct, frozen=True):
    """A branch at this moment."""

    waiting: Sequence[Waiting]
    held: int

    @property
    def count(self) -> int:
        return sum(one.waiting for one in self.waiting)

    @property
    def late(self) -> int:
        return sum(one.late for one in self.waiting)

    @property
    def oldest(self) -> int | None:
        return min((one.oldest for one in self.waiting), default=None)


class Branch(msgspec.Struct, frozen=True):
    """One of several branches, in some days and now."""

    branch: str
    ended: int
    done: int
    refused: int
    wait: int | None
    wait_longest: int | None
    handling: int | None
    waiting: int
    late: int
    held: int


async def of_branch(
    tx: Tx, officer: Officer, branch: str, *, since: int, until: int, zone: ZoneInfo
) -> Figures:
    """Figures of what ended, was filed and was left from *since* to *until* (microseconds)."""
    officers.check(officer, "measure", branch)
    asked = {"branch": branch, "since": since, "until": until, "viewer": officer.id}
    rows = await tx.all("figures_ended", **asked)
    filed = await tx.all("figures_filed", **asked)
    left = await tx.all("figures_left", **asked)
    shift = _shift(zone, since)
    total, services, people, at_hours = summed(rows, shift)
    return Figures(
        total=total.line(""),
        services=lines(services),
        officers=lines(people),
        at_hours=lines(at_hours),
        hours=_by_hour(filed, shift),
        filed=_by_day((row["hour"], row["filed"]) for row in _numbers(filed, shift)),
        ended=_by_day((row["ended_at"] // HOUR + shift, 1) for row in rows),
        left=_left(left),
    )


async def now(tx: Tx, officer: Officer, branch: str, at: datetime) -> Now:
    """What waits and is in work at *branch*, everywhere in the officer's scope for ''."""
    officers.check(officer, "measure", branch or None)
    asked = {"branch": branch, "viewer": officer.id}
    waiting = await tx.all("figures_waiting", now=to_us(at), **asked)
    held = await tx.all("figures_held", **asked)
    return Now(_waiting(waiting), sum(row["held"] for row in held))


async def of_branches(
    tx: Tx, officer: Officer, *, since: int, until: int, at: datetime
) -> Sequence[Branch]:
    """A line for each branch of the officer where anything ended or is open, by their names."""
    officers.check(officer, "measure")
    ended = {
        row["branch"]: row
        for row in await tx.all("figures_branches", since=since, until=until, viewer=officer.id)
    }
    waiting: dict[str, list[Row]] = defaultdict(list)
    for row in await tx.all("figures_waiting", now=to_us(at), branch="", viewer=officer.id):
        waiting[row["branch"]].append(row)
    held = {
        row["branch"]: row["held"]
        for row in await tx.all("figures_held", branch="", viewer=officer.id)
    }
    return [
        _branch(name, ended.get(name), _waiting(waiting.get(name, ())), held.get(name, 0))
        for name in sorted({*ended, *waiting, *held})
    ]


async def any_yet(tx: Tx, officer: Officer) -> bool:
    """Whether anything has ended yet that the officer may measure."""
    return await tx.one("figures_any", viewer=officer.id) is not None


def _branch(name: str, ended: Row | None, waiting: Sequence[Waiting], held: int) -> Branch:
    open_ones = Now(waiting, held)
    known: Mapping[str, Any] = dict(ended or {})
    return Branch(
        branch=name,
        ended=known.get("ended", 0),
        done=known.get("done", 0),
        refused=known.get("refused", 0),
        wait=known.get("wait"),
        wait_longest=known.get("wait_longest"),
        handling=known.get("handling"),
        waiting=open_ones.count,
        late=open_ones.late,
        held=held,
    )


def _waiting(rows: Iterable[Row]) -> Sequence[Waiting]:
    """By service; several branches together."""
    found: dict[str, Waiting] = {}
    for row in rows:
        one = Waiting(row["service"], row["waiting"], row["oldest"], row["late"])
        before = found.get(one.service)
        if before is not None:
            one = Waiting(
                one.service,
                before.waiting + one.waiting,
                min(before.oldest, one.oldest),
                before.late + one.late,
            )
        found[one.service] = one
    return sorted(found.values(), key=lambda one: -one.waiting)


def _left(rows: Iterable[Row]) -> Sequence[Left]:
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in rows:
        counts[row["service"], row["step"]][row["how"]] += row["stopped"]
    found = [
        Left(service, step, how["expired"], how["cancelled"])
        for (service, step), how in counts.items()
    ]
    return sorted(found, key=lambda one: (-one.expired - one.cancelled, one.service, one.step))


def _shift(zone: ZoneInfo, at: int) -> int:
    """Hours that the zone is ahead of UTC: whole ones, and the same all year, in Indonesia."""
    return (from_us(at).astimezone(zone).utcoffset() or timedelta()) // timedelta(hours=1)


def _numbers(rows: Iterable[Row], shift: int) -> list[Mapping[str, int]]:
    """Hours since the epoch in local time, with the number of requests."""
    return [{"hour": int(row["hour"]) + shift, "filed": row["filed"]} for row in rows]


def _by_hour(rows: Iterable[Row], shift: int) -> Sequence[Sequence[int]]:
    found = [[0] * HOURS_A_DAY for _ in range(7)]
    for one in _numbers(rows, shift):
        day, hour = divmod(one["hour"], HOURS_A_DAY)
        found[(day + THURSDAY) % 7][hour] += one["filed"]
    return found


THURSDAY = 3
"""The weekday of the epoch, counted from Monday."""


def _by_day(hours: Iterable[tuple[int, int]]) -> Mapping[date, int]:
    found: Counter[int] = Counter()
    for hour, count in hours:
        found[hour // HOURS_A_DAY] += count
    return {date(1970, 1, 1) + timedelta(days=day): count for day, count in sorted(found.items())}
