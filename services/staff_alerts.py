"""Alerts: what officers hear of on the telephone without asking, each thing once.

Looked for in the store every few seconds, and only while the branch is open. What is new goes into
the inbox of the officer's chat in the same transaction that notes it as told.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final

import msgspec

from data.instants import to_us
from data.store import Row, Tx
from services.hours import Calendar

MORNING: Final = timedelta(hours=2)
"""How long after the opening the digest still comes, if the program was down."""

BYGONE: Final = timedelta(days=1)
"""Who links an account is not told of what was over before that."""


class Alert(msgspec.Struct, frozen=True, tag="alert"):
    """Something to tell an officer: *kind* is ``urgent``, ``near``, ``over`` or ``digest``."""

    kind: str
    numbers: tuple[str, ...] = ()


class News(msgspec.Struct, frozen=True):
    """What an officer may have to be told: names of things, and the tickets they stand for."""

    kind: str
    officer: str
    chat: str
    things: tuple[str, ...]
    numbers: tuple[str, ...] = ()


_ENCODE = msgspec.json.Encoder().encode


async def news(tx: Tx, *, now: datetime, calendar: Calendar, near: timedelta) -> Sequence[News]:
    """What nobody was told of yet; *near* is how long before a deadline it is called near."""
    due = "staff_news_deadline"
    soon, past = to_us(now + near), to_us(now - BYGONE)
    found = [
        *_each("urgent", await tx.all("staff_news_urgent"), calendar, now),
        *_each("near", await tx.all(due, kind="near", after=to_us(now), until=soon), calendar, now),
        *_each("over", await tx.all(due, kind="over", after=past, until=to_us(now)), calendar, now),
    ]
    for row in await tx.all("staff_digests"):
        day = now.astimezone(calendar.branches[row["branch"]].zone).date().isoformat()
        if row["told"] < day and _opened(row["branch"], calendar, now):
            found.append(News("digest", row["officer"], row["chat"], (day,)))
    return found


async def tell(tx: Tx, found: Sequence[News], *, now: datetime) -> None:
    """Put what was *found* into the chats, unless another process has done so meanwhile."""
    for one in found:
        fresh = [thing for thing in one.things if await _is_new(tx, one, thing, now)]
        if fresh:
            await tx.run(
                "staff_event",
                provider_id=f"{one.officer}/{one.kind}/{fresh[0]}",
                chat=one.chat,
                body=_ENCODE(Alert(one.kind, one.numbers)),
                now=to_us(now),
            )
            await tx.run("chat_wake", chat=one.chat, due_at=to_us(now))


async def _is_new(tx: Tx, one: News, thing: str, now: datetime) -> bool:
    values = {"officer": one.officer, "kind": one.kind, "thing": thing}
    return await tx.one("staff_alert_once", **values, now=to_us(now)) is not None


def _each(kind: str, rows: Sequence[Row], calendar: Calendar, now: datetime) -> Iterator[News]:
    """One message for each officer, of the requests at branches that are open."""
    shown = [row for row in rows if calendar.is_open(row["branch"], now)]
    for (officer, chat), own in groupby(shown, lambda row: (row["officer"], row["chat"])):
        all_own = list(own)
        things = tuple(row["thing"] for row in all_own)
        yield News(kind, officer, chat, things, tuple(row["number"] for row in all_own))


def _opened(branch: str, calendar: Calendar, now: datetime) -> bool:
    """Whether *branch* is open, and was shut a while ago."""
    return calendar.is_open(branch, now) and not calendar.is_open(branch, now - MORNING)
