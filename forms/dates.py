"""Dates as people write them in Indonesia."""

import re
from calendar import monthrange
from datetime import MAXYEAR, date, timedelta
from typing import NamedTuple

from rapidfuzz.distance import OSA

from forms.choices import NUMBERS
from forms.cleaning import clean, fold
from forms.wording import month_name

SPELLINGS = (
    "januari january jan",
    "februari february pebruari feb peb",
    "maret march mar mrt",
    "april apr",
    "mei may",
    "juni june jun",
    "juli july jul",
    "agustus august agt agst agus ags aug",
    "september sept sep",
    "oktober october okt oct",
    "november nopember nov nop",
    "desember december des dec",
)
MONTH = {spelling: m for m, line in enumerate(SPELLINGS, start=1) for spelling in line.split()}
FILLERS = """
    tanggal tgl tanggalnya bulan bln tahun thn th lahir pada hari ttl
    senin selasa rabu kamis jumat jum at sabtu minggu ahad
    monday tuesday wednesday thursday friday saturday sunday
    born on the of date st nd rd th
"""
DAYS_AGO = {
    **dict.fromkeys(("hari ini", "tadi", "barusan", "tadi pagi", "tadi siang", "today"), 0),
    **dict.fromkeys(("kemarin", "kemaren", "kmrn", "kmaren", "wingi", "tadi malam"), 1),
    **dict.fromkeys(("semalam", "kemarin malam", "kemarin pagi", "yesterday"), 1),
    **dict.fromkeys(("kemarin lusa", "kemarin dulu", "kemaren lusa", "kemaren dulu"), 2),
}
SOME_TIME_AGO = re.compile(
    r"(?:(\w+) |se ?)(hari|hr|minggu|mgg|bulan|bln|tahun|thn|th)(?: yang| yg)? (?:lalu|lewat)"
    r"|(\w+) (day|week|month|year)s? ago"
)
WEEKS = ("minggu", "mgg", "week")
MONTHS = {
    **dict.fromkeys(("bulan", "bln", "month"), 1),
    **dict.fromkeys(("tahun", "thn", "th", "year"), 12),
}
ONE = {"a": 1, "an": 1}
LONGEST = 100
"""No date is written in more characters."""


class Unreadable(ValueError):
    """No date was found."""


class Impossible(ValueError):
    """A date was found that no calendar has; said by `named`."""

    def __init__(self, text: str, day: int, month: int, year: int) -> None:
        super().__init__("impossible date")
        self._text = text
        self._parts = day, month, year

    def named(self, language: str) -> str:
        """``30 Februari``; as it was written where there is no such month."""
        day, month, year = self._parts
        if not 1 <= month <= 12:
            return clean(self._text)
        leap = f" {year}" if (day, month) == (29, 2) else ""
        return f"{day} {month_name(month, language)}{leap}"


class Found(NamedTuple):
    """A date that was read; *doubt* is ``''``, ``year`` (the century or the whole date was
    guessed) or ``order`` (day and month could be the other way round, too).
    """

    date: date
    doubt: str


def find_date(text: str, today: date, ahead: bool = False) -> Found:
    """Read one date out of *text*; raise `Unreadable` or `Impossible`.

    Day before month, as on a KTP. A year of two figures is put into the century that is not in
    the future, seen from *today* (with *ahead*, into the present century).
    """
    text = fold(text)
    if len(text) > LONGEST:
        raise Unreadable
    past = _ago(text, today)
    if past is not None:
        return Found(past, "year")
    day, month, year, guessed = _parts(text)
    full_year = int(year)
    if len(year) == 2:
        full_year += 2000
        if not ahead and (full_year, month, day) > (today.year, today.month, today.day):
            full_year -= 100
    try:
        found = date(full_year, month, day)
    except ValueError:
        raise Impossible(text, day, month, full_year) from None
    if len(year) == 2 and max(day, month) <= 12 and not re.search(r"[^\W\d_]", text):
        return Found(found, "order")
    return Found(found, "year" if len(year) == 2 or guessed else "")


def _ago(text: str, today: date) -> date | None:
    """The day from which *text* counts to today: ``kemarin``, ``2 bulan yang lalu``."""
    if text in DAYS_AGO:
        return today - timedelta(days=DAYS_AGO[text])
    counted = SOME_TIME_AGO.fullmatch(text)
    if counted is None:
        return None
    number, unit = counted[1] or counted[3] or "1", counted[2] or counted[4]
    count = ONE.get(number) or NUMBERS.get(number)
    if count is None:
        return None
    if unit not in MONTHS:
        return today - timedelta(days=count * (7 if unit in WEEKS else 1))
    return months_later(today, -count * MONTHS[unit])


def months_later(day: date, months: int) -> date | None:
    """The same day so many months later, the last one of a month that has no such day.

    None past the end of the calendar.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1] if year <= MAXYEAR else 0
    return date(year, month + 1, min(day.day, last)) if last else None


def _parts(text: str) -> tuple[int, int, str, bool]:
    """Day, month, year as written, and whether the order was guessed."""
    numbers, months = _words(text)
    match numbers, months:
        case [whole], []:
            return _unbroken(whole)
        case [year, day], [month] if len(year) == 4:
            pass
        case [day, year], [month]:
            pass
        case [first, second, third], []:
            return _ordered(first, second, third)
        case _:
            raise Unreadable
    if len(day) > 2 or len(year) not in (2, 4):
        raise Unreadable
    return int(day), month, year, False


def _words(text: str) -> tuple[list[str], list[int]]:
    numbers: list[str] = []
    months: list[int] = []
    for word in re.findall(r"[0-9]+|[^\W\d_]+", text):
        if word[0] in "0123456789":
            numbers.append(word)
        elif word not in FILLERS.split():
            month = _month(word)
            if month:
                months.append(month)
            elif numbers:
                raise Unreadable
            # a word before the first number is the birth place: "Manado, 27-03-1956"
    return numbers, months


def _month(word: str) -> int | None:
    """The month that *word* means: exact, or the only one within a slip (two in a long word)."""
    if word in MONTH:
        return MONTH[word]
    slips = 0 if len(word) < 4 else 1 if len(word) < 6 else 2
    near = {m for spelling, m in MONTH.items() if 0 < OSA.distance(word, spelling) <= slips}
    return near.pop() if len(near) == 1 else None


def _unbroken(whole: str) -> tuple[int, int, str, bool]:
    if len(whole) == 6:
        return int(whole[:2]), int(whole[2:4]), whole[4:], False
    if len(whole) != 8:
        raise Unreadable
    backwards = int(whole[2:4]) > 12 or int(whole[4:]) < 1300
    if backwards and int(whole[4:6]) <= 12:
        # 19560327 and 20121210: from the left they are no dates of our times
        return int(whole[6:]), int(whole[4:6]), whole[:4], False
    return int(whole[:2]), int(whole[2:4]), whole[4:], False


def _ordered(first: str, second: str, third: str) -> tuple[int, int, str, bool]:
    if len(first) == 4 and max(len(second), len(third)) <= 2:
        return int(third), int(second), first, False
    if max(len(first), len(second)) > 2 or len(third) not in (2, 4):
        raise Unreadable
    if len(third) == 2 and int(first) > 31:
        return int(third), int(second), first, True
    if int(second) > 12 >= int(first) > 0:
        return int(second), int(first), third, True
    return int(first), int(second), third, False
