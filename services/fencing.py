"""Fencing: whoever changes a request says which state of it they have seen.

A page carries a token of what it shows: the request's version and its newest message. A form from
a page that no longer shows the present is refused, whoever changed it; the same form sent twice is
told from a second one.
"""

from typing import NamedTuple

from data.store import Tx
from services import requests
from services.conversation import tidy
from services.officers import Officer
from services.refusals import Refused
from services.requests import Request


class Seen(NamedTuple):
    """What a page shows of a request: its *version* and the number of its newest *message*."""

    version: int
    message: int

    def __str__(self) -> str:
        return f"{self.version}.{self.message}"


def read(token: str) -> Seen | None:
    """The token that a form carries, None where it has none."""
    version, _, message = token.partition(".")
    parts = (version, message)
    if not all(part.isdecimal() and part.isascii() and len(part) < 16 for part in parts):
        return None
    return Seen(int(version), int(message))


async def seen_now(tx: Tx, request: Request) -> Seen:
    """What a page that is drawn now shows."""
    row = await tx.one("message_last", request=request.id)
    return Seen(request.version, row["id"] or 0 if row else 0)


async def check_version(tx: Tx, officer: Officer, number: str, seen: Seen | None) -> None:
    """Raise `Refused` (``petugas.berubah``) when the request is another one than was *seen*.

    What was written meanwhile does not matter: for what says nothing to anybody, such as a tick.
    """
    request = await requests.to_change(tx, officer, number)
    if seen is None or request.version != seen.version:
        raise Refused("petugas.berubah", number=number)


async def is_done(
    tx: Tx,
    officer: Officer,
    number: str,
    seen: Seen | None,
    text: str = "",
    *,
    while_open: bool = False,
) -> bool:
    """Whether *officer* has done this from the same page already: wrote *text* since *seen*.

    Otherwise the page must show the present. Raises `Refused`: ``petugas.pesan_baru`` when
    somebody else wrote since, ``petugas.berubah`` when anything else changed; and
    ``petugas.sudah_berakhir`` for what is only done *while_open*, when the request has ended. The
    chat is held, so that nothing comes in between.
    """
    request = await requests.to_change(tx, officer, number)
    if seen is None:
        raise Refused("petugas.berubah", number=number)
    text, since = tidy(text), await tx.all("message_since", request=request.id, id=seen.message)
    own = [row["body"] for row in since if row["officer"] == officer.id]
    # a refusal with a date ends in one more line than was typed
    if text and any(f"{body}\n".startswith(f"{text}\n") for body in own):
        return True
    stale = request.version != seen.version or since
    if while_open and stale and request.ended_at is not None:
        raise Refused("petugas.sudah_berakhir", number=number)
    if len(own) < len(since):
        raise Refused("petugas.pesan_baru")
    if request.version != seen.version or own:
        raise Refused("petugas.berubah", number=number)
    return False
