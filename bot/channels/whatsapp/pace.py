"""How fast one person may be written to."""

from datetime import datetime, timedelta

from data.instants import Clock

EACH = timedelta(seconds=6)
"""One message to one person in so long, in the long run (Meta, pair rate limit, 2026)."""

BURST = 45
"""So many may go out at once; each borrows its six seconds from later (ibid.)."""

KEPT = 10_000
"""Chats that are remembered before those that owe nothing are forgotten."""


class Pace:
    """What this process has written to each chat lately."""

    def __init__(self, clock: Clock, burst: int = BURST) -> None:
        self._clock = clock
        self._room = EACH * burst
        self._paid: dict[str, datetime] = {}

    def take(self, chat: str, messages: int) -> float:
        """Seconds until *messages* more may go to *chat*; at 0 they count as written."""
        now = self._clock.now()
        debt = max(self._paid.get(chat, now) - now, timedelta())
        # a row longer than the burst would never fit: it goes when nothing is owed
        after = debt + EACH * messages
        if debt and after > self._room:
            return (min(after - self._room, debt)).total_seconds()
        if len(self._paid) > KEPT:
            self._paid = {other: paid for other, paid in self._paid.items() if paid > now}
        self._paid[chat] = now + after
        return 0
