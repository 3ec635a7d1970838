"""Reveals: full identity numbers and documents are shown only after the audit says to whom."""

from datetime import datetime, timedelta

from data.store import Row, Tx
from services import audit, requests
from services.officers import Officer
from services.refusals import NotFound
from services.requests import Request

ONE_LOOK = timedelta(hours=1)
"""A page that shows a picture again within this time is the same look of the same officer."""


async def reveal(tx: Tx, officer: Officer, number: str, *, now: datetime) -> Request:
    """The request with its unmasked report, for one look of *officer*."""
    request = await requests.for_officer(tx, officer, number)
    await requests.record(tx, request, officer.id, "revealed", now)
    return request


async def open_document(
    tx: Tx, officer: Officer, number: str, sha256: str, *, now: datetime
) -> Row:
    """``sha256, mime, size`` of a document of the request; raises `NotFound` for any other.

    Each look is noted once (`ONE_LOOK`): pages show pictures by themselves, and a trail of a
    hundred lines hides what matters.
    """
    request = await requests.for_officer(tx, officer, number)
    document = await tx.one("request_document_find", request=request.id, sha256=sha256)
    if document is None:
        raise NotFound("document")
    short, since = sha256[:12], now - ONE_LOOK
    look = {"actor": officer.id, "action": "document_viewed", "document": short}
    if not await audit.is_noted(tx, request.number, since=since, **look):
        await requests.record(tx, request, officer.id, "document_viewed", now, document=short)
    return document
