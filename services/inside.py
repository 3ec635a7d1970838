"""Events of our own in a chat's inbox, which no network delivered and no officer caused."""

from datetime import datetime

from data.instants import to_us
from data.store import Tx
from flows.events import ENCODER, HandOver, TakeOver, TooMany


async def put(
    tx: Tx,
    channel: str,
    chat: str,
    event: HandOver | TakeOver | TooMany,
    name: str,
    *,
    now: datetime,
    first: bool = False,
) -> None:
    """Put *event* behind what waits in *chat*, or *first*; *name* is unique within *channel*."""
    await tx.run(
        "inside_event",
        channel=channel,
        provider_id=name,
        chat=chat,
        body=ENCODER.encode(event),
        now=to_us(now),
        first=int(first),
    )
    await tx.run("chat_wake", chat=chat, due_at=to_us(now))
