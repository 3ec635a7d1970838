"""The board of a branch: what its officers see of the queue at a glance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data.store import Row, Tx
from services import officers
from services.officers import ALL_BRANCHES, Officer
from services.refusals import NotFound

LONGEST = 100
"""Rows of one list; the oldest are on it, and those are the ones to take."""

LISTS: Mapping[str, str] = {
    "menunggu": "queue_waiting",
    "saya": "queue_mine",
    "semua": "queue_all",
}
"""The lists and their statements."""


@dataclass(frozen=True)
class Counts:
    """How many wait, are in work, are in the officer's hands; *heard* are messages in those."""

    waiting: int
    working: int
    mine: int
    heard: int


async def rows(tx: Tx, officer: Officer, branch: str, which: str) -> Sequence[Row]:
    """One of `LISTS`; raises `NotFound` for a branch that is not the officer's."""
    officers.check(officer, "read", branch)
    return await tx.all(LISTS[which], branch=branch, limit=LONGEST, viewer=officer.id)


async def counts(tx: Tx, officer: Officer, branch: str) -> Counts:
    """Numbers only; raises `NotFound` for a branch that is not the officer's."""
    officers.check(officer, "read", branch)
    row = await tx.one("queue_counts", branch=branch, viewer=officer.id)
    if row is None:
        raise NotFound("branch")
    return Counts(**row)


async def branch_of(tx: Tx, officer: Officer, wanted: str) -> str:
    """The branch to show: *wanted*, else the officer's own, else where most requests wait.

    It is '' when an admin has nothing to see yet.
    """
    if wanted or officer.branch != ALL_BRANCHES:
        return wanted or officer.branch
    waiting = await waiting_branches(tx, officer)
    return next(iter(waiting), "")


async def waiting_branches(tx: Tx, officer: Officer) -> Mapping[str, int]:
    """How many wait at each branch the officer may choose from; empty for a single branch."""
    if officer.branch != ALL_BRANCHES:
        return {}
    return {
        row["branch"]: row["waiting"] for row in await tx.all("queue_branches", viewer=officer.id)
    }
