"""From a typed kabupaten or kota to the branch that serves it, or there by browsing provinces."""

from functools import lru_cache

from data.facts import Facts
from data.places import Branch, Province
from services.regency_names import RegencyMatch, RegencyNames

REMEMBERED = 1024
"""Typed places whose meaning is remembered: towns are many, but people live in the big ones."""


class Routing:
    """Regencies by name, branches by regency and by province. Pure, in memory."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._find = lru_cache(REMEMBERED)(RegencyNames(facts).find)

    def find(self, text: str, limit: int = 3) -> tuple[RegencyMatch, ...]:
        """Regencies that *text* may mean, as `RegencyNames.find`."""
        return self._find(text, limit)

    def branches_for(self, regency: str) -> tuple[Branch, ...]:
        """The branch that serves a regency, and the second where the map is unsure; none if the
        code is unknown."""
        found = self._facts.regency(regency)
        if found is None:
            return ()
        serving, branches = self._facts.serving[found.code], self._facts.branches
        likeliest = branches[serving.branch]
        if not serving.second_branch:
            return (likeliest,)
        return likeliest, branches[serving.second_branch]

    def provinces(self) -> tuple[Province, ...]:
        """All provinces by code."""
        return tuple(self._facts.provinces.values())

    def branches_in(self, province: str) -> tuple[Branch, ...]:
        """The branches seated in a province, then those that serve it from a neighbour."""
        facts = self._facts
        seated = [branch for branch in facts.branches.values() if branch.province == province]
        serving = [
            branch
            for code in facts.regencies
            if code.startswith(province)
            for branch in self.branches_for(code)[:1]
        ]
        by_city = sorted(seated, key=lambda branch: branch.city)
        return tuple(dict.fromkeys((*by_city, *serving)))
