"""Telling a participant's chat what an officer did: an event in the chat's own inbox.

It is written in the officer's transaction; a turn of the chat says it afterwards.
"""

from datetime import datetime
from typing import Any

from data.instants import to_us
from data.store import Tx
from flows.events import ENCODER, Desk
from services.requests import Request


async def tell(
    tx: Tx, request: Request, action: str, *, now: datetime, officer: str = "", **words: Any
) -> None:
    """Put `Desk` into the inbox; *request* is the request after the change.

    *officer* is the name the participant reads; *words* are the other fields of `Desk`. A
    request's version names the event, so one change is told once.
    """
    event = Desk(
        action=action,
        ticket=request.number,
        service=request.service,
        branch=request.branch,
        officer=officer,
        **words,
    )
    await tx.run(
        "desk_event",
        provider_id=f"{request.number}/{request.version}",
        chat=request.chat,
        body=ENCODER.encode(event),
        now=to_us(now),
    )
    await tx.run("chat_wake", chat=request.chat, due_at=to_us(now))


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
    await tx.one("chat_lock", chat=chat)
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
