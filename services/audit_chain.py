"""Proving the audit: each chain is walked from its first entry to its last, a stretch at a time.

An entry's hash covers its content and the hash of the entry before it. So whatever is changed,
removed, put in or moved breaks the chain at that place, but not entries that are cut off at the
end: those are missed by who kept the chain's head elsewhere (`Head`).
"""

from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Literal

import msgspec

from data.store import Row, Store
from services.audit import seal

STRETCH = 1000
"""Entries that are read at once, so that a chain of any length takes the same memory."""

Why = Literal["changed", "unlinked", "cut_off"]
"""What is wrong with an entry: its content, its place after the one before, or that it is gone."""


class Head(msgspec.Struct, frozen=True):
    """The last entry of a chain: *id* and *hash*; 0 and '' of an empty one.

    *branch* is '' for the chain of officers of all branches. *entries* are counted by a walk.
    """

    branch: str
    id: int
    hash: str
    entries: int = 0


class Break(msgspec.Struct, frozen=True):
    """The first entry of a chain that is not as it was written."""

    branch: str
    id: int
    why: Why


async def branches(store: Store) -> AsyncIterator[str]:
    """Every branch that has a chain, that of officers of all branches ('') first."""
    yield ""
    after: str | None = ""
    while after is not None:
        async with store.read() as tx:
            row = await tx.one("audit_chains", after=after)
        after = row["branch"] if row else None
        if after is not None:
            yield after


async def heads(store: Store) -> AsyncIterator[Head]:
    """The end of every chain that has one, to be kept where nobody who writes here can write."""
    async for branch in branches(store):
        async with store.read() as tx:
            row = await tx.one("audit_last", branch=branch)
        if row is not None:
            yield Head(branch, row["id"], row["hash"])


async def verify(store: Store, branch: str, kept: Iterable[Head] = ()) -> Head | Break:
    """Walk one chain: its head, or where it is broken first.

    *kept* are heads of earlier days; one whose entry is not there any more, or is another one,
    is a `Break` too.
    """
    known = {head.id: head.hash for head in kept if head.branch == branch}
    head = Head(branch, 0, "")
    async for entry in _entries(store, branch):
        if (why := _wrong(entry, head.hash, known)) is not None:
            return Break(branch, entry["id"], why)
        head = Head(branch, entry["id"], entry["hash"], head.entries + 1)
        known.pop(entry["id"], None)
    if known:
        return Break(branch, min(known), "cut_off")
    return head


def _wrong(entry: Row, before: str, known: Mapping[int, str]) -> Why | None:
    if entry["hash"] != seal(entry):
        return "changed"
    if entry["prev"] != before:
        return "unlinked"
    return None if known.get(entry["id"], entry["hash"]) == entry["hash"] else "changed"


async def _entries(store: Store, branch: str) -> AsyncIterator[Row]:
    """A chain in its order. Each stretch is a read of its own: what was read never changes."""
    after = 0
    while True:
        async with store.read() as tx:
            stretch = await tx.all("audit_chain", branch=branch, after=after, limit=STRETCH)
        for entry in stretch:
            yield entry
            after = entry["id"]
        if len(stretch) < STRETCH:
            return
