"""Reports of many requests: what a file holds, who may take it, and the note of it in the audit."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from data.store import Row, Store, Tx
from forms.cleaning import clean
from services import audit, officers
from services.officers import Officer
from services.refusals import Refused
from services.trail import told_period

STRETCH = 500
"""Requests that are read at once, so that a file of any length takes the same memory."""
SHORTEST_REASON, LONGEST_REASON = 10, 500
"""Characters of the reason for full numbers."""


class Wanted(msgspec.Struct, frozen=True):
    """Requests that were filed from *since* up to *until* (microseconds); '' stands for all."""

    since: int
    until: int
    branch: str = ""
    service: str = ""

    @property
    def told(self) -> str:
        """As the audit tells it."""
        said = [f"{name} {value}" for name, value in self._words.items() if value]
        return ", ".join([*said, told_period(self.since, self.until)])

    @property
    def _words(self) -> Mapping[str, str]:
        return {"cabang": self.branch, "layanan": self.service}


class Export(msgspec.Struct, frozen=True):
    """What may be taken: *rows* requests up to the request *last*; *full* with whole numbers."""

    wanted: Wanted
    last: int
    rows: int
    full: bool


async def count(tx: Tx, officer: Officer, wanted: Wanted) -> int:
    """How many requests are wanted; raises `NotFound` for a branch that is not the officer's."""
    officers.check(officer, "measure", wanted.branch or None)
    return await _count(tx, officer, wanted, await _last(tx))


async def take(
    tx: Tx, officer: Officer, wanted: Wanted, *, now: datetime, form: str, reason: str | None = None
) -> Export:
    """Let *officer* take a file, and note it with filter and number of rows.

    A *reason* asks for full numbers. Raises `NotFound` where the role does not allow that,
    `Refused` (``petugas.alasan_kurang``) for a reason that says nothing, ``petugas.tidak_ada``
    where nothing is found.
    """
    full = reason is not None
    officers.check(officer, "export" if full else "measure", wanted.branch or None)
    said = clean(reason or "")[:LONGEST_REASON]
    if full and len(said) < SHORTEST_REASON:
        raise Refused("petugas.alasan_kurang", limit=SHORTEST_REASON)
    last = await _last(tx)
    rows = await _count(tx, officer, wanted, last)
    if not rows:
        raise Refused("petugas.tidak_ada")
    await audit.note(
        tx,
        now=now,
        actor=officer.id,
        action="exported",
        thing=officer.id,
        branch=wanted.branch or officer.branch,
        filter=wanted.told,
        rows=rows,
        full=full,
        format=form,
        reason=said,
    )
    return Export(wanted, last, rows, full)


async def requests(store: Store, officer: Officer, export: Export) -> AsyncIterator[Row]:
    """The requests of a file that was taken, the oldest first, a stretch at a time."""
    after_at, after = -1, 0
    while True:
        async with store.read() as tx:
            stretch = await tx.all(
                "export_rows",
                **_values(officer, export.wanted, export.last),
                after_at=after_at,
                after=after,
                limit=STRETCH,
            )
        for row in stretch:
            yield row
            after_at, after = row["filed_at"], row["id"]
        if len(stretch) < STRETCH:
            return


async def _last(tx: Tx) -> int:
    row = await tx.one("export_last")
    return int(row["id"]) if row else 0


async def _count(tx: Tx, officer: Officer, wanted: Wanted, last: int) -> int:
    row = await tx.one("export_count", **_values(officer, wanted, last))
    return int(row["rows"]) if row else 0


def _values(officer: Officer, wanted: Wanted, last: int) -> dict[str, Any]:
    return {
        "since": wanted.since,
        "until": wanted.until,
        "branch": wanted.branch,
        "service": wanted.service,
        "last": last,
        "viewer": officer.id,
    }
