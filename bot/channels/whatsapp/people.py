"""What a delivery says, in the store: whose names these are, when they wrote, what arrived."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from bot.channels.whatsapp.decode import Heard, Item, Renamed, Status
from data.instants import to_us
from data.store import NewEvent, Tx
from flows.events import ENCODER
from services import deliveries, identities

CHANNEL = "whatsapp"

NOBODY = f"{CHANNEL}:?"
"""The chat of what came from nobody who can be told."""


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
                    at=_instant(item.second),
                    reference=item.id,
                    reason=item.reason,
                )
            case Heard():
                events.append(await _event(tx, item, now))
    return events


async def _event(tx: Tx, heard: Heard, now: datetime) -> NewEvent:
    chat = await identities.chat_of(tx, CHANNEL, heard.names, now=now) if heard.names else NOBODY
    if heard.event is not None:
        await identities.heard(tx, chat, min(_instant(heard.second), now))
    received = to_us(now)
    return NewEvent(
        channel=CHANNEL,
        provider_id=heard.id,
        chat=chat,
        body=ENCODER.encode(heard.event) if heard.event is not None else heard.raw,
        received_at=received,
        due_at=received,
        rank=heard.second,
        media=msgspec.json.encode(heard.file).decode() if heard.file else "",
        dead=heard.dead,
    )


def _instant(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
