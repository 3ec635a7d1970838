"""Links: which Telegram chat an officer works in, made by a code from the console."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from data.instants import from_us, to_us
from data.store import Tx
from services import audit, codes, officers
from services.officers import ALL_BRANCHES, Officer, officer_of
from services.refusals import NotFound, Refused

KINDS: Final = ("urgent", "deadline", "digest")
"""What alerts there are."""

LENGTH: Final = 10

MOST_TRIES: Final = 5
PAUSE: Final = timedelta(minutes=15)
"""A chat may give so many wrong codes within this time."""


class Link(msgspec.Struct, frozen=True):
    """The chat of an officer since when, and the alerts that are switched off there."""

    chat: str
    since: datetime
    silent: frozenset[str]


async def make_code(tx: Tx, officer: Officer, *, now: datetime, lasts: timedelta) -> str:
    """A code that links the chat in which it is written, once and within *lasts*.

    A code made before it counts no more. Only its hash is stored.
    """
    code = codes.make(LENGTH)
    await tx.run(
        "staff_code_put",
        officer=officer.id,
        code_hash=codes.digest(code),
        expires_at=to_us(now + lasts),
    )
    return code


async def use_code(tx: Tx, chat: str, code: str, *, now: datetime) -> Officer:
    """Link *chat* with the officer whose code this is; the chat that was linked before is not.

    Raises `Refused` (``staf.kode_salah``) for a used, old or unknown code alike.
    """
    row = await tx.one("staff_code_use", code_hash=codes.digest(codes.tidy(code)), now=to_us(now))
    if row is None:
        raise Refused("staf.kode_salah")
    officer = await officers.find(tx, row["officer"])
    freed = await tx.one("staff_link_free", chat=chat, officer=officer.id)
    if freed is not None:
        await _note(tx, await officers.find(tx, freed["officer"]), "telegram_unlinked", now)
    silent = KINDS if officer.branch == ALL_BRANCHES else ()
    await tx.run(
        "staff_link_put", officer=officer.id, chat=chat, now=to_us(now), silent=_join(silent)
    )
    await _note(tx, officer, "telegram_linked", now)
    return officer


def is_code(text: str) -> bool:
    """Whether *text* may be a code: nothing else has so many letters and no other words."""
    return len(codes.tidy(text)) == LENGTH and len(text.strip()) <= LENGTH + 2


def may_try(wrong: Sequence[int], now: datetime) -> bool:
    """Whether a chat that gave wrong codes at the instants *wrong* may give another one."""
    return len(recent(wrong, now)) < MOST_TRIES


def recent(wrong: Sequence[int], now: datetime) -> list[int]:
    """Those of the instants *wrong* that still count."""
    return [at for at in wrong if from_us(at) + PAUSE > now]


async def unlink(tx: Tx, officer: Officer, *, now: datetime, by: str = "") -> None:
    """The officer's chat, if there is one, is only a chat again, and no code is left to link one.

    *by* is who does it, unless it is the officer.
    """
    await tx.run("staff_code_end", officer=officer.id)
    if await tx.one("staff_link_end", officer=officer.id):
        await officers.record(tx, officer, by or officer.id, "telegram_unlinked", now)


async def who(tx: Tx, chat: str) -> Officer:
    """Who works in *chat*; raises `NotFound` where nobody does who may sign in."""
    row = await tx.one("staff_officer", chat=chat)
    if row is None:
        raise NotFound("officer")
    return await officer_of(tx, row)


async def link_of(tx: Tx, officer: Officer) -> Link | None:
    """The officer's link, None without one."""
    row = await tx.one("staff_link_of", officer=officer.id)
    if row is None:
        return None
    silent = frozenset(row["silent"].split(",")) & frozenset(KINDS)
    return Link(row["chat"], from_us(row["linked_at"]), silent)


async def switch(tx: Tx, officer: Officer, kind: str, *, on: bool) -> None:
    """Switch the alerts of one of `KINDS` on or off; raises `NotFound` for another kind."""
    link = await link_of(tx, officer)
    if kind not in KINDS or link is None:
        raise NotFound("alert")
    silent = link.silent - {kind} if on else link.silent | {kind}
    await tx.run("staff_link_silent", officer=officer.id, silent=_join(silent))


async def _note(tx: Tx, officer: Officer, action: str, now: datetime) -> None:
    await audit.note(
        tx, now=now, actor=officer.id, action=action, thing=officer.id, branch=officer.branch
    )


def _join(kinds: Sequence[str] | frozenset[str]) -> str:
    return ",".join(kind for kind in KINDS if kind in kinds)
