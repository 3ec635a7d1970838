"""The same person in another chat: a one-time code, and the requests that go along.

Whoever shows the code of a chat goes on with its requests: nothing else that somebody may know, a
ticket's number or a NIK, leads from one chat to another.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from msgspec import structs

from data.instants import to_us
from data.store import Tx
from flows.events import HandOver, TakeOver
from forms.masking import mask
from services import audit, buckets, codes, inside, requests
from services.buckets import Rate
from services.refusals import Refused
from services.requests import Request, request_of

LENGTH: Final = 10
"""Letters of a code, of 31 each: whoever guesses from as many chats as they like hits none."""
MINUTES: Final = 10

WRONG: Final = Rate(burst=5, every=timedelta(minutes=3))
"""Wrong codes of one chat. All chats have no limit together: anybody could use that up for all."""

FOLLOWED: Final = "followed"
CHANNEL: Final = "link"
"""The channel of what the two chats tell each other."""


async def make_code(tx: Tx, chat: str, *, now: datetime, reopen: timedelta) -> str | None:
    """The code that lets another chat go on with the requests of *chat*; None where it has none.

    A code made before it counts no more. Only its hash is stored.
    """
    if not await _following(tx, chat, now=now, reopen=reopen):
        return None
    code = codes.make(LENGTH)
    await tx.run("link_code_old", now=to_us(now))
    await tx.run(
        "link_code_put",
        chat=chat,
        code_hash=codes.digest(code),
        expires_at=to_us(now + timedelta(minutes=MINUTES)),
    )
    return code


async def use_code(tx: Tx, chat: str, code: str, *, now: datetime) -> None:
    """Use the *code* of another chat in *chat*: that chat's turn hands its requests over.

    Raises `Refused`: ``sambung.di_sini`` for this chat's own code, and ``sambung.salah`` for every
    other that does not count, be it wrong, old or used, and beyond the limit of `WRONG`.
    """
    name, digest = f"{FOLLOWED}:{chat}", codes.digest(codes.tidy(code))
    if not await buckets.has(tx, name, WRONG, now=now):
        raise Refused("sambung.salah", menit=MINUTES)
    if await tx.one("link_code_own", chat=chat, code_hash=digest, now=to_us(now)):
        raise Refused("sambung.di_sini")
    used = await tx.one("link_code_use", chat=chat, code_hash=digest, now=to_us(now))
    if used is None:
        await buckets.take(tx, name, WRONG, now=now)
        raise Refused("sambung.salah", menit=MINUTES)
    # behind what was written there before: that still belongs to the requests
    name = f"hand/{digest}/{to_us(now)}"
    await inside.put(tx, CHANNEL, used["chat"], HandOver(chat), name, now=now)


async def hand_over(
    tx: Tx, chat: str, taken: TakeOver, *, to: str, event: int, now: datetime, reopen: timedelta
) -> Sequence[Request]:
    """Hand the requests of *chat*, which is held, to the chat *to*, with what its session *taken*
    knows of them; they come back as they are now.

    What waits to be told goes along. *event* is that of the turn.
    """
    followed = []
    for request in await _following(tx, chat, now=now, reopen=reopen):
        await tx.run("request_follow", id=request.id, to=to)
        await tx.run("desk_events_follow", chat=chat, to=to, pattern=f"{request.number}/%")
        names = {"before": masked(chat), "to": masked(to)}
        await requests.record(tx, request, audit.PARTICIPANT, FOLLOWED, now, **names)
        followed.append(request)
    tickets = [one.number for one in sorted(followed, key=lambda one: one.filed_at)]
    taken = structs.replace(taken, tickets=tickets)
    # before all that comes to that chat about these requests
    await inside.put(tx, CHANNEL, to, taken, f"take/{event}", now=now, first=True)
    await tx.run("link_code_end", chat=chat)
    return followed


def masked(chat: str) -> str:
    """``telegram:••••••1234``: a chat as others may read it."""
    channel, _, name = chat.partition(":")
    return f"{channel}:{mask(name)}"


async def _following(tx: Tx, chat: str, *, now: datetime, reopen: timedelta) -> Sequence[Request]:
    """What goes along: requests that are open, and those that may be opened again."""
    rows = await tx.all("requests_to_follow", chat=chat, since=to_us(now - reopen))
    return [request_of(row) for row in rows]
