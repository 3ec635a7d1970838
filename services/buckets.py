"""Token buckets kept in the store: how often something may happen, whoever asks.

A bucket is one instant, when it would be full again; taking a token moves that on (the generic cell
rate algorithm of ITU-T I.371). A full bucket needs no row.
"""

from datetime import datetime, timedelta

import msgspec

from data.instants import from_us, to_us
from data.store import Tx


class Rate(msgspec.Struct, frozen=True):
    """*burst* at once; one more after each time *every*."""

    burst: int
    every: timedelta

    @property
    def depth(self) -> timedelta:
        """How long an empty bucket takes to be full."""
        return self.burst * self.every


async def take(tx: Tx, name: str, rate: Rate, *, now: datetime, tokens: int = 1) -> datetime | None:
    """Take *tokens*; when the bucket is full again, None where it has not so many."""
    taken = tokens * rate.every
    row = await tx.one(
        "bucket_take",
        name=name,
        now=to_us(now),
        taken=taken // timedelta(microseconds=1),
        filled=to_us(now + taken),
        empty=to_us(now + rate.depth),
    )
    return from_us(row["full_at"]) if row else None


async def has(tx: Tx, name: str, rate: Rate, *, now: datetime) -> bool:
    """Whether a token is there; none is taken."""
    row = await tx.one("bucket_of", name=name)
    return row is None or from_us(row["full_at"]) + rate.every <= now + rate.depth
