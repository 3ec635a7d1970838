"""The conversation of a request: what participant, officer and colleagues wrote, in order."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from data.instants import to_us
from data.store import Tx
from forms.cleaning import readable
from forms.fields import Document
from services import requests
from services.arrivals import Arrival, arrival
from services.desk import AT_ONCE
from services.leases import Rules
from services.officers import Officer
from services.refusals import Refused
from services.requests import Request
from services.unsent import announce

LONGEST = 3500
"""Characters of a reply: a chat message holds 4,096, and the answer around it needs some."""


class Written(msgspec.Struct, frozen=True):
    """One message. *author* is ``participant``, ``officer``, ``note``, or ``bot`` for a correction.

    *officer* and *name* are of the officer who wrote, *document* is the sha256 of a file that was
    sent; '' for none. *arrival* tells how far it came, None where nobody was to read it.
    """

    at: int
    author: str
    officer: str
    name: str
    body: str
    document: str
    arrival: Arrival | None = None


async def reply(
    tx: Tx,
    officer: Officer,
    number: str,
    text: str,
    *,
    now: datetime,
    rules: Rules,
    wait: timedelta = AT_ONCE,
) -> Request:
    """Write to the participant; only who holds the request may, and at any hour.

    Until *wait* is over it can be taken back (`services.unsent`).
    """
    text = worded(text)
    request = await requests.held_by(tx, officer, number)
    after = await requests.change(tx, request, "reply", lease_until=to_us(now + rules.lease))
    message = await write(tx, after, "officer", text, officer=officer.id, now=now)
    await requests.record(tx, after, officer.id, "replied", now, characters=len(text))
    await announce(
        tx,
        request,
        after,
        "replied",
        officer=officer,
        message=message,
        now=now,
        wait=wait,
        text=text,
    )
    return after


async def note(tx: Tx, officer: Officer, number: str, text: str, *, now: datetime) -> None:
    """Write to colleagues; the participant never sees it."""
    text = worded(text)
    request = await requests.for_officer(tx, officer, number, "serve")
    await write(tx, request, "note", text, officer=officer.id, now=now)
    await requests.record(tx, request, officer.id, "noted", now, characters=len(text))


async def wrote(
    tx: Tx,
    chat: str,
    number: str,
    *,
    now: datetime,
    text: str = "",
    document: Document | None = None,
) -> Request:
    """The participant wrote to the officer; raises `NotFound` for another person's request."""
    request = await requests.for_participant(tx, chat, number)
    if document:
        await keep(tx, document, now)
    name = document.sha256 if document else ""
    await write(tx, request, "participant", text, document=name, now=now)
    return request


async def brought(tx: Tx, chat: str, document: Document, *, now: datetime) -> Request | None:
    """The participant sent *document* unasked: it joins the open request that was promised one.

    None where there is no such request; nothing is kept then.
    """
    row = await tx.one("request_promised", chat=chat)
    if row is None:
        return None
    return await wrote(tx, chat, row["number"], now=now, document=document)


async def keep(tx: Tx, document: Document, now: datetime) -> None:
    """Note that a document belongs to some request; its bytes are stored already."""
    await tx.run(
        "document_keep",
        sha256=document.sha256,
        mime=document.mime,
        size=document.size,
        now=to_us(now),
    )


_WRITTEN = ("at", "author", "officer", "name", "body", "document")


async def messages(tx: Tx, request: Request) -> Sequence[Written]:
    """Everything that was written, oldest first."""
    return [
        Written(**{name: row[name] for name in _WRITTEN}, arrival=arrival(row))
        for row in await tx.all("conversation", request=request.id)
    ]


async def write(
    tx: Tx,
    request: Request,
    author: str,
    text: str,
    *,
    now: datetime,
    officer: str = "",
    document: str = "",
) -> int:
    """Add one message to a conversation; its number.

    Bidi and control characters could forge what is read.
    """
    row = await tx.one(
        "message_add",
        request=request.id,
        now=to_us(now),
        author=author,
        officer=officer,
        body=readable(text),
        document=document,
    )
    assert row is not None  # the statement always returns its row
    return int(row["id"])


def worded(text: str) -> str:
    """What an officer wrote, trimmed; raises `Refused` when it is empty or too long to send."""
    text = tidy(text)
    if not text:
        raise Refused("petugas.kosong")
    if len(text) > LONGEST:
        raise Refused("petugas.terlalu_panjang", length=len(text), limit=LONGEST)
    return text


def tidy(text: str) -> str:
    """Text of a form as it is kept: trimmed, its line breaks without carriage returns."""
    return "\n".join(text.strip().splitlines())
