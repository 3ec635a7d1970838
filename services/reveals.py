"""Reveals: full identity numbers and files are shown only after the audit says to whom."""

from datetime import datetime, timedelta

from data.store import Row, Tx
from services import audit, requests
from services.officers import Officer
from services.refusals import NotFound
from services.requests import Request

ONE_LOOK = timedelta(minutes=10)
"""Within this time the same officer's pages show the same again, as one look in the audit."""


async def reveal(tx: Tx, officer: Officer, number: str, *, now: datetime) -> None:
    """Let *officer* see the unmasked report for `ONE_LOOK`."""
    request = await requests.for_officer(tx, officer, number, "reveal")
    await requests.record(tx, request, officer.id, "revealed", now)


async def is_revealed(tx: Tx, officer: Officer, request: Request, *, now: datetime) -> bool:
    """Whether the audit has a look of *officer* that has not ended."""
    return await audit.is_noted(
        tx, request.number, since=now - ONE_LOOK, actor=officer.id, action="revealed"
    )


async def take_report(
    tx: Tx, officer: Officer, number: str, *, full: bool, now: datetime
) -> Request | None:
    """The request whose report *officer* takes away as a file; the trail says which variant.

    None for the full one when the officer has no look open (`is_revealed`).
    """
    request = await requests.for_officer(tx, officer, number, "reveal" if full else "read")
    if full and not await is_revealed(tx, officer, request, now=now):
        return None
    is_taken = audit.is_noted(
        tx, number, since=now - ONE_LOOK, actor=officer.id, action="report_taken", full=full
    )
    if not await is_taken:
        await requests.record(tx, request, officer.id, "report_taken", now, full=full)
    return request


async def open_document(
    tx: Tx, officer: Officer, number: str, sha256: str, *, now: datetime
) -> Row:
    """``sha256, mime, size`` of a document of the request; raises `NotFound` for any other.

    Each look is noted once (`ONE_LOOK`): pages show pictures by themselves, and a trail of a
    hundred lines hides what matters.
    """
    request = await requests.for_officer(tx, officer, number, "reveal")
    document = await tx.one("request_document_find", request=request.id, sha256=sha256)
    if document is None:
        raise NotFound("document")
    name, since = trail_name(sha256), now - ONE_LOOK
    look = {"actor": officer.id, "action": "document_viewed", "document": name}
    if not await audit.is_noted(tx, request.number, since=since, **look):
        await requests.record(tx, request, officer.id, "document_viewed", now, document=name)
    return document


async def turn_document(
    tx: Tx, officer: Officer, number: str, sha256: str, *, quarters: int
) -> None:
    """Remember that a document of the request is to be turned by *quarters* more to the right."""
    request = await requests.for_officer(tx, officer, number)
    if await tx.one("request_document_find", request=request.id, sha256=sha256) is None:
        raise NotFound("document")
    await tx.run("document_turn", sha256=sha256, quarters=quarters)


def trail_name(sha256: str) -> str:
    """How the trail names a document: enough of its hash to find it, without a long number."""
    return audit.mask(sha256[:12])
