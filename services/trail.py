"""The trail: searching the audit for who did what, and taking what was found away as a file."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from data.instants import from_us
from data.store import Row, Store, Tx
from services import audit, officers
from services.officers import Officer

PAGE = 50
STRETCH = 500
"""Entries of a file that are read at once."""


class Search(msgspec.Struct, frozen=True):
    """What is looked for; '' stands for everything. *since* and *until* are microseconds.

    *thing* is a ticket number or a login name, *actor* a login name.
    """

    since: int
    until: int
    branch: str = ""
    thing: str = ""
    actor: str = ""
    action: str = ""

    @property
    def told(self) -> str:
        """As the audit tells it: ``tindakan claimed, 2026-11-01T00:00Z/2026-11-24T00:00Z``."""
        told = {
            "cabang": self.branch,
            "tentang": self.thing,
            "petugas": self.actor,
            "tindakan": self.action,
        }
        said = [f"{name} {value}" for name, value in told.items() if value]
        return ", ".join([*said, told_period(self.since, self.until)])


def told_period(since: int, until: int) -> str:
    """``2026-11-01T00:00Z/2026-11-24T00:00Z`` of microseconds since the epoch."""
    return "/".join(f"{from_us(us):%Y-%m-%dT%H:%MZ}" for us in (since, until))


async def find(
    tx: Tx, officer: Officer, search: Search, *, before: int | None = None, limit: int = PAGE
) -> Sequence[Row]:
    """Entries of *officer*'s branches, the newest first, older than the entry *before*.

    Raises `NotFound` without the right, and for a branch that is not his.
    """
    officers.check(officer, "audit", search.branch or None)
    if before is None:
        before = await newest(tx) + 1
    values: dict[str, Any] = {
        "since": search.since,
        "until": search.until,
        "actor": search.actor,
        "action": search.action,
        "before": before,
        "limit": limit,
        "viewer": officer.id,
    }
    if search.thing:
        return await tx.all(
            "audit_search_object", object=search.thing, branch=search.branch, **values
        )
    if search.branch:
        return await tx.all("audit_search_branch", branch=search.branch, **values)
    return await tx.all("audit_search", **values)


async def newest(tx: Tx) -> int:
    row = await tx.one("audit_newest")
    return int(row["id"]) if row else 0


async def take(tx: Tx, officer: Officer, search: Search, *, now: datetime) -> int:
    """Note that *officer* takes what is found away; the entry up to which a file goes."""
    officers.check(officer, "audit", search.branch or None)
    last = await newest(tx)
    await audit.note(
        tx,
        now=now,
        actor=officer.id,
        action="trail_exported",
        thing=officer.id,
        branch=search.branch or officer.branch,
        filter=search.told,
    )
    return last


async def entries(store: Store, officer: Officer, search: Search, last: int) -> AsyncIterator[Row]:
    """Everything that is found up to the entry *last*, a stretch at a time."""
    before = last + 1
    while True:
        async with store.read() as tx:
            stretch = await find(tx, officer, search, before=before, limit=STRETCH)
        for entry in stretch:
            yield entry
            before = entry["id"]
        if len(stretch) < STRETCH:
            return
