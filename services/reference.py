"""The reference facts a conversation may ask for, answered from calendar, routing and facilities.

Fits the protocol `flows.assets.Facts`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import msgspec
from msgspec.structs import replace

from data.facility_list import Facility, load_facilities
from data.facts import Facts, load_facts
from data.opening_hours import HoursRule
from data.places import Branch, Region
from forms.language import LANGUAGES, Words
from services.facilities import Facilities, FacilityMatch
from services.hours import Calendar
from services.regency_names import RegencyMatch
from services.routing import Routing


class Listed(msgspec.Struct, frozen=True):
    """A province in a list; it was not searched for, so its *score* is that of an exact name."""

    code: str
    name: str
    score: float = 100.0


class Reference:
    """All that is looked up in a turn. Pure, in memory; share one."""

    def __init__(
        self, facts: Facts, calendar: Calendar, facilities: Iterable[Facility] = ()
    ) -> None:
        self.calendar = calendar
        self.template_prices = facts.template_prices
        facts = replace(facts, branches=calendar.branches)  # with the zones that hold now
        self._facts = facts
        self._routing = Routing(facts)
        self._facilities = Facilities(facilities)
        self._provinces = tuple(Listed(p.code, p.short_name) for p in facts.provinces.values())

    def find_regencies(self, text: str) -> Sequence[RegencyMatch]:
        """Kabupaten and kota that *text* may mean, best first."""
        return self._routing.find(text)

    def regency_name(self, code: str) -> str:
        """``Kab. Minahasa Utara``, '' for an unknown code."""
        regency = self._facts.regency(code)
        return regency.label if regency else ""

    def provinces(self) -> Sequence[Listed]:
        """All provinces by code."""
        return self._provinces

    def branches_in(self, province: str) -> Sequence[Branch]:
        """The branches seated in a province, then those that serve it from a neighbour."""
        return self._routing.branches_in(province)

    def branches_for(self, regency: str) -> Sequence[Branch]:
        """The branches that may serve a regency, likeliest first."""
        return self._routing.branches_for(regency)

    @property
    def branches(self) -> Mapping[str, Branch]:
        """All branches by id."""
        return self._facts.branches

    @property
    def regions(self) -> Mapping[str, Region]:
        """All regions by id."""
        return self._facts.regions

    def branches_of(self, region: str) -> frozenset[str]:
        """The ids of a region's branches."""
        return self._facts.branches_of(region)

    def branch(self, branch_id: str) -> Branch | None:
        """The branch of an id."""
        return self._facts.branches.get(branch_id)

    def hours_text(self, branch_id: str, day: date) -> Words:
        """``Senin-Jumat, 08.00-17.00 WITA``: the week that holds on *day*."""
        return {one: self.calendar.hours_on(branch_id, day, one) for one in LANGUAGES}

    def find_facilities(self, text: str, regency: str) -> Sequence[FacilityMatch]:
        """At most three facilities that *text* may mean, those of *regency* first."""
        return self._facilities.find(text, regency or None)

    def facility_name(self, code: str) -> str:
        """The name of a facility code, '' when it is not in the list."""
        facility = self._facilities.get(code)
        return facility.name if facility else ""


def load_reference(week: HoursRule, full_list: Path) -> Reference:
    """Read the shipped tables and, when it exists, the imported *full_list* of facilities.

    *week* are the hours of branches without their own. Raise `TableError` with every problem.
    """
    facts = load_facts()
    return Reference(facts, Calendar(facts, week), load_facilities(facts, full_list))
