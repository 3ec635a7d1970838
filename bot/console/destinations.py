"""Where a request can be transferred to: branches as officers type them, the near ones first."""

from collections.abc import Sequence

import msgspec

from bot.console.deps import Deps
from data.places import Branch


class Destination(msgspec.Struct, frozen=True):
    """A branch and what its region is called, '' for none."""

    branch: Branch
    region: str


def destinations(deps: Deps, here: str) -> Sequence[Destination]:
    """Every branch but *here*: those of its province first, then of its region, then the others."""
    regions = {
        branch: region for region in deps.regions.values() for branch in deps.branches_of(region.id)
    }
    own, region = deps.branches[here], regions.get(here)

    def far(branch: Branch) -> tuple[bool, bool, str]:
        return (
            branch.province != own.province,
            regions.get(branch.id) != region,
            branch.short_name,
        )

    others = [branch for branch in deps.branches.values() if branch.id != here]
    return [
        Destination(branch, regions[branch.id].label if branch.id in regions else "")
        for branch in sorted(others, key=far)
    ]


def branch_named(deps: Deps, typed: str) -> Branch | None:
    """The branch that *typed* names: its id, its name, or what only its name has."""
    if typed in deps.branches:
        return deps.branches[typed]
    sought = typed.strip().casefold()
    names = {branch.short_name.casefold(): branch for branch in deps.branches.values()}
    if sought in names:
        return names[sought]
    found = [branch for name, branch in names.items() if sought and sought in name]
    return found[0] if len(found) == 1 else None
