"""Opening hours in words, as participants and officers read them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Final

from data.opening_hours import Interval
from forms.language import Words, words
from forms.wording import DAYS, hour
from services.opening_days import Day

IN_HOURS: Final = {"id": "dalam jam layanan", "en": "within office hours"}
BEFORE: Final = {"id": "sebelum jam buka", "en": "before opening time"}
AFTER: Final = {"id": "sesudah jam tutup", "en": "after closing time"}
MIDDAY: Final = {"id": "jam istirahat", "en": "midday break"}


def why(day: Day, local: datetime, is_open: bool) -> Words:
    """Why a branch is open or shut at *local* on *day*, in all languages."""
    if not day.intervals:
        return day.note
    minute = local.hour * 60 + local.minute
    if is_open:
        reason = IN_HOURS
    elif minute < day.intervals[0][0]:
        reason = BEFORE
    elif minute >= day.intervals[-1][1]:
        reason = AFTER
    else:
        reason = MIDDAY
    note = {key: f" ({words(day.note, key)})" if day.note else "" for key in reason}
    return {key: f"{text}{note[key]}" for key, text in reason.items()}


def say_week(weeks: Sequence[tuple[Interval, ...]], zone: tzinfo, language: str = "id") -> str:
    """``Senin-Kamis, 08.00-12.00 dan 13.00-17.00 WITA``: runs of days with the same hours.

    *weeks* are the hours from Monday on; '' when all are shut.
    """
    runs = say_days(weeks, language)
    return f"{runs} {datetime(2000, 1, 1, tzinfo=zone).tzname()}" if runs else ""


def say_days(weeks: Sequence[tuple[Interval, ...]], language: str = "id") -> str:
    """As `say_week`, without the zone."""
    return "; ".join(_runs(weeks, language))


def say_hours(intervals: tuple[Interval, ...], language: str = "id") -> str:
    """``08.00-12.00 dan 13.00-17.00``."""
    between = " and " if language == "en" else " dan "
    return between.join(f"{hour(a, language)}-{hour(b, language)}" for a, b in intervals)


def _runs(weeks: Sequence[tuple[Interval, ...]], language: str) -> Iterator[str]:
    first = 0
    for weekday in range(1, 8):
        if weekday < 7 and weeks[weekday] == weeks[first]:
            continue
        if weeks[first]:
            last = weekday - 1
            names = DAYS[language]
            days = names[first] if last == first else f"{names[first]}-{names[last]}"
            yield f"{days}, {say_hours(weeks[first], language)}"
        first = weekday
