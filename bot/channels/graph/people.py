"""Whose chat it is that something was heard in, when they wrote, and the event of it."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from bot.channels.graph.heard import Heard
from data.instants import from_us, to_us
from data.store import NewEvent, Tx
from flows.events import ENCODER
from services import identities


async def chat_of(tx: Tx, channel: str, names: Sequence[str], now: datetime) -> str:
    """The chat of a person on *channel*; a common one for what came from nobody."""
    if not names:
        return f"{channel}:?"
    return await identities.chat_of(tx, channel, names, now=now)


async def event_of(tx: Tx, channel: str, heard: Heard, now: datetime) -> NewEvent:
    """The event of what was *heard* on *channel*; the time of it is noted with its person."""
    chat = await chat_of(tx, channel, heard.names, now)
    if heard.event is not None:
        await identities.heard(tx, chat, min(instant(heard.moment), now))
    received = to_us(now)
    return NewEvent(
        channel=channel,
        provider_id=heard.id,
        chat=chat,
        body=ENCODER.encode(heard.event) if heard.event is not None else heard.raw,
        received_at=received,
        due_at=received,
        rank=heard.moment,
        media=msgspec.json.encode(heard.file).decode() if heard.file else "",
        dead=heard.dead,
    )


def instant(moment: int) -> datetime:
    """The time of a *moment* in milliseconds."""
    return from_us(moment * 1000)
