"""Deliveries: how far what we sent came, as a network that names our own rows tells it.

Its receipts come late, twice and in any order, some before our request was even answered. What
was told of a message only ever goes forward: ``sent``, ``failed``, ``delivered``, ``read``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from data.instants import to_us
from data.store import Tx
from services import windows

TAG = re.compile(r"(?P<chat>.{1,100})/(?P<row>[0-9]{1,18})")

FAILED = "failed"

SHUT = "window_closed"
"""The reason of a failure after which the message is tried again: it will be parked."""


def tag_of(chat: str, row: int) -> str:
    """What a message carries so that its receipts find the outbox *row* of *chat*."""
    return f"{chat}/{row}"


async def told(
    tx: Tx, tag: str, state: str, *, at: datetime, reference: str, reason: str = ""
) -> None:
    """A network told that the message with *tag* is in *state*; *reference* is its own name of it.

    A failure comes with its *reason*. A tag that is not ours changes nothing: the chat in it, which
    nobody can guess, tells the rows of this store from those of another. Without a tag it is a
    template.
    """
    found = TAG.fullmatch(tag)
    if found is None:
        if not tag and reference:
            await tx.run("template_told", state=state, error=reason, provider_ref=reference)
        return
    row = {"row": int(found["row"]), "chat": found["chat"]}
    instant = to_us(at)
    if reason == SHUT:
        await windows.shut(tx, found["chat"], at)
        if await tx.run("delivery_shut", provider_ref=reference, **row):
            await tx.run("delivery_forget", row=row["row"])
        return
    await tx.run(
        "delivery_told", state=state, error=reason, at=instant, provider_ref=reference, **row
    )
    if state == FAILED:
        await tx.run("delivery_failed", error=reason, at=instant, provider_ref=reference, **row)
    else:
        await tx.run("delivery_arrived", at=instant, provider_ref=reference, **row)


async def reached(tx: Tx, chat: str, references: Sequence[str], at: datetime) -> None:
    """A network that carries no tag told that the messages of *chat* it calls so were delivered."""
    for reference in references:
        for row in await tx.all("delivery_called", chat=chat, provider_ref=reference):
            await _told(tx, chat, row["id"], "delivered", at)


async def read_until(tx: Tx, chat: str, at: datetime) -> None:
    """It told that the person of *chat* has read all that was sent to them until *at*."""
    for row in await tx.all("delivery_unread", chat=chat, at=to_us(at)):
        await _told(tx, chat, row["id"], "read", at)


async def _told(tx: Tx, chat: str, row: int, state: str, at: datetime) -> None:
    told = {"state": state, "error": "", "at": to_us(at), "provider_ref": ""}
    await tx.run("delivery_told", row=row, chat=chat, **told)


@dataclass(frozen=True)
class Recipient:
    """Whoever is to read a message: their *names*, the newest first.

    *arrived* tells that this very message was taken already, when its sending seemed to fail.
    """

    names: tuple[str, ...] = ()
    arrived: bool = False

    def named(self, kind: str) -> str:
        """The newest name of this *kind*, without it; '' for none."""
        begin = f"{kind}:"
        return next((n.removeprefix(begin) for n in self.names if n.startswith(begin)), "")


async def recipient(tx: Tx, chat: str, row: int) -> Recipient:
    """Who reads the outbox *row* of *chat*; without names where nobody is known."""
    rows = await tx.all("delivery_recipient", chat=chat, row=row)
    if not rows:
        return Recipient()
    state = rows[0]["state"]
    return Recipient(
        names=tuple(one["external"] for one in rows),
        arrived=state is not None and state != FAILED,
    )
