"""Which days and which branches a page shows: read from its address, checked, and given back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from bot.console.deps import Deps
from data.instants import to_us
from data.places import Branch
from services import officers
from services.officers import ALL_BRANCHES, Officer
from services.rights import Right

CAPITAL = ZoneInfo("Asia/Jakarta")
"""The clock of pages that show several branches."""

LONGEST = timedelta(days=366 * 3)


class Period(msgspec.Struct, frozen=True):
    """Whole days in *zone*, both inside. *alert* says what was wrong with what was asked."""

    first: date
    last: date
    zone: ZoneInfo
    alert: str = ""

    @property
    def since(self) -> int:
        """The first instant, in microseconds since the epoch."""
        return to_us(datetime.combine(self.first, time(), self.zone))

    @property
    def until(self) -> int:
        """The instant after the last."""
        return to_us(datetime.combine(self.last + timedelta(days=1), time(), self.zone))


def period_of(asked: Mapping[str, str], zone: ZoneInfo, now: datetime, *, days: int) -> Period:
    """The days from ``dari`` to ``sampai``, without them the last *days* up to today."""
    today = now.astimezone(zone).date()
    usual = Period(today - timedelta(days=days - 1), today, zone)
    try:
        last = _day(asked.get("sampai", "")) or today
        first = _day(asked.get("dari", "")) or min(last, today) - timedelta(days=days - 1)
    except ValueError:
        return Period(usual.first, usual.last, zone, "Tanggal itu tidak ada. Contoh: 2026-11-23.")
    if first > last:
        return Period(usual.first, usual.last, zone, "Tanggal awal harus sebelum tanggal akhir.")
    if last - first > LONGEST:
        return Period(usual.first, usual.last, zone, "Paling lama tiga tahun sekaligus.")
    return Period(first, last, zone)


def branch_asked(deps: Deps, officer: Officer, asked: Mapping[str, str], right: Right) -> str:
    """The branch in the address, else the officer's own, '' for all of who has several.

    Raises `NotFound` for one that is not his.
    """
    wanted = asked.get("cabang", "") or officer.branch
    if wanted != ALL_BRANCHES:
        officers.check(officer, right, wanted)
    return wanted if wanted in deps.branches else ALL_BRANCHES


def branches_of(deps: Deps, officer: Officer) -> Sequence[Branch]:
    """The branches that *officer* may choose from, by their short names."""
    own = [branch for branch in deps.branches.values() if officer.serves(branch.id)]
    return sorted(own, key=lambda branch: branch.short_name)


def zone_of(deps: Deps, branch: str) -> ZoneInfo:
    """The clock of a page about *branch*."""
    return deps.branches[branch].zone if branch in deps.branches else CAPITAL


def _day(text: str) -> date | None:
    day = date.fromisoformat(text) if text else None
    if day is not None and not 2000 <= day.year <= 2100:
        raise ValueError("not a day of this service")
    return day
