"""Deliveries: how far what we sent came, as a network that names our own rows tells it.

Its receipts come late, twice and in any order, some before our request was even answered. What
was told of a message only ever goes forward: ``sent``, ``failed``, ``delivered``, ``read``.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from data.instants import to_us
from data.store import Tx
from services import windows

TAG = re.compile(r"(?P<chat>.{1,100})/(?P<row>[0-9]{1,18})(?P<template>/t)?")

KEPT = timedelta(days=1)
"""How long a receipt waits for the template that it is about."""

FAILED = "failed"

SHUT = "window_closed"
"""The reason of a failure after which the message is tried again: it will be parked."""


def tag_of(chat: str, row: int) -> str:
    """What a message carries so that its receipts find the outbox *row* of *chat*."""
    return f"{chat}/{row}"


def template_tag_of(chat: str, row: int) -> str:
    """What a message template carries that is sent for the outbox *row* of *chat*."""
    return f"{tag_of(chat, row)}/t"


async def told(
    tx: Tx, tag: str, state: str, *, at: datetime, reference: str, reason: str = ""
) -> None:
    """A network told that the message with *tag* is in *state*; *reference* is its own name of it.

    A failure comes with its *reason*. A tag that is not ours changes nothing: the chat in it, which
    nobody can guess, tells the rows of this store from those of another.
    """
    found = TAG.fullmatch(tag)
    if found is None:
        return
    row = {"row": int(found["row"]), "chat": found["chat"]}
    instant = to_us(at)
    if found["template"]:
        about = {"outbox": row["row"], "provider_ref": reference, "state": state, "error": reason}
        await _template(tx, found["chat"], about, at)
        return
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


async def _template(tx: Tx, chat: str, about: Mapping[str, Any], at: datetime) -> None:
    """What was told of a template; it waits where that was sent and is not noted yet."""
    await tx.one("identity_held", chat=chat)  # as whoever notes it
    known = await tx.one(
        "template_known", outbox=about["outbox"], provider_ref=about["provider_ref"]
    )
    if known is not None:
        await tx.run("template_told", **about)
        return
    await tx.run("template_early_old", before=to_us(at - KEPT))
    await tx.run("template_early", chat=chat, at=to_us(at), **about)


async def early_template(tx: Tx, row: int) -> str:
    """The template for the outbox *row* that arrived and is not noted yet, '' for none."""
    found = await tx.one("template_early_sent", outbox=row)
    return str(found["provider_ref"]) if found else ""


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


class Recipient(msgspec.Struct, frozen=True):
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
