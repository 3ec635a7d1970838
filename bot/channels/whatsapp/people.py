"""What a delivery says, in the store: whose names these are, when they wrote, what arrived."""

from collections.abc import Sequence
from datetime import datetime

from bot.channels.graph.heard import Heard
from bot.channels.graph.people import event_of, instant
from bot.channels.whatsapp.decode import Item, Renamed, Status
from data.store import NewEvent, Tx
from services import deliveries, identities

CHANNEL = "whatsapp"


async def stored(tx: Tx, items: Sequence[Item], now: datetime) -> list[NewEvent]:
    """Note names, receipts and the times of people's words; the events of their messages."""
    events = []
    for item in items:
        match item:
            case Renamed(before=before, after=after):
                await identities.renamed(tx, CHANNEL, before, after, now=now)
            case Status():
                await deliveries.told(
                    tx,
                    item.tag,
                    item.state,
                    at=instant(item.moment),
                    reference=item.id,
                    reason=item.reason,
                )
            case Heard():
                events.append(await event_of(tx, CHANNEL, item, now))
    return events
