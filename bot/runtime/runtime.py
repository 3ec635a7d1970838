"""The runtime: receiver, fetcher, turns, sender and the beat, started and stopped in order."""

import asyncio
import os
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.runtime import flood
from bot.runtime.fetcher import CheckDocument, Fetcher
from bot.runtime.logger import Logger
from bot.runtime.ports import Channel
from bot.runtime.receive import Receiver
from bot.runtime.sender import Sender
from bot.runtime.trouble import told
from bot.runtime.turns import TurnLoop, World
from data.instants import Clock, to_us
from data.store import Store, StoreBusy

BEAT = 5.0
"""Seconds between two signs of life, which keep this process the owner of what it sends."""

LONGEST_STOP = 15.0
"""Seconds that messages in flight get at a stop; later ones are sent again after the start."""

LONGEST_TURN = 10.0
"""Seconds that turns under way get at a stop; what is not committed runs again after the start."""

READY_FOR = timedelta(seconds=3 * BEAT)
"""How long after its last sign of life in the store a process still counts as ready."""

log = Logger(__name__)

Tick = Callable[[], Awaitable[None]]
"""Regular work, such as taking back claims whose lease has run out."""


class Ended(RuntimeError):
    """A part of the runtime, named by the message, ended although nobody stopped it."""


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
        limits: flood.Rules = flood.UNLIMITED,
    ) -> None:
        self._store = store
        self._clock = clock
        self._channels = channels
        self.owner = f"{os.getpid()}-{secrets.token_hex(4)}"
        by_name: Mapping[str, Channel] = {channel.name: channel for channel in channels}
        self.sender = Sender(store, by_name, clock, self.owner)
        self.turns = TurnLoop(
            store,
            world,
            clock,
            batch=batch,
            attempts=attempts,
            outlet=self.sender.outlet,
            said=self.sender.hear,
        )
        self.fetcher = Fetcher(store, by_name, check, clock, patience, self.turns.wake)
        self.flood = flood.Flood(store, clock, limits, world.others, self.turns.wake)
        self.receive = Receiver(self.turns, self.fetcher.wake, self.flood)
        self._ticks = [*ticks, self.flood.tidy]
        self._pulls: list[asyncio.Task[None]] = []
        self._loops: list[asyncio.Task[None]] = []
        self._signed: datetime | None = None

    def wake(self) -> None:
        """An event was put into the inbox by other means (an officer's action)."""
        self.turns.wake()

    @property
    def ready(self) -> bool:
        """Whether everything works and the store was written lately; not so during a stop."""
        signed = self._signed is not None and self._clock.now() - self._signed <= READY_FOR
        return signed and not any(loop.done() for loop in self._loops)

    async def tidy(self) -> None:
        """Do the regular work once; what fails is told and tried again with the next beat."""
        for tick in self._ticks:
            try:
                await tick()
            except StoreBusy:
                log.warning("regular work waits: the database is busy")
            except Exception as problem:
                log.error("regular work failed", **told(problem))

    async def start(self) -> None:
        """Begin to work; what waited in the store is taken up first.

        Raises `data.store.StoreBusy` when the store cannot be written.
        """
        await self._sign()
        await self.flood.tidy()
        await self.turns.catch_up()
        self._loops = [
            asyncio.create_task(self.turns.run(), name="turns"),
            asyncio.create_task(self.sender.run(), name="sender"),
            asyncio.create_task(self.fetcher.run(), name="fetcher"),
            asyncio.create_task(self._keep_beating(), name="beat"),
        ]
        self._pulls = [
            asyncio.create_task(channel.run(self.receive), name=f"channel {channel.name}")
            for channel in self._channels
        ]

    async def stop(self) -> None:
        """Take nothing new, end the turns that run, let messages in flight arrive."""
        self._signed = None
        await _cancelled(self._pulls)
        turns, sender, fetcher, beat = self._loops
        self.fetcher.stop()
        self.turns.stop()
        await asyncio.wait([turns, fetcher], timeout=LONGEST_TURN)
        self.sender.stop(LONGEST_STOP)
        # A store that cannot be written keeps the sender longer: what it sent stays in flight.
        await asyncio.wait([sender], timeout=LONGEST_STOP + 1)
        await _cancelled([turns, sender, fetcher, beat])

    async def watch(self) -> None:
        """Wait until a part of the runtime ends by itself; raises what ended it, or `Ended`.

        A channel may return: its routes deliver what arrives.
        """
        parts = {*self._loops, *self._pulls}
        while parts:
            done, parts = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
                if task in self._loops:
                    raise Ended(task.get_name())

    async def _keep_beating(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            try:
                await self._sign()
            except StoreBusy:
                log.warning("no sign of life: the database is busy")
            await self.tidy()

    async def _sign(self) -> None:
        now = self._clock.now()
        await self._store.heartbeat(self.owner, to_us(now))
        self._signed = now
        if await self._store.recover_sends(self.owner, to_us(now)):
            self.sender.wake()


async def _cancelled(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
