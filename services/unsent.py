"""What an officer said that has not left yet: for a few seconds it can be taken back.

The change is committed at once; only its event waits in the participant's inbox. Whoever takes
that event out of the inbox first decides: the turn that says it, or the officer who takes it back.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from data.instants import to_us
from data.store import Row, Tx
from services import finding, requests
from services.desk import event_id, tell
from services.officers import Officer
from services.refusals import NotFound, Refused
from services.requests import Request, to_json

RESTORED: Final = (
    *("status", "branch", "officer", "lease_until", "correction_step"),
    *("claimed_at", "ended_at", "outcome", "reason", "reason_code", "due_at", "promised"),
)
"""What a request gets back when its change is taken back."""

SAID: Final = frozenset(("replied", "correction_asked", "finished", "refused", "transferred"))
"""Actions of the audit that can be taken back."""
TAKEN_BACK: Final = "taken_back"


class Unsent(msgspec.Struct, frozen=True):
    """Something that waits: *was* is what the request was before.

    *text* is what the conversation has of it, *typed* the form it came from (empty where it was
    not a form).
    """

    id: int
    event: str
    officer: str
    action: str
    due_at: int
    version: int
    was: Mapping[str, Any]
    message: int
    text: str
    typed: Mapping[str, str]


async def announce(
    tx: Tx,
    before: Request,
    after: Request,
    action: str,
    *,
    officer: Officer,
    message: int,
    now: datetime,
    wait: timedelta,
    **words: Any,
) -> None:
    """As `services.desk.tell`; until *wait* is over, *officer* may `take_back` what was said.

    *message* is its number in the conversation.
    """
    await tell(tx, after, action, now=now, officer=officer.name, wait=wait, **words)
    await tx.run("message_told", id=message, told=event_id(after))
    if not wait:
        return
    await tx.run("unsent_old", now=to_us(now))
    was = {name: getattr(before, name) for name in RESTORED}
    await tx.run(
        "unsent_add",
        event=event_id(after),
        request=after.id,
        officer=officer.id,
        action=action,
        due_at=to_us(now + wait),
        version=after.version,
        was=to_json(was),
        message=message,
    )


async def keep_form(tx: Tx, request: Request, typed: Mapping[str, str]) -> None:
    """Remember the form that led to *request*, to give it back when that is taken back."""
    await tx.run("unsent_typed", request=request.id, version=request.version, typed=to_json(typed))


async def waiting(tx: Tx, request: Request) -> Unsent | None:
    """The newest thing said about *request* that has not left, None where all has."""
    row = await tx.one("unsent_newest", request=request.id)
    return _unsent(row) if row else None


async def take_back(tx: Tx, officer: Officer, number: str, *, now: datetime) -> Unsent:
    """Take back the newest thing that *officer* said about a request: it is as if never said.

    Raises `Refused` (``petugas.sudah_terkirim``) when it has left or was another officer's, and
    (``petugas.berubah``) when somebody has changed the request since; `NotFound` for a request
    that is neither in reach nor has this officer ever said anything about it.
    """
    request = await requests.by_number(tx, number)
    await requests.hold(tx, number, request.chat)
    row = await tx.one("unsent_last", request=request.id)
    if row is None or row["officer"] != officer.id:
        if not officer.serves(request.branch) and not await _spoke(tx, officer, number):
            raise NotFound("request")
        raise Refused("petugas.sudah_terkirim", number=number)
    unsent = _unsent(row)
    if not await tx.run("desk_event_cancel", event=unsent.event):
        raise Refused("petugas.sudah_terkirim", number=number)
    restored = await tx.run("request_restore", id=request.id, version=unsent.version, **unsent.was)
    if not restored:
        raise Refused("petugas.berubah", number=number)
    await finding.move(tx, await requests.by_number(tx, number))
    await tx.run("message_remove", id=unsent.message)
    await tx.run("unsent_remove", id=unsent.id)
    await tx.run("unsent_follow", request=request.id, version=unsent.version)
    request = await requests.by_number(tx, number)
    await requests.record(tx, request, officer.id, TAKEN_BACK, now, what=unsent.action)
    return unsent


async def _spoke(tx: Tx, officer: Officer, number: str) -> bool:
    """Whether *officer* has said something about a request that may be out of reach by now."""
    trail = await tx.all("audit_of", object=number)
    return any(row["actor"] == officer.id and row["action"] in SAID for row in trail)


def kept(trail: Iterable[Row]) -> list[Row]:
    """The audit of one request, oldest first, without what was taken back: it never happened."""
    found: list[Row] = []
    for row in trail:
        if row["action"] != TAKEN_BACK:
            found.append(row)
            continue
        newest = max(n for n, one in enumerate(found) if one["action"] in SAID)
        del found[newest]
    return found


def _unsent(row: Mapping[str, Any]) -> Unsent:
    return Unsent(
        id=row["id"],
        event=row["event"],
        officer=row["officer"],
        action=row["action"],
        due_at=row["due_at"],
        version=row["version"],
        was=msgspec.json.decode(row["was"]),
        message=row["message"],
        text=row["text"],
        typed=msgspec.json.decode(row["typed"]),
    )
