"""Duties: work that one process does at a time, such as polling with a token.

Who has a duty stands in the store, with an end that its owner puts off while it lives.
"""

from datetime import datetime, timedelta
from typing import Final

from data.instants import to_us
from data.store import Tx

TERM: Final = timedelta(seconds=20)
"""How long a duty is had without a sign of life; after a death another process takes it then."""


async def take(tx: Tx, name: str, owner: str, *, now: datetime) -> datetime | None:
    """Take the duty *name*, or keep it: until when it is had; None while somebody else has it."""
    until = now + TERM
    taken = await tx.run("duty_take", name=name, owner=owner, now=to_us(now), until=to_us(until))
    return until if taken else None


async def give_up(tx: Tx, name: str, owner: str) -> None:
    """Have the duty no longer, so that another process need not wait."""
    await tx.run("duty_give_up", name=name, owner=owner)
