"""The runtime: receiver, fetcher, turns, sender and the beat, started and stopped in order."""

import asyncio
import contextlib
import os
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

import structlog

from bot.runtime.fetcher import CheckDocument, Fetcher
from bot.runtime.ports import Channel
from bot.runtime.receive import Receiver
from bot.runtime.sender import Sender
from bot.runtime.turns import TurnLoop, World
from data.instants import Clock, to_us
from data.store import NewEvent, Store, StoreBusy

BEAT = 5.0
"""Seconds between two signs of life, which keep this process the owner of what it sends."""

LONGEST_STOP = 15.0
"""Seconds that messages in flight get at a stop; later ones are sent again after the start."""

log = structlog.get_logger(__name__)

Tick = Callable[[], Awaitable[None]]
"""Regular work, such as taking back claims whose lease has run out."""


class Runtime:
    """One process's share of the work: everything between a channel and the store."""

    def __init__(
        self,
        store: Store,
        world: World,
        channels: Sequence[Channel],
        check: CheckDocument,
        clock: Clock,
        *,
        batch: int,
        attempts: int,
        patience: timedelta,
        ticks: Sequence[Tick] = (),
    ) -> None:
        self._store = store
        self._clock = clock
        self._channels = channels
        self._ticks = ticks
        self.owner = f"{os.getpid()}-{secrets.token_hex(4)}"
        by_name: Mapping[str, Channel] = {channel.name: channel for channel in channels}
        self.sender = Sender(store, by_name, clock, self.owner)
        self.turns = TurnLoop(
            store, world, clock, batch=batch, attempts=attempts, said=self.sender.wake
        )
        self.fetcher = Fetcher(store, by_name, check, clock, patience, self.turns.wake)
        self.receive = Receiver(store, self._arrived)
        self._pulls: list[asyncio.Task[None]] = []
        self._loops: list[asyncio.Task[None]] = []
        self._beat: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """An event was put into the inbox by other means (an officer's action)."""
        self.turns.wake()

    async def tidy(self) -> None:
        """Do the regular work once."""
        for tick in self._ticks:
            await tick()

    async def start(self) -> None:
        """Begin to work; what waited in the store is taken up first."""
        await self._sign()
        self._beat = asyncio.create_task(self._keep_beating(), name="beat")
        self._loops = [
            asyncio.create_task(self.turns.run(), name="turns"),
            asyncio.create_task(self.sender.run(), name="sender"),
            asyncio.create_task(self.fetcher.run(), name="fetcher"),
        ]
        self._pulls = [
            asyncio.create_task(channel.run(self.receive), name=f"channel {channel.name}")
            for channel in self._channels
        ]

    async def stop(self) -> None:
        """Take nothing new, end the turns that run, let messages in flight arrive."""
        for pull in self._pulls:
            pull.cancel()
        await asyncio.gather(*self._pulls, return_exceptions=True)
        await self.fetcher.stop()
        self.turns.stop()
        await self.sender.stop(LONGEST_STOP)
        _, late = await asyncio.wait(self._loops, timeout=LONGEST_STOP)
        for loop in late:  # the store cannot be written; what was sent stays marked as being sent
            loop.cancel()
        await asyncio.gather(*self._loops, return_exceptions=True)
        if self._beat is not None:
            self._beat.cancel()
            await asyncio.gather(self._beat, return_exceptions=True)

    async def watch(self) -> None:
        """Wait until a part of the runtime ends by itself, and raise what ended it."""
        done, _ = await asyncio.wait(self._loops, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    def _arrived(self, event: NewEvent) -> None:
        if event.media:
            self.fetcher.wake()
        else:
            self.turns.wake()

    async def _keep_beating(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            with contextlib.suppress(StoreBusy):
                await self._sign()
                await self.tidy()

    async def _sign(self) -> None:
        now = to_us(self._clock.now())
        await self._store.heartbeat(self.owner, now)
        if await self._store.recover_sends(self.owner, now):
            self.sender.wake()
