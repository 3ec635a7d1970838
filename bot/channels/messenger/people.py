"""What a delivery says, in the store: whose chat it is, when they wrote, what arrived."""

from collections.abc import Sequence
from datetime import datetime

from bot.channels.graph.heard import Heard
from bot.channels.graph.people import chat_of, event_of, instant
from bot.channels.messenger.decode import Item, Receipt
from data.store import NewEvent, Tx
from services import deliveries

CHANNEL = "messenger"


async def stored(tx: Tx, items: Sequence[Item], now: datetime) -> list[NewEvent]:
    """Note receipts and the times of people's words; the events of what they did."""
    events = []
    for item in items:
        match item:
            case Receipt():
                chat, at = await chat_of(tx, CHANNEL, item.names, now), instant(item.moment)
                if item.ids:
                    await deliveries.reached(tx, chat, item.ids, at)
                else:
                    await deliveries.read_until(tx, chat, at)
            case Heard():
                events.append(await event_of(tx, CHANNEL, item, now))
    return events
