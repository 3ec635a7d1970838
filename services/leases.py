"""Leases: how long a claim holds without activity, and what becomes of it afterwards.

A lease that ends gives the request back to its old place. None ends while the branch is shut, so
that an officer can finish after closing what was claimed before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

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


@dataclass(frozen=True)
class Rules:
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
    """Give claims whose lease has ended back to their old places; how many."""
    if not calendar.is_open(branch, now):
        return 0
    returned = 0
    for row in await tx.all("request_lapsed", branch=branch, now=to_us(now)):
        after = await _change(tx, row, "lapse", **FREE)
        if after:
            await requests.record(tx, after, audit.SYSTEM, "lapsed", now, officer=row["officer"])
            await tell(tx, after, "released", now=now)
            returned += 1
    return returned


async def tidy(tx: Tx, *, now: datetime, calendar: Calendar, rules: Rules) -> int:
    """What time alone does to requests of every branch; how many changed. Due each minute."""
    changed = 0
    for row in await tx.all("request_lapsed_branches", now=to_us(now)):
        changed += await return_lapsed(tx, row["branch"], now=now, calendar=calendar)
    before = to_us(now - rules.correction)
    for row in await tx.all("request_uncorrected", before=before, limit=100):
        after = await _change(tx, row, "expire", ended_at=to_us(now))
        if after:
            await requests.record(tx, after, audit.SYSTEM, "expired", now)
            await tell(tx, after, "expired", now=now)
            changed += 1
    return changed


async def _change(tx: Tx, row: Row, verb: str, **values: Any) -> Request | None:
    """The changed request; None when somebody else was faster, which settles it too."""
    chat = await requests.hold(tx, row["number"], row["chat"])
    try:
        request = replace(request_of(row), chat=chat)
        return await requests.change(tx, request, verb, **values)
    except Refused:
        return None
