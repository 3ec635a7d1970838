"""Charts as plain shapes: what a template draws as SVG, sized in its own units."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec

from services.figure_sums import HOURS_A_DAY

LABEL: Final = 190
"""Where bars begin, to the right of their names."""
LENGTH: Final = 340
ROW: Final = 30
CELL: Final = 24
DAYS_SHOWN: Final = 62
HEIGHT: Final = 120


class Bar(msgspec.Struct, frozen=True):
    """A value with its name: *y* is its top, *length* that of the bar, *end* that of its line."""

    name: str
    told: str
    y: int
    length: int
    end: int


class Bars(msgspec.Struct, frozen=True):
    bars: Sequence[Bar]
    width: int = LABEL + LENGTH + 130
    label: int = LABEL

    @property
    def height(self) -> int:
        return len(self.bars) * ROW + 4


class Cell(msgspec.Struct, frozen=True):
    """One hour of a weekday; *share* of the busiest, from 0 to 1."""

    x: int
    y: int
    share: float
    told: str


class Heat(msgspec.Struct, frozen=True):
    cells: Sequence[Cell]
    rows: Sequence[tuple[int, str]]
    columns: Sequence[tuple[int, str]]
    size: int = CELL - 2
    width: int = 70 + HOURS_A_DAY * CELL
    height: int = 24 + 7 * CELL


class Column(msgspec.Struct, frozen=True):
    """A day with two bars: *filed* and *ended* are their heights."""

    x: float
    filed: float
    ended: float
    told: str


class Days(msgspec.Struct, frozen=True):
    columns: Sequence[Column]
    first: str
    last: str
    most: int
    breadth: float
    width: int = 640
    height: int = HEIGHT


def bars(values: Sequence[tuple[str, int | None, int | None, str]]) -> Bars:
    """Of name, middle, tenth longest and how that is told; what is not known has no bar."""
    most = max((longest or middle or 0 for _, middle, longest, _ in values), default=0) or 1
    return Bars(
        [
            Bar(
                name,
                told,
                n * ROW,
                (middle or 0) * LENGTH // most,
                (longest or 0) * LENGTH // most,
            )
            for n, (name, middle, longest, told) in enumerate(values)
        ]
    )


def heat(hours: Sequence[Sequence[int]], days: Sequence[str], unit: str) -> Heat:
    """A strip for each weekday; *unit* is what is counted."""
    most = max(max(row) for row in hours) or 1
    cells = [
        Cell(
            70 + hour * CELL, 22 + day * CELL, count / most, f"{name} {hour:02}.00: {count} {unit}"
        )
        for day, (name, row) in enumerate(zip(days, hours, strict=True))
        for hour, count in enumerate(row)
    ]
    rows = [(22 + day * CELL + 16, name) for day, name in enumerate(days)]
    columns = [(70 + hour * CELL, f"{hour:02}") for hour in range(0, HOURS_A_DAY, 3)]
    return Heat(cells, rows, columns)


def days(values: Sequence[tuple[date, int, int]], names: Sequence[str]) -> Days:
    """The last days of *values* (day, filed, ended); *names* say each of them."""
    shown, said = values[-DAYS_SHOWN:], names[-DAYS_SHOWN:]
    most = max((max(filed, ended) for _, filed, ended in shown), default=0) or 1
    step = (640 - 40) / max(len(shown), 1)
    return Days(
        columns=[
            Column(
                round(40 + n * step, 1),
                round(filed * (HEIGHT - 20) / most, 1),
                round(ended * (HEIGHT - 20) / most, 1),
                f"{name}: {filed} masuk, {ended} berakhir",
            )
            for n, ((_, filed, ended), name) in enumerate(zip(shown, said, strict=True))
        ],
        first=said[0] if said else "",
        last=said[-1] if said else "",
        most=most,
        breadth=round(max(step * 0.4, 1.0), 1),
    )
