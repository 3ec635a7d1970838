"""Where officers work, as the console names it: head office, a region, a branch."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.console.deps import Deps
from services.officers import ALL_BRANCHES, Officer

HEAD_OFFICE = "Kantor pusat"
CENTRE = "pusat"
"""What a form calls head office: '' is a form in which no place has been chosen."""
CAPITAL = ZoneInfo("Asia/Jakarta")


def place_name(deps: Deps, officer: Officer) -> str:
    """``KC Manado``, ``Kedeputian Wilayah X (Manado)`` or `HEAD_OFFICE`."""
    if officer.branch in deps.branches:
        return deps.branches[officer.branch].short_name
    region = deps.regions.get(officer.region)
    return region.label if region else HEAD_OFFICE


def places(deps: Deps) -> Mapping[str, Mapping[str, str]]:
    """What may be chosen, by heading: id and name. Branches stand in their regions."""
    found: dict[str, Mapping[str, str]] = {
        HEAD_OFFICE: {CENTRE: HEAD_OFFICE},
        "Wilayah": {region.id: region.label for region in deps.regions.values()},
    }
    for region in deps.regions.values():
        ids = deps.branches_of(region.id)
        found[region.label] = {
            one.id: one.short_name for one in deps.branches.values() if one.id in ids
        }
    return found


def zone_of(deps: Deps, officer: Officer) -> ZoneInfo:
    """The zone in which times are told to *officer*: of the branch, else of the capital."""
    branch = deps.branches.get(officer.branch)
    return branch.zone if branch else CAPITAL


def placed(deps: Deps, officer_id: str, name: str, role: str, place: str) -> Officer:
    """The officer at *place*, an id of `places`; it is checked where it is kept."""
    if role in ("admin", "auditor"):
        return Officer(officer_id, name, ALL_BRANCHES, role)
    if role == "region":
        return Officer(officer_id, name, ALL_BRANCHES, role, place, deps.branches_of(place))
    known = place if place in deps.branches else ALL_BRANCHES
    return Officer(officer_id, name, known, role)
