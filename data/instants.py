"""Instants: aware UTC datetimes in Python, microseconds since the epoch in the database."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Clock(Protocol):
    """Where the present comes from; tests and scripts hand in their own."""

    def now(self) -> datetime:
        """The present as an aware datetime in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def to_us(instant: datetime) -> int:
    """Microseconds since the epoch; *instant* must be aware."""
    return (instant - EPOCH) // MICROSECOND


def from_us(us: int) -> datetime:
    """The aware UTC datetime of *us* microseconds since the epoch."""
    return EPOCH + us * MICROSECOND
