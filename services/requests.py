"""Requests as the branch keeps them: reading one within its reach, and changing one."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from data.store import Row, Tx
from services import audit, officers
from services.officers import Officer
from services.refusals import NotFound, Refused
from services.request_life import move
from services.rights import Right


class Request(msgspec.Struct, frozen=True):
    """A filed request. Instants are microseconds since the epoch, None when not yet reached.

    *report* and *report_masked* are snapshots and never rendered again. *version* rises with
    every change. *queued_at* is since when it waits, *due_at* by when it should have ended; with
    *priority* they make the place in the queue. *promised* is the opening that the participant was
    told. *correction_step* are the steps that are corrected, with blanks between. *reason_code* is
    the coded reason of the ending (`services.reasons`).
    """

    id: int
    number: str
    submission: str
    chat: str
    service: str
    branch: str
    status: str
    answers: Mapping[str, Any]
    report: str
    report_masked: str
    flags: tuple[str, ...]
    digest: str
    officer: str
    lease_until: int | None
    correction_step: str
    queued_at: int
    due_at: int
    priority: int
    filed_at: int
    claimed_at: int | None
    ended_at: int | None
    outcome: str
    reason: str
    reason_code: str
    version: int
    promised: int | None


def request_of(row: Row) -> Request:
    values = dict(row)
    values["answers"] = msgspec.json.decode(values["answers"])
    values["flags"] = tuple(msgspec.json.decode(values["flags"]))
    return Request(**values)


def to_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


async def by_number(tx: Tx, number: str) -> Request:
    """The request with this ticket number, for nobody in particular; raises `NotFound`."""
    row = await tx.one("request_by_number", number=number)
    if row is None:
        raise NotFound("request")
    return request_of(row)


async def for_officer(tx: Tx, officer: Officer, number: str, needs: Right = "read") -> Request:
    """The request, when *officer* may see it; another branch's is `NotFound` like an unknown one.

    Every officer's way to a request goes through here. *needs* is the right it takes.
    """
    officers.check(officer, needs)
    row = await tx.one("request_for_officer", number=number, viewer=officer.id)
    if row is None:
        raise NotFound("request")
    return request_of(row)


async def for_participant(tx: Tx, chat: str, number: str, service: str = "") -> Request:
    """The participant's own request, the newest (of *service*) for ''; another's is `NotFound`."""
    if number:
        row = await tx.one("request_by_number", number=number.strip().upper())
    elif service:
        row = await tx.one("request_latest_of", chat=chat, service=service)
    else:
        row = await tx.one("request_latest", chat=chat)
    if row is None or row["chat"] != chat:
        raise NotFound("request")
    return request_of(row)


async def to_change(tx: Tx, officer: Officer, number: str) -> Request:
    """As `for_officer`, with the participant's chat held, for who may serve.

    A turn holds the chat before it touches its requests; in any other order the two could wait
    for each other. Where the participant went on in another chat meanwhile, that one is held.
    """
    request = await for_officer(tx, officer, number, "serve")
    while True:
        await tx.one("chat_lock", chat=request.chat)
        held, request = request.chat, await for_officer(tx, officer, number, "serve")
        if request.chat == held:
            return request


async def hold(tx: Tx, number: str, chat: str) -> str:
    """Hold the chat of a request that was of *chat* a moment ago; its chat now (as `to_change`)."""
    while True:
        await tx.one("chat_lock", chat=chat)
        row = await tx.one("request_chat", number=number)
        if row is None or row["chat"] == chat:
            return chat
        chat = row["chat"]


async def hold_all(tx: Tx, rows: Iterable[Row]) -> None:
    """Hold the chats of several requests in one order, so that nobody who does this waits for
    another who does."""
    for chat in sorted({row["chat"] for row in rows}):
        await tx.one("chat_lock", chat=chat)


async def held_by(tx: Tx, officer: Officer, number: str) -> Request:
    """As `to_change`, for what only the officer who holds the request may do."""
    request = await to_change(tx, officer, number)
    if request.officer != officer.id:
        raise Refused("petugas.bukan_milik", number=number)
    return request


def check_hold(officer: Officer, request: Request) -> None:
    """Moving a request needs its holder or a supervisor."""
    if request.officer != officer.id and not officer.supervises:
        raise Refused("petugas.bukan_milik", number=request.number)


async def change(tx: Tx, request: Request, verb: str, **values: Any) -> Request:
    """Carry out *verb* of the request's life and write *values*; the request as it is now.

    Raises `Refused` when its status does not allow the verb, or when somebody changed the
    request since it was read.
    """
    after = replace(request, status=move(request.status, verb), **values)
    changed = await tx.run(
        "request_change",
        id=request.id,
        version=request.version,
        status=after.status,
        branch=after.branch,
        officer=after.officer,
        lease_until=after.lease_until,
        correction_step=after.correction_step,
        claimed_at=after.claimed_at,
        ended_at=after.ended_at,
        outcome=after.outcome,
        reason=after.reason,
        reason_code=after.reason_code,
        answers=to_json(after.answers),
        report=after.report,
        report_masked=after.report_masked,
        flags=to_json(after.flags),
    )
    if not changed:
        raise Refused("petugas.berubah", number=request.number)
    return replace(after, version=request.version + 1)


async def record(
    tx: Tx, request: Request, actor: str, action: str, now: datetime, **detail: Any
) -> None:
    """Note in the audit what *actor* did to *request*."""
    await audit.note(
        tx,
        now=now,
        actor=actor,
        action=action,
        thing=request.number,
        branch=request.branch,
        **detail,
    )
