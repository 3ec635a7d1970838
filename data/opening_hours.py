"""Opening hours as data: the rules of hours.csv and our corrections of the national calendar.

Rules are read like a firewall's: for a given branch and day the last line that fits decides.
"""

import re
from collections.abc import Collection
from datetime import date
from pathlib import Path

import msgspec

from data.table import Problems, Row, nearest, read_rows

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EVERYWHERE = "*"

Interval = tuple[int, int]
"""Open from the first to before the second, in minutes since local midnight."""


class HoursRule(msgspec.Struct, frozen=True):
    """Hours on the days it fits; no *intervals* means closed.

    *where* is a branch id, a province code or ``*``; *first* and *last* bound the days and are
    both inside; *weekdays* count from Monday 0; *on_holidays* lets the hours hold on national
    holidays too; *reason* are words for the participant, in Indonesian or by language, '' for plain
    weekly hours.
    """

    where: str
    first: date
    last: date
    weekdays: frozenset[int]
    intervals: tuple[Interval, ...]
    on_holidays: bool
    reason: str | dict[str, str]

    @property
    def is_weekly(self) -> bool:
        """Whether it holds with no end in sight: the ordinary week."""
        return self.last == date.max

    def fits(self, day: date) -> bool:
        return self.first <= day <= self.last and day.weekday() in self.weekdays


class HolidayChange(msgspec.Struct, frozen=True):
    """What a date is according to a decree, where package holidays says something else.

    *kind* is ``public``, ``joint`` (cuti bersama) or ``none`` (an ordinary day).
    """

    day: date
    kind: str
    name: str


def read_hours(path: Path, places: Collection[str], problems: Problems) -> tuple[HoursRule, ...]:
    """The rules of hours.csv in their order; *places* are the known branch ids and provinces."""
    columns = (
        *("where", "first_day", "last_day", "days", "hours"),
        *("on_holidays", "reason", "source", "as_of"),
    )
    optional = ("first_day", "last_day", "days", "reason")
    rows = read_rows(path, columns, problems, may_be_empty=optional)
    return tuple(rule for row in rows if (rule := _rule(row, places)))


def _rule(row: Row, places: Collection[str]) -> HoursRule | None:
    noted = len(row.problems.found)
    if row["where"] != EVERYWHERE and row["where"] not in places:
        row.wrong(
            f"where {row['where']} is no branch, province or *{nearest(row['where'], places)}"
        )
    first, last = _day(row, "first_day", date.min), _day(row, "last_day", date.max)
    if first > last:
        row.wrong(f"first_day {first} is after last_day {last}; swap them")
    if row["on_holidays"] not in {"yes", "no"}:
        row.wrong(f"on_holidays {row['on_holidays']} must be yes or no")
    dated = row["first_day"] or row["last_day"]
    if dated and not row["reason"]:
        row.wrong("reason is empty; say in Indonesian why these days differ")
    _day(row, "as_of", date.min)
    rule = HoursRule(
        where=row["where"],
        first=first,
        last=last,
        weekdays=_weekdays(row),
        intervals=_intervals(row),
        on_holidays=row["on_holidays"] == "yes",
        reason=row["reason"],
    )
    return rule if len(row.problems.found) == noted else None


def _day(row: Row, column: str, missing: date) -> date:
    if not row[column]:
        return missing
    try:
        return date.fromisoformat(row[column])
    except ValueError:
        row.wrong(f"{column} {row[column]} is no date; write it like 2026-12-24")
        return missing


def _weekdays(row: Row) -> frozenset[int]:
    """``Mon-Fri``, ``Mon Wed``, ``Mon-Thu Sat``; empty is every day."""
    found: set[int] = set()
    for part in row["days"].split():
        ends = part.split("-")
        unknown = [end for end in ends if end not in WEEKDAYS]
        if unknown or len(ends) > 2:
            row.wrong(f"days {part} is not known; write it like Mon-Fri or Sat")
            continue
        first, last = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1])
        if first > last:
            row.wrong(f"days {part} runs backwards; write two parts like Sat Mon-Wed")
        found.update(range(first, last + 1))
    return frozenset(found or range(7))


def _intervals(row: Row) -> tuple[Interval, ...]:
    """``08:00-12:00 13:00-17:00`` or ``closed``."""
    if row["hours"] == "closed":
        return ()
    found: list[Interval] = []
    for part in row["hours"].split():
        clock = r"([01]\d|2[0-3]):([0-5]\d)"
        match = re.fullmatch(f"{clock}-(?:{clock}|24:00)", part)
        if not match:
            row.wrong(f"hours {part} is not known; write it like 08:00-17:00, or closed")
            continue
        opens = int(match[1]) * 60 + int(match[2])
        closes = int(match[3]) * 60 + int(match[4]) if match[3] else 24 * 60
        if closes <= opens:
            row.wrong(f"hours {part} end before they begin; split them at midnight")
        elif found and opens <= found[-1][1]:
            row.wrong(f"hours {part} do not come after the interval before; sort and join them")
        found.append((opens, closes))
    return tuple(found)


def read_holiday_changes(path: Path, problems: Problems) -> dict[date, HolidayChange]:
    """The corrections of holiday_changes.csv by date; the last line of a date holds."""
    rows = read_rows(path, ("date", "kind", "name", "source", "as_of"), problems)
    return {change.day: change for change in map(_holiday, rows)}


def read_decree(path: Path, problems: Problems) -> dict[date, HolidayChange]:
    """The days of a decree by date, of a file with at least ``date, kind, name``."""
    found: dict[date, HolidayChange] = {}
    for row in read_rows(path, ("date", "kind", "name"), problems):
        change = _holiday(row)
        if change.day in found:
            row.wrong(f"date {row['date']} is there twice; remove one line")
        found[change.day] = change
    if not (found or problems.found):
        problems.add(path, 0, "no day in it; nothing to change")
    return found


def _holiday(row: Row) -> HolidayChange:
    if row["kind"] not in {"public", "joint", "none"}:
        row.wrong(f"kind {row['kind']} must be public, joint or none")
    return HolidayChange(_day(row, "date", date.min), row["kind"], row["name"])
