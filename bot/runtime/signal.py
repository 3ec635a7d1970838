"""A wake-up that is never lost: set from anywhere in the loop, waited for with a deadline."""

import asyncio
import contextlib


class Signal:
    """Wakes one waiting loop; a wake-up that comes while nobody waits is kept."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def wake(self) -> None:
        """Let the waiting loop go on now, or not wait at all the next time."""
        self._event.set()

    async def wait(self, seconds: float | None) -> None:
        """Wait for a wake-up, at most *seconds* (None: for as long as it takes)."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()
        self._event.clear()
