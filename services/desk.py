"""Telling a participant's chat what an officer did: an event in the chat's own inbox.

It is written in the officer's transaction; a turn of the chat says it afterwards.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from data.instants import to_us
from data.store import Tx
from flows.events import ENCODER, Desk
from services import requests
from services.requests import Request

AT_ONCE: Final = timedelta()
"""How long something waits that the participant hears as soon as it is committed."""


async def tell(
    tx: Tx,
    request: Request,
    action: str,
    *,
    now: datetime,
    officer: str = "",
    wait: timedelta = AT_ONCE,
    **words: Any,
) -> None:
    """Put `Desk` into the inbox; *request* is the request after the change.

    *officer* is the name the participant reads; *words* are the other fields of `Desk`. A
    request's version names the event, so one change is told once. It is told after *wait*, but
    never before what an officer said to this chat earlier.
    """
    event = Desk(
        action=action,
        ticket=request.number,
        service=request.service,
        branch=request.branch,
        officer=officer,
        **words,
    )
    put = await tx.one(
        "desk_event",
        provider_id=event_id(request),
        chat=request.chat,
        body=ENCODER.encode(event),
        now=to_us(now),
        due_at=to_us(now + wait),
    )
    assert put is not None  # the statement always returns its row
    await tx.run("chat_wake", chat=request.chat, due_at=put["due_at"])


def event_id(request: Request) -> str:
    """How the inbox names what was said about the change that led to *request*."""
    return f"{request.number}/{request.version}"


async def tell_later(
    tx: Tx,
    *,
    chat: str,
    ticket: str,
    service: str,
    branch: str,
    action: str,
    name: str,
    now: datetime,
    due: datetime,
) -> None:
    """As `tell`, at *due*; an earlier notice of the same *action* that still waits is replaced.

    *name* tells this notice from earlier ones about the ticket; of the same name only one is told.
    """
    chat = await requests.hold(tx, ticket, chat)
    await tx.run("desk_notice_drop", chat=chat, pattern=f"{ticket}/{action}/%")
    event = Desk(action=action, ticket=ticket, service=service, branch=branch)
    await tx.run(
        "desk_notice",
        provider_id=f"{ticket}/{action}/{name}",
        chat=chat,
        body=ENCODER.encode(event),
        now=to_us(now),
        due_at=to_us(due),
    )
    await tx.run("chat_wake", chat=chat, due_at=to_us(due))
