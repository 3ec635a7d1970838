"""Reference facts, read once from the editable tables in data/reference.

Where each table comes from is told in data/reference/PROVENANCE.md.
"""

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import msgspec

from data.opening_hours import HolidayChange, HoursRule, read_holiday_changes, read_hours
from data.places import Alias, Branch, Province, Regency, Region, Serving
from data.service_levels import ServiceLevels, read_service_levels
from data.table import Problems, Row, nearest, read_rows
from data.template_prices import TemplatePrices, read_template_prices

REFERENCE = Path(__file__).parent / "reference"
TICKET_LETTERS = frozenset("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")
"""What a ticket code may hold: nothing that is misread (no I, O, 0, 1)."""


class Facts(msgspec.Struct, frozen=True):
    """Every reference fact; mappings go by code or id and keep the order of their files."""

    provinces: Mapping[str, Province]
    regencies: Mapping[str, Regency]
    branches: Mapping[str, Branch]
    regions: Mapping[str, Region]
    serving: Mapping[str, Serving]
    code_changes: Mapping[str, str]
    """Regency codes that were replaced, with the code that is valid now."""
    aliases: tuple[Alias, ...]
    place_words: Mapping[str, str]
    """Shortened words of place names: ``sel`` is ``selatan``."""
    hours: tuple[HoursRule, ...]
    holiday_changes: Mapping[date, HolidayChange]
    service_levels: ServiceLevels
    template_prices: TemplatePrices

    def regency(self, code: str) -> Regency | None:
        """The regency of a code, also of one that was replaced."""
        return self.regencies.get(self.code_changes.get(code, code))

    def branches_of(self, region: str) -> frozenset[str]:
        """The ids of a region's branches; none for an unknown region."""
        found = self.regions.get(region)
        provinces = found.provinces if found else ()
        return frozenset(one.id for one in self.branches.values() if one.province in provinces)


def load_facts(folder: Path = REFERENCE) -> Facts:
    """Read all tables of *folder*; raise `TableError` with every problem in all of them."""
    problems = Problems()
    provinces = _provinces(folder, problems)
    regencies = _regencies(folder, provinces, problems)
    branches = _branches(folder, provinces, regencies, problems)
    facts = Facts(
        provinces=provinces,
        regencies=regencies,
        branches=branches,
        regions=_regions(folder, provinces, problems),
        serving=_serving(folder, regencies, branches, problems),
        code_changes=_code_changes(folder, regencies, problems),
        aliases=_aliases(folder, {*provinces, *regencies}, problems),
        place_words=_place_words(folder, problems),
        hours=read_hours(folder / "hours.csv", {*branches, *provinces}, problems),
        holiday_changes=read_holiday_changes(folder / "holiday_changes.csv", problems),
        service_levels=read_service_levels(folder / "service_levels.csv", problems),
        template_prices=read_template_prices(folder / "template_prices.csv", problems),
    )
    problems.raise_any()
    return facts


def _provinces(folder: Path, problems: Problems) -> dict[str, Province]:
    found: dict[str, Province] = {}
    for row in read_rows(folder / "provinces.csv", ("code", "name", "short_name"), problems):
        if _is_new(row, "code", found):
            found[row["code"]] = Province(row["code"], row["name"], row["short_name"])
    return found


def _regencies(
    folder: Path, provinces: Mapping[str, Province], problems: Problems
) -> dict[str, Regency]:
    found: dict[str, Regency] = {}
    for row in read_rows(folder / "regencies.csv", ("code", "name"), problems):
        if not _is_new(row, "code", found):
            continue
        if row["code"][:2] not in provinces:
            row.wrong(f"{row['code']} begins with no province code")
        if not row["name"].startswith(("Kota ", "Kabupaten ")):
            row.wrong(f"{row['name']} must begin with Kota or Kabupaten")
            continue
        found[row["code"]] = Regency(row["code"], row["name"])
    return found


