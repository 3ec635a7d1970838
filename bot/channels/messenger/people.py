"""What a delivery says, in the store: whose chat it is, when they wrote, what arrived."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from bot.channels.messenger.decode import Heard, Item, Receipt
from data.instants import from_us, to_us
from data.store import NewEvent, Tx
from flows.events import ENCODER
from services import deliveries, identities

CHANNEL = "messenger"

NOBODY = f"{CHANNEL}:?"
"""The chat of what came from nobody who can be told."""


def name_of(page_id: str, person: str) -> str:
    """The name of a *person*, whose id counts on this page only."""
    return f"psid:{page_id}:{person}"


async def stored(tx: Tx, items: Sequence[Item], *, page_id: str, now: datetime) -> list[NewEvent]:
    """Note receipts and the times of people's words; the events of what they did."""
    events = []
    for item in items:
        chat = await _chat(tx, item, page_id, now)
        match item:
            case Receipt(ids=[], moment=moment):
                await deliveries.read_until(tx, chat, _instant(moment))
            case Receipt(ids=ids, moment=moment):
                await deliveries.reached(tx, chat, ids, _instant(moment))
            case Heard():
                events.append(await _event(tx, item, chat, now))
    return events


async def _chat(tx: Tx, item: Item, page_id: str, now: datetime) -> str:
    if not item.person:
        return NOBODY
    name = name_of(page_id, item.person)
    return await identities.chat_of(tx, CHANNEL, [name], now=now)


async def _event(tx: Tx, heard: Heard, chat: str, now: datetime) -> NewEvent:
    if heard.event is not None:
        await identities.heard(tx, chat, min(_instant(heard.moment), now))
    received = to_us(now)
    return NewEvent(
        channel=CHANNEL,
        provider_id=heard.id,
        chat=chat,
        body=ENCODER.encode(heard.event) if heard.event is not None else heard.raw,
        received_at=received,
        due_at=received,
        rank=heard.moment,
        media=msgspec.json.encode(heard.file).decode() if heard.file else "",
        dead=heard.dead,
    )


def _instant(moment: int) -> datetime:
    return from_us(moment * 1000)
