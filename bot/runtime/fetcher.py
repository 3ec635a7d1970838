"""Fetching: a picture or PDF is brought in and checked before its turn may run."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial

import structlog

from bot.runtime.ports import Channel, FetchFailed, Media
from bot.runtime.signal import Signal
from data.instants import Clock, from_us, to_us
from data.store import Fetching, Store, StoreBusy
from flows.events import ENCODER, Sent, Unfit

AT_ONCE = 4
"""Files fetched and checked at the same time; each may hold a decoded picture in memory."""

FIRST_PAUSE = 1.0
"""Seconds before a file that could not be fetched is tried again; doubled each time."""

log = structlog.get_logger(__name__)

CheckDocument = Callable[[Media], Awaitable[Sent | Unfit]]
"""Looks at fetched bytes, stores them when they are fit, and says so (`services.documents`)."""


class Fetcher:
    """Brings in the files that events wait for.

    Later events of that chat wait too, at most *patience*; then the turn learns that the file was
    lost. Other chats go on.
    """

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        check: CheckDocument,
        clock: Clock,
        patience: timedelta,
        fetched: Callable[[], None],
    ) -> None:
        self._store = store
        self._channels = channels
        self._check = check
        self._clock = clock
        self._patience = patience
        self._fetched = fetched
        self._signal = Signal()
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._stopping = False

    def wake(self) -> None:
        """There may be a file to fetch."""
        self._signal.wake()

    async def run(self) -> None:
        """Fetch until `stop`."""
        while not self._stopping:
            try:
                waiting = await self._store.fetches(AT_ONCE + len(self._busy))
            except StoreBusy:
                await self._signal.wait(1.0)
                continue
            for fetching in waiting:
                if fetching.event not in self._busy and len(self._busy) < AT_ONCE:
                    task = asyncio.create_task(self._bring(fetching))
                    self._busy[fetching.event] = task
                    task.add_done_callback(partial(self._let_go, fetching.event))
            await self._signal.wait(None)

    async def once(self) -> bool:
        """Bring in what waits now, one after the other; False when nothing waited."""
        waiting = await self._store.fetches(AT_ONCE)
        for fetching in waiting:
            await self._bring(fetching)
        return bool(waiting)

    async def stop(self) -> None:
        """Stop; files that were not ready yet are fetched after the next start."""
        self._stopping = True
        for task in self._busy.values():
            task.cancel()
        self._signal.wake()

    def _let_go(self, event: int, task: asyncio.Task[None]) -> None:
        self._busy.pop(event, None)
        self._signal.wake()

    async def _bring(self, fetching: Fetching) -> None:
        body = ENCODER.encode(await self._outcome(fetching))
        while True:
            try:
                await self._store.fetched(fetching.event, body, to_us(self._clock.now()))
                break
            except StoreBusy:
                await asyncio.sleep(FIRST_PAUSE)
        self._fetched()

    async def _outcome(self, fetching: Fetching) -> Sent | Unfit:
        deadline = from_us(fetching.received_at) + self._patience
        pause = FIRST_PAUSE
        while (left := (deadline - self._clock.now()).total_seconds()) > 0:
            try:
                async with asyncio.timeout(left):
                    channel = self._channels[fetching.channel]
                    return await self._check(await channel.fetch(fetching.media))
            except FetchFailed as refused:
                if refused.final:
                    return Unfit(why=refused.why, values=refused.values)
            except Exception as problem:
                log.warning("fetch failed", error=type(problem).__name__)
            await asyncio.sleep(min(pause, max(0.0, left)))
            pause *= 2
        return Unfit(why="lost")
