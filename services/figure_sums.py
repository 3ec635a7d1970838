"""Sums of requests that ended: counts, middles and tenth longest, in one pass over many rows.

Middle and tenth longest are those of the nearest rank: values that really occurred.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from data.store import Row

HOURS_A_DAY = 24
HOUR = 3_600_000_000


class Spread(msgspec.Struct, frozen=True):
    """Of *count* values the middle one, and that which nine of ten do not exceed; None of none."""

    count: int
    middle: int | None
    longest: int | None


class Line(msgspec.Struct, frozen=True):
    """What became of some requests that ended; minutes are open ones.

    *scores* counts ratings from 3 (good) to 1 (poor).
    """

    name: str
    ended: int
    done: int
    refused: int
    corrections: int
    wait: Spread
    response: Spread
    handling: Spread
    scores: Mapping[int, int]


def spread(values: Iterable[int | None]) -> Spread:
    """The middle and the tenth longest of those that are known."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return Spread(0, None, None)
    count = len(known)
    return Spread(count, known[(count - 1) // 2], known[(9 * count + 9) // 10 - 1])


class Sum:
    """What a line is made of, gathered row by row."""

    def __init__(self) -> None:
        self.ended = self.corrections = 0
        self.states: Counter[str] = Counter()
        self.scores: Counter[int] = Counter()
        self.wait: list[int | None] = []
        self.response: list[int | None] = []
        self.handling: list[int | None] = []

    def line(self, name: str) -> Line:
        """The sums as they are now."""
        return Line(
            name=name,
            ended=self.ended,
            done=self.states["done"],
            refused=self.states["refused"],
            corrections=self.corrections,
            wait=spread(self.wait),
            response=spread(self.response),
            handling=spread(self.handling),
            scores=self.scores,
        )


Sums = Mapping[str, Sum]


def summed(rows: Iterable[Row], shift: int) -> tuple[Sum, Sums, Sums, Sums]:
    """All together, by service, by officer and by hour: in one pass over what may be much."""
    total = Sum()
    services: dict[str, Sum] = defaultdict(Sum)
    people: dict[str, Sum] = defaultdict(Sum)
    at_hours: dict[str, Sum] = defaultdict(Sum)
    for row in rows:
        status, score, corrections = row["status"], row["score"], row["corrections"]
        wait, response, handling = row["wait"], row["response"], row["handling"]
        hour = (row["filed_at"] // HOUR + shift) % HOURS_A_DAY
        sums = [total, services[row["service"]], at_hours[f"{hour:02}"]]
        if officer := row["officer"]:
            sums.append(people[officer])
        for one in sums:
            one.ended += 1
            one.corrections += corrections
            one.states[status] += 1
            one.wait.append(wait)
            one.response.append(response)
            one.handling.append(handling)
            if score is not None:
                one.scores[score] += 1
    return total, services, people, at_hours


def lines(sums: Sums) -> Sequence[Line]:
    """A line for each name, by the names."""
    return [sums[name].line(name) for name in sorted(sums)]
