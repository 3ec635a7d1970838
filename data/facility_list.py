"""The list of first-level health facilities (FKTP): the shipped sample, a full list, the types."""

import csv
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from data.facts import REFERENCE, Facts
from data.table import Problems, Row, nearest, read_rows

SAMPLE = REFERENCE / "facilities_sample.csv"
FULL_LIST = Path("var/facilities.csv")
"""Where an imported list is kept, below the project."""
COLUMNS = ("code", "name", "type", "regency_code")
ALSO_CALLED = {"facility_code": "code"}
CODE_LENGTH = 8
"""Every code of the public provider directory has as many characters; spreadsheets drop zeros."""


class Facility(msgspec.Struct, frozen=True):
    """A facility a participant can be registered with; *type* and *regency* are codes."""

    code: str
    name: str
    type: str
    regency: str


@dataclass
class FacilityList:
    """Facilities by code, and how many of each type were left out as not first level."""

    facilities: dict[str, Facility] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)


def load_facilities(facts: Facts, *files: Path) -> list[Facility]:
    """The shipped sample and every one of *files* that exists; later ones replace earlier codes.

    Raise `TableError` with every problem in all of them.
    """
    problems = Problems()
    found: dict[str, Facility] = {}
    for file in (SAMPLE, *(file for file in files if file.exists())):
        found |= read_facilities(file, facts, problems).facilities
    problems.raise_any()
    return list(found.values())


def read_facilities(file: Path, facts: Facts, problems: Problems) -> FacilityList:
    """The first-level facilities of one CSV file with at least `COLUMNS`."""
    first_level = _types(problems)
    found = FacilityList()
    seen: dict[str, int] = {}
    for row in read_rows(file, COLUMNS, problems, also_called=ALSO_CALLED):
        code = row["code"]
        if code in seen:
            row.wrong(f"code {code} is in line {seen[code]} already; remove one")
            continue
        seen[code] = row.line
        facility = _facility(row, facts, first_level)
        if facility and first_level[facility.type]:
            found.facilities[code] = facility
        elif facility:
            found.left_out[facility.type] += 1
    return found


def write_facilities(file: Path, facilities: Iterable[Facility]) -> None:
    """Replace *file* in one step: a reader sees the old list or the new one, never a half."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with fresh.open("w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows((one.code, one.name, one.type, one.regency) for one in facilities)
            target.flush()
            os.fsync(target.fileno())
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def _types(problems: Problems) -> dict[str, bool]:
    """Which types are first level."""
    rows = read_rows(REFERENCE / "facility_types.csv", ("type", "first_level"), problems)
    return {row["type"]: row["first_level"] == "yes" for row in rows}


def _facility(row: Row, facts: Facts, types: Mapping[str, bool]) -> Facility | None:
    noted = len(row.problems.found)
    code, kind = row["code"], row["type"]
    if len(code) != CODE_LENGTH or not code.isalnum():
        row.wrong(
            f"code {code} has not {CODE_LENGTH} letters and digits; keep the column as text, "
            "so that leading zeros stay"
        )
    if kind not in types:
        row.wrong(f"type {kind} is not one of {', '.join(types)}{nearest(kind, types)}")
    regency = facts.regency(row["regency_code"])
    if regency is None:
        row.wrong(f"regency_code {row['regency_code']} is not known; see regencies.csv")
    if regency is None or len(row.problems.found) > noted:
        return None
    return Facility(code, " ".join(row["name"].split()), kind, regency.code)
