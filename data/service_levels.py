"""Service levels as data: within how many open minutes a branch means to end a request."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import msgspec

from data.table import Problems, Row, read_rows

OTHERS = "*"
"""The line for every service that has none of its own."""


class Level(msgspec.Struct, frozen=True):
    """Minutes of the branch's open time, and those for an urgent request."""

    minutes: int
    urgent_minutes: int


class ServiceLevels(msgspec.Struct, frozen=True):
    """The level of each service; *others* holds for services without a line."""

    others: Level
    own: Mapping[str, Level]

    def minutes(self, service: str, *, urgent: bool) -> int:
        """Open minutes from queueing to the end."""
        level = self.own.get(service, self.others)
        return level.urgent_minutes if urgent else level.minutes


def read_service_levels(path: Path, problems: Problems) -> ServiceLevels:
    """The lines of service_levels.csv; what is wrong goes to *problems*."""
    columns = ("service", "minutes", "urgent_minutes", "source", "as_of")
    found: dict[str, Level] = {}
    for row in read_rows(path, columns, problems):
        if row["service"] in found:
            row.wrong(f"service {row['service']} is listed twice; remove one line")
        found[row["service"]] = Level(_minutes(row, "minutes"), _minutes(row, "urgent_minutes"))
        try:
            date.fromisoformat(row["as_of"])
        except ValueError:
            row.wrong(f"as_of {row['as_of']} is no date; write it like 2026-12-24")
    if OTHERS not in found:
        problems.add(path, 0, f"no line for {OTHERS}, all other services; add one")
    return ServiceLevels(found.pop(OTHERS, Level(1, 1)), found)


def _minutes(row: Row, column: str) -> int:
    written = row[column]
    if written.isascii() and written.isdecimal() and int(written) > 0:
        return int(written)
    row.wrong(f"{column} {written} must be a whole number of open minutes, at least 1")
    return 1