def _branches(
    folder: Path,
    provinces: Mapping[str, Province],
    regencies: Mapping[str, Regency],
    problems: Problems,
) -> dict[str, Branch]:
    columns = ("id", "name", "ticket_code", "province", "seat", "zone")
    found: dict[str, Branch] = {}
    taken: dict[str, str] = {}
    for row in read_rows(folder / "branches.csv", columns, problems):
        code = row["ticket_code"]
        if not set(code) <= TICKET_LETTERS:
            row.wrong(f"ticket code {code} holds more than capitals and digits without I, O, 0, 1")
        if code in taken:
            row.wrong(f"ticket code {code} belongs to {taken[code]}; choose another")
        taken[code] = row["id"]
        _is_known(row, "province", provinces)
        _is_known(row, "seat", regencies)
        zone = _zone(row)
        if zone and _is_new(row, "id", found):
            found[row["id"]] = Branch(
                row["id"], row["name"], code, row["province"], row["seat"], zone
            )
    return found


def _regions(
    folder: Path, provinces: Mapping[str, Province], problems: Problems
) -> dict[str, Region]:
    path = folder / "regions.csv"
    found: dict[str, Region] = {}
    taken: dict[str, str] = {}
    for row in read_rows(path, ("id", "name", "seat", "provinces"), problems):
        if not _is_new(row, "id", found):
            continue
        codes = tuple(row["provinces"].split())
        for code in codes:
            if code not in provinces:
                row.wrong(f"province {code} is not known{nearest(code, provinces)}")
            if code in taken:
                row.wrong(f"province {code} belongs to {taken[code]}; remove it from one")
            taken[code] = row["id"]
        found[row["id"]] = Region(row["id"], row["name"], row["seat"], codes)
    for code in provinces.keys() - taken.keys():
        problems.add(path, 0, f"no region has province {code}; add it to one")
    return found


def _serving(
    folder: Path,
    regencies: Mapping[str, Regency],
    branches: Mapping[str, Branch],
    problems: Problems,
) -> dict[str, Serving]:
    path = folder / "regency_branch.csv"
    columns = ("regency", "regency_name", "branch", "basis", "ambiguous", "second_branch")
    found: dict[str, Serving] = {}
    for row in read_rows(path, columns, problems, may_be_empty=("second_branch",)):
        code = row["regency"]
        if not (_is_known(row, "regency", regencies) and _is_new(row, "regency", found)):
            continue
        if row["regency_name"] != regencies[code].name:
            row.wrong(f"{code} is {regencies[code].name}, not {row['regency_name']}")
        ambiguous = _is_known(row, "ambiguous", ("yes", "no")) and row["ambiguous"] == "yes"
        _is_known(row, "branch", branches)
        if ambiguous:
            _is_known(row, "second_branch", branches)
        found[code] = Serving(row["branch"], row["second_branch"] if ambiguous else None)
    for code in regencies.keys() - found.keys():
        problems.add(path, 0, f"no line for {code} {regencies[code].name}; add one")
    return found


def _code_changes(
    folder: Path, regencies: Mapping[str, Regency], problems: Problems
) -> dict[str, str]:
    found: dict[str, str] = {}
    path = folder / "regency_code_changes.csv"
    for row in read_rows(path, ("old_code", "current_code"), problems):
        if _is_known(row, "current_code", regencies) and _is_new(row, "old_code", found):
            found[row["old_code"]] = row["current_code"]
    return found


def _aliases(folder: Path, places: set[str], problems: Problems) -> tuple[Alias, ...]:
    columns = ("alias", "code", "kind", "source")
    return tuple(
        Alias(row["alias"], row["code"])
        for row in read_rows(folder / "aliases.csv", columns, problems)
        if _is_known(row, "code", places)
    )


def _place_words(folder: Path, problems: Problems) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in read_rows(folder / "place_words.csv", ("short", "word", "source"), problems):
        if _is_new(row, "short", found):
            found[row["short"]] = row["word"]
    return found


def _is_new(row: Row, column: str, found: Mapping[str, object]) -> bool:
    if row[column] in found:
        row.wrong(f"{column} {row[column]} is listed twice; remove one line")
        return False
    return True


def _zone(row: Row) -> ZoneInfo | None:
    name = row["zone"]
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError for a folder, such as Asia
        known = available_timezones()  # reads 600 files, so only where there is a mistake
        row.wrong(f"zone {name} is not known{nearest(name, known)}")
        return None


def _is_known(row: Row, column: str, known: Collection[str]) -> bool:
    if row[column] in known:
        return True
    row.wrong(f"{column} {row[column] or '(empty)'} is not known{nearest(row[column], known)}")
    return False
