"""One process's part in a duty (`services.duties`): do the work while it is ours, else wait.

What the work stores must still bear a second worker for a moment: a process that was stopped and
goes on does not know yet that its time is over.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Final

import msgspec

from bot.runtime.logger import Logger
from data.instants import Clock
from data.store import Store, StoreBusy
from services import duties

LOOK: Final = 5.0
"""Seconds between two signs of life of the owner, and between two looks of who waits."""

Work = Callable[[], Awaitable[None]]

Alone = Callable[[Work], Awaitable[None]]
"""Does a work while no other process does it."""

log = Logger(__name__)


async def at_once(work: Work) -> None:
    """`Alone` where there is one process anyway."""
    await work()


class Duty(msgspec.Struct, frozen=True):
    """The duty *name*, wanted by *owner*."""

    store: Store
    clock: Clock
    name: str
    owner: str = msgspec.field(default_factory=partial(secrets.token_hex, 8))
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def alone(self, work: Work) -> None:
        """Do *work* while the duty is ours, and wait for it while it is not; ends with *work*.

        Work is cancelled when the duty is lost, and begins anew when it is ours again.
        """
        while True:
            until = await self._begin()
            working = asyncio.ensure_future(work())
            keeping = asyncio.ensure_future(self._keep(until))
            try:
                await asyncio.wait((working, keeping), return_when=asyncio.FIRST_COMPLETED)
                if working.done():
                    return working.result()
            finally:
                working.cancel()
                keeping.cancel()
                await asyncio.gather(working, keeping, return_exceptions=True)
                with contextlib.suppress(StoreBusy):
                    await self.store.write(
                        partial(duties.give_up, name=self.name, owner=self.owner)
                    )
            log.warning("duty lost", duty=self.name)

    async def _begin(self) -> datetime:
        """Wait until the duty is ours; until when it is."""
        told = False
        while True:
            with contextlib.suppress(StoreBusy):
                if until := await self._take():
                    return until
                if not told:
                    log.info("another process has the duty", duty=self.name)
                told = True
            await self.pause(LOOK)

    async def _keep(self, until: datetime | None) -> None:
        """Put the end off until the duty is lost."""
        while until and until > self.clock.now():
            await self.pause(LOOK)
            with contextlib.suppress(StoreBusy):
                until = await self._take()

    async def _take(self) -> datetime | None:
        now = self.clock.now()
        return await self.store.write(
            partial(duties.take, name=self.name, owner=self.owner, now=now)
        )
