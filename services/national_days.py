"""National holidays and joint leave of Indonesia, by year.

The package holidays knows the decrees (SKB 3 Menteri) and marks what it only reckons with
``(perkiraan)``; data/reference/holiday_changes.csv corrects it without waiting for a release.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

from data.opening_hours import HolidayChange

NationalDays = Callable[[int], Mapping[date, str]]
"""What each day off of a year is called, such as ``libur nasional: Hari Raya Natal``."""

ESTIMATE = "(perkiraan)"
"""What the package writes behind a day that it only reckons with."""

KINDS = {"public": "libur nasional", "joint": "cuti bersama"}


class UnknownYear(ValueError):
    """The national calendar does not reach that year."""


def national_days(changes: Mapping[date, HolidayChange]) -> NationalDays:
    """The national calendar of the package with *changes* made to it."""
    return changed(_from_package, changes)


def changed(before: NationalDays, changes: Mapping[date, HolidayChange]) -> NationalDays:
    """The days off of *before* with *changes* made to them."""

    def of_year(year: int) -> dict[date, str]:
        days = dict(before(year))
        for day, change in changes.items():
            if day.year != year:
                continue
            if change.kind == "none":
                days.pop(day, None)
            else:
                days[day] = f"{KINDS[change.kind]}: {change.name}"
        return days

    return of_year


@cache
def _from_package(year: int) -> Mapping[date, str]:
    from holidays.countries.indonesia import Indonesia  # 0.3 s that most commands can spare

    if not Indonesia.start_year <= year <= Indonesia.end_year:
        known = f"{Indonesia.start_year} to {Indonesia.end_year}"
        raise UnknownYear(f"the national calendar reaches from {known}, not to {year}")
    days: dict[date, str] = {}
    for category, kind in (("government", "joint"), ("public", "public")):
        for day, names in Indonesia(years=year, categories=(category,), language="id").items():
            name = names.replace("; ", " dan ").removeprefix("Cuti Bersama ")
            days[day] = f"{KINDS[kind]}: {name}"
    return days
