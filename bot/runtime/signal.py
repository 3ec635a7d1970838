"""Waiting: a wake-up that is never lost, and how long a loop may sleep unasked."""

import asyncio

from data.instants import Clock, to_us

SHORTEST_NAP = 0.02
"""Seconds that a loop rests when what is due is in another process's hands."""

LONGEST_NAP = 5.0
"""Seconds after which a loop looks again unasked: another process may have died at work."""


class Signal:
    """Wakes one waiting loop; a wake-up that comes while nobody waits is kept."""

    def __init__(self) -> None:
        self._woken = False
        self._waiting: asyncio.Future[None] | None = None

    def wake(self) -> None:
        """Let the waiting loop go on now, or not wait at all the next time."""
        self._woken = True
        self._go_on()

    async def wait(self, seconds: float | None) -> bool:
        """Wait for a wake-up, at most *seconds* (None: for as long as it takes); if it came."""
        if not self._woken:
            loop = asyncio.get_running_loop()
            self._waiting = loop.create_future()
            # asyncio.timeout would cost as much as a whole message that is sent
            late = None if seconds is None else loop.call_later(seconds, self._go_on)
            try:
                await self._waiting
            finally:
                self._waiting = None
                if late is not None:
                    late.cancel()
        woken, self._woken = self._woken, False
        return woken

    def _go_on(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


def nap(due: int | None, clock: Clock) -> float:
    """How many seconds to sleep when the next thing is due at *due* (None: nothing waits)."""
    if due is None:
        return LONGEST_NAP
    return max(SHORTEST_NAP, min((due - to_us(clock.now())) / 1e6, LONGEST_NAP))
