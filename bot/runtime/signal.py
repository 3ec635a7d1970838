"""Waiting: a wake-up that is never lost, and how long a loop may sleep unasked."""

import asyncio
import contextlib

from data.instants import Clock, to_us

SHORTEST_NAP = 0.02
"""Seconds that a loop rests when what is due is in another process's hands."""

LONGEST_NAP = 5.0
"""Seconds after which a loop looks again unasked: another process may have died at work."""


class Signal:
    """Wakes one waiting loop; a wake-up that comes while nobody waits is kept."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def wake(self) -> None:
        """Let the waiting loop go on now, or not wait at all the next time."""
        self._event.set()

    async def wait(self, seconds: float | None) -> bool:
        """Wait for a wake-up, at most *seconds* (None: for as long as it takes); if it came."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()
        woken = self._event.is_set()
        self._event.clear()
        return woken


def nap(due: int | None, clock: Clock) -> float:
    """How many seconds to sleep when the next thing is due at *due* (None: nothing waits)."""
    if due is None:
        return LONGEST_NAP
    return max(SHORTEST_NAP, min((due - to_us(clock.now())) / 1e6, LONGEST_NAP))
