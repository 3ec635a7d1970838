"""The calendar in words: how today is at a branch, and what a change leads to."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import msgspec

from data.opening_hours import EVERYWHERE, Interval
from forms.language import words
from forms.wording import clock, day_name, month_name
from services.calendar_changes import Consequence
from services.calendar_entries import Edit
from services.hours import Calendar, NeverOpen
from services.hours_words import say_hours
from services.opening_days import Day
from services.promises import Moved

LOOKED_AHEAD = timedelta(days=90)
"""How far ahead a change without an end is compared day by day."""


class Today(msgspec.Struct, frozen=True):
    """A branch today: *said* in words; *good* unless nobody could be served there at all."""

    said: str
    good: bool


def today(calendar: Calendar, branch: str, now: datetime) -> Today:
    """``buka 08.00-17.00 WITA``, or why it is closed and when it opens."""
    zone = calendar.branches[branch].zone
    local = now.astimezone(zone)
    try:
        opens = calendar.next_opening(branch, now)
    except NeverOpen:
        return Today("belum ada jam layanan", good=False)
    day = calendar.day(branch, local.date())
    if day.intervals:
        note = f" ({words(day.note)})" if day.note else ""
        return Today(f"buka {say_hours(day.intervals)} {local.tzname()}{note}", good=True)
    return Today(f"tutup ({words(day.note)}). Buka lagi {when(opens)}", good=True)


def short_date(day: date) -> str:
    """``Selasa 24 Nov``."""
    return f"{day_name(day)} {day.day} {month_name(day.month)[:3]}"


def when(at: datetime) -> str:
    """``Rabu 25 Nov 08.00 WITA``."""
    return f"{short_date(at.date())} {clock(at)}"


def hours_of(day: Day) -> str:
    """``08.00-12.00 dan 13.00-17.00``, or that it is closed."""
    return say_hours(day.intervals) or "tutup"


def told(found: Consequence, before: Calendar, now: datetime) -> Iterator[str]:
    """Everything that the change leads to, a sentence each."""
    edit, after = found.edit, found.after
    if edit.place == EVERYWHERE:
        yield from _national(edit, before, after, now)
    else:
        yield from _days(edit, before, after, now)
    yield from _moves(found, now)
    if found.people:
        yield f"{found.people} peserta dikabari."
    else:
        yield "Tidak ada peserta yang perlu dikabari."


def _national(edit: Edit, before: Calendar, after: Calendar, now: datetime) -> Iterator[str]:
    years = {now.year, now.year + 1, *(entry.first.year for entry in edit.add)}
    changed = False
    for year in sorted(years):
        old, new = before.holidays(year), after.holidays(year)
        for day in sorted({*old, *new}):
            if old.get(day) != new.get(day):
                changed = True
                said = f"libur di semua cabang ({new[day]})" if day in new else "hari kerja"
                yield f"{short_date(day)} {day.year} jadi {said}."
    if not changed:
        yield "Tidak ada hari yang berubah."


def _days(edit: Edit, before: Calendar, after: Calendar, now: datetime) -> Iterator[str]:
    """Days that change, those with the same new hours in one sentence."""
    place = edit.place
    old, new = before.weekly_hours(place), after.weekly_hours(place)
    if old != new:
        ahead = next((f" mulai {short_date(one.first)}" for one in edit.add), "")
        yield f"Jam biasa jadi {new}{ahead}. Sebelumnya {old}."
        return
    first = now.astimezone(after.branches[place].zone).date()
    spans: dict[tuple[Interval, ...], list[date]] = {}
    for n in range(_ahead(edit, before, first).days + 1):
        day = first + timedelta(days=n)
        made = after.day(place, day).intervals
        if made != before.day(place, day).intervals:
            spans.setdefault(made, []).append(day)
    if not spans:
        yield "Tidak ada hari yang berubah."
    for intervals, days in spans.items():
        said = f"jadi buka {say_hours(intervals)}" if intervals else "jadi tutup"
        yield f"{_span(days)} {said}."


def _ahead(edit: Edit, before: Calendar, first: date) -> timedelta:
    """How long the days must be compared: to the end of what changes, if it has one."""
    held = before.entries.held
    entries = [*edit.add, *(held[one] for one in edit.remove if one in held)]
    last = max((entry.last for entry in entries), default=first)
    return LOOKED_AHEAD if last == date.max else max(last - first, timedelta())


def _span(days: list[date]) -> str:
    first, last = days[0], days[-1]
    if first == last:
        return short_date(first)
    whole = len(days) == (last - first).days + 1
    count = "" if whole else f" ({len(days)} hari)"
    return f"{short_date(first)} sampai {short_date(last)}{count}"


def _moves(found: Consequence, now: datetime) -> Iterator[str]:
    """Where the requests go whose participants were told another time."""
    counts = Counter(_way(found.after, move, now) for move in found.moved)
    for (was, opens), count in counts.items():
        yield f"{count} permintaan {was} {opens}."


def _way(calendar: Calendar, move: Moved, now: datetime) -> tuple[str, str]:
    zone = calendar.branches[move.branch].zone
    was = (
        f"yang dijanjikan {when(move.was.astimezone(zone))}" if move.was > now else "yang menunggu"
    )
    opens = "dilayani hari ini" if move.opens <= now else f"pindah ke {when(move.opens)}"
    return was, opens
