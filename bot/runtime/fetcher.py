"""Fetching: a picture or PDF is brought in and checked before its turn may run."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

from bot.runtime.logger import Logger
from bot.runtime.ports import Channel, FetchFailed, Media, Throttled
from bot.runtime.signal import LONGEST_NAP, Signal
from bot.runtime.trouble import told
from data.instants import Clock, from_us, to_us
from data.store import Fetching, Store, StoreBusy
from flows.events import ENCODER, Sent, Unfit

AT_ONCE = 8
"""Files brought in at the same time; each may take up the largest size allowed in memory."""

FIRST_PAUSE = 1.0
"""Seconds before a file that could not be fetched is tried again; doubled each time."""

LEAST_PATIENCE = timedelta(seconds=10)
"""What a file gets that waited while the program was down, or while others were brought in."""

log = Logger(__name__)

CheckDocument = Callable[[Media], Awaitable[Sent | Unfit]]
"""Looks at fetched bytes, stores them when they are fit, and says so (`services.documents`)."""

Pause = Callable[[float], Awaitable[None]]


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
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._store = store
        self._channels = channels
        self._check = check
        self._clock = clock
        self._patience = patience
        self._fetched = fetched
        self._pause = pause
        self._signal = Signal()
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._stopping = False

    def wake(self) -> None:
        """There may be a file to fetch."""
        self._signal.wake()

    async def run(self) -> None:
        """Fetch until `stop`; files that are not ready then are fetched after the next start."""
        while not self._stopping:
            try:
                for fetching in await self._waiting():
                    self._begin(fetching)
            except StoreBusy:
                log.warning("fetching waits: the database is busy")
            await self._signal.wait(LONGEST_NAP)
        for task in self._busy.values():
            task.cancel()
        await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def once(self) -> bool:
        """Bring in what waits now, one after the other; False when nothing waited."""
        waiting = await self._waiting()
        for fetching in waiting:
            await self._bring(fetching)
        return bool(waiting)

    def stop(self) -> None:
        """Stop fetching."""
        self._stopping = True
        self._signal.wake()

    async def _waiting(self) -> list[Fetching]:
        """What nobody here brings in yet, as far as there is room.

        A file of a channel that only another process has is left to that one while it may come.
        """
        # Those of before the question: what is stored meanwhile may still stand in the answer.
        busy = set(self._busy)
        found = await self._store.fetches(AT_ONCE + len(busy))
        fresh = [
            one
            for one in found
            if one.event not in busy
            and (one.channel in self._channels or self._deadline(one) < self._clock.now())
        ]
        return fresh[: AT_ONCE - len(self._busy)]

    def _begin(self, fetching: Fetching) -> None:
        task = asyncio.create_task(self._bring(fetching))
        self._busy[fetching.event] = task
        task.add_done_callback(partial(self._let_go, fetching.event))

    def _let_go(self, event: int, task: asyncio.Task[None]) -> None:
        del self._busy[event]
        problem = None if task.cancelled() else task.exception()
        if problem is None:
            self._signal.wake()
        else:  # not at once again: whatever it was, it would only repeat itself
            log.error("fetching broke off", event_id=event, **told(problem))

    async def _bring(self, fetching: Fetching) -> None:
        body = ENCODER.encode(await self._outcome(fetching))
        while True:
            try:
                await self._store.fetched(fetching.event, body, to_us(self._clock.now()))
                break
            except StoreBusy:
                await self._pause(FIRST_PAUSE)
        self._fetched()

    async def _outcome(self, fetching: Fetching) -> Sent | Unfit:
        channel = self._channels.get(fetching.channel)
        begun = self._clock.now()
        deadline = max(self._deadline(fetching), begun + min(LEAST_PATIENCE, self._patience))
        pause = FIRST_PAUSE
        while channel and (left := (deadline - self._clock.now()).total_seconds()) > 0:
            wait = pause
            try:
                async with asyncio.timeout(left):
                    return await self._check(await channel.fetch(fetching.media))
            except FetchFailed as refused:
                if refused.final:
                    return Unfit(why=refused.why, values=refused.values)
            except Throttled as later:
                wait = later.retry_after
            except Exception as problem:
                log.warning("fetch failed", event_id=fetching.event, **told(problem))
            await self._pause(min(wait, left))
            pause *= 2
        return Unfit(why="lost")

    def _deadline(self, fetching: Fetching) -> datetime:
        return from_us(fetching.received_at) + self._patience
