"""Leases: how long a claim holds without activity, and what becomes of it afterwards.

A lease that ends gives the request back to its old place. None ends while the branch is shut, so
that an officer can finish after closing what was claimed before.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from data.instants import to_us
from data.store import Row, Tx
from services import audit, requests
from services.desk import tell
from services.hours import Calendar
from services.officers import Officer
from services.refusals import Refused
from services.requests import Request, request_of

FREE: Mapping[str, Any] = {
    "officer": "",
    "lease_until": None,
    "claimed_at": None,
    "correction_step": "",
}
"""What a request is without an officer."""


class Rules(msgspec.Struct, frozen=True):
    """Settings of the queue.

    *lease* is how long a claim holds without activity, *warning* how long before its end the holder
    is warned. *correction* is how long a participant may take to correct, *undo* how long a send
    can be taken back. *claims_outside_hours* lets every officer claim while the branch is shut.
    *notice* is how long after a change of its hours participants are told. A participant may
    open an ended request again for *reopen*, at most *reopen_times* times. A deadline
    within *soon* of open time is pointed out.
    """

    lease: timedelta
    correction: timedelta = timedelta(days=7)
    claims_outside_hours: bool = False
    notice: timedelta = timedelta(minutes=2)
    reopen: timedelta = timedelta(days=14)
    reopen_times: int = 2
    soon: timedelta = timedelta(minutes=60)
    warning: timedelta = timedelta(minutes=3)
    undo: timedelta = timedelta()


async def keep(tx: Tx, officer: Officer, number: str, *, now: datetime, rules: Rules) -> None:
    """Hold a claim longer without doing anything else; pages that are open stay as they are.

    Raises `Refused` (``petugas.bukan_milik``) when it is no longer the officer's.
    """
    await requests.for_officer(tx, officer, number)
    until = to_us(now + rules.lease)
    if not await tx.run("request_keep", number=number, officer=officer.id, lease_until=until):
        raise Refused("petugas.bukan_milik", number=number)


async def return_lapsed(tx: Tx, branch: str, *, now: datetime, calendar: Calendar) -> int:
    """Give claims whose lease has ended back to their old places; how many.

    Those whose chats somebody holds just now are left to `tidy`: who claims waits for nobody.
    """
    returned = 0
    for row in await _lapsed(tx, branch, now, calendar):
        if await tx.one("chat_free", chat=row["chat"]):
            returned += await _return(tx, row, now)
    return returned


async def tidy(tx: Tx, *, now: datetime, calendar: Calendar, rules: Rules) -> int:
    """What time alone does to requests of every branch; how many changed. Due each minute."""
    rows: list[Row] = []
    for row in await tx.all("request_lapsed_branches", now=to_us(now)):
        rows += await _lapsed(tx, row["branch"], now, calendar)
    before = to_us(now - rules.correction)
    rows += await tx.all("request_uncorrected", before=before, limit=100)
    # chats, requests by their numbers, trails: nobody then waits for who waits for him
    await requests.hold_all(tx, rows)
    changed = 0
    for row in sorted(rows, key=lambda row: int(row["id"])):
        act = _return if row["status"] == "claimed" else _expire
        changed += await act(tx, row, now)
    return changed


async def _lapsed(tx: Tx, branch: str, now: datetime, calendar: Calendar) -> Sequence[Row]:
    """Claims whose lease has ended; none does while the branch is shut."""
    if not calendar.is_open(branch, now):
        return []
    return await tx.all("request_lapsed", branch=branch, now=to_us(now))


async def _return(tx: Tx, row: Row, now: datetime) -> bool:
    after = await _change(tx, row, "lapse", **FREE)
    if after:
        await requests.record(tx, after, audit.SYSTEM, "lapsed", now, officer=row["officer"])
        await tell(tx, after, "released", now=now)
    return after is not None


async def _expire(tx: Tx, row: Row, now: datetime) -> bool:
    after = await _change(tx, row, "expire", ended_at=to_us(now))
    if after:
        await requests.record(tx, after, audit.SYSTEM, "expired", now)
        await tell(tx, after, "expired", now=now)
    return after is not None


async def _change(tx: Tx, row: Row, verb: str, **values: Any) -> Request | None:
    """The changed request; None when somebody else was faster, which settles it too."""
    chat = await requests.hold(tx, row["number"], row["chat"])
    try:
        request = replace(request_of(row), chat=chat)
        return await requests.change(tx, request, verb, **values)
    except Refused:
        return None
