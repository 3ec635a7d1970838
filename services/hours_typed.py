"""Opening hours as officers type them: ``8-12, 13.00-17.00`` becomes intervals."""

import re
from typing import Final

from data.opening_hours import Interval
from forms.cleaning import fold
from services.refusals import Refused

CLOSED: Final = frozenset({"", "-", "tutup", "libur", "closed"})
BETWEEN: Final = re.compile(r"\s*(?:[-–—−]|sampai(?: dengan)?|hingga|s\.?\s?/\s?d\.?|sd)\s*")
PARTS: Final = re.compile(r"\s*(?:[,;&+]|\bdan\b|\blalu\b)\s*")
AROUND: Final = re.compile(r"\b(?:jam|pukul|pkl\.?|wib|wita|wit|buka)\b\.?")
TIME: Final = re.compile(r"(\d{1,2})(?:[.:]([0-5]\d))?|(\d{1,2})([0-5]\d)")
DAY: Final = 24 * 60


def read_hours(text: str) -> tuple[Interval, ...]:
    """Intervals in minutes since midnight, in order; none for a day that is closed.

    Hours may stand as 8, 08.00, 8:00 or 0800; 24.00 is the end of a day. Intervals that touch are
    one. Raises `Refused`: ``kalender.jam`` for what cannot be read, ``kalender.jam_terbalik`` and
    ``kalender.jam_bertumpuk``, each with the *text*.
    """
    plain = AROUND.sub("", fold(text.replace("\n", ","))).strip()
    if plain in CLOSED:
        return ()
    found = sorted(_interval(part) for part in PARTS.split(plain) if part)
    joined: list[Interval] = []
    for opens, closes in found:
        if joined and opens < joined[-1][1]:
            raise Refused("kalender.jam_bertumpuk", text=text)
        touches = joined and opens == joined[-1][1]
        joined.append((joined.pop()[0] if touches else opens, closes))
    return tuple(joined)


def _interval(part: str) -> Interval:
    ends = BETWEEN.split(part)
    if len(ends) != 2:
        raise Refused("kalender.jam", text=part)
    opens, closes = (_minutes(end, part) for end in ends)
    if closes <= opens:
        raise Refused("kalender.jam_terbalik", text=part)
    return opens, closes


def _minutes(end: str, part: str) -> int:
    match = TIME.fullmatch(end.strip())
    if match is None:
        raise Refused("kalender.jam", text=part)
    hours, minutes = (match[1], match[2]) if match[1] else (match[3], match[4])
    at = int(hours) * 60 + int(minutes or 0)
    if at > DAY:
        raise Refused("kalender.jam", text=part)
    return at
