"""One look at the store for all live pages of this process, told to each page that it concerns.

It reads the end of a branch's trail, which every change lengthens, and counts only where that has
moved. Nothing looks while no page is open. On several processes each has its own watcher; what one
of them changes the others see at their next look.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import msgspec

from bot.runtime.logger import Logger
from data.store import Store, StoreBusy

GOLDEN = 0.618
"""Multiples of it, less their whole part, lie evenly between 0 and 1, however many there are."""

log = Logger(__name__)


class News(msgspec.Struct, frozen=True):
    """A branch as it is now.

    *happened* and *written* rise when something was done there or written anywhere; *waiting* and
    *working* are counts.
    """

    happened: int
    written: int
    waiting: int
    working: int


@dataclass(eq=False)
class Watch:
    """What one live page knows of its branch."""

    news: News
    delay: float = 0.0
    _fresh: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, news: News) -> None:
        self.news = news
        self._fresh.set()

    async def change(self, patience: float) -> None:
        """Wait for other news, at most *patience* seconds; they come after *delay* seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._fresh.wait()
            await asyncio.sleep(self.delay)
        self._fresh.clear()


class Watcher:
    """Looks at the branches of open pages each *pause* seconds.

    What it sees reaches each page at another moment of the next *spread* seconds, so that they do
    not all ask for their lists at once.
    """

    def __init__(self, store: Store, pause: float, spread: float = 0.0) -> None:
        self._store = store
        self._pause = pause
        self._spread = spread
        self._opened = 0
        self._watches: dict[str, set[Watch]] = {}
        self._known: dict[str, News] = {}
        self._looking: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def watching(self, branch: str) -> AsyncIterator[Watch]:
        """Watch *branch* for a page, as long as that is open."""
        if branch not in self._known:
            self._known[branch] = await self._look(branch)
        self._opened += 1
        watch = Watch(self._known[branch], self._opened * GOLDEN % 1 * self._spread)
        self._watches.setdefault(branch, set()).add(watch)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._keep_looking(), name="live pages")
        try:
            yield watch
        finally:
            self._watches[branch].discard(watch)
            if not self._watches[branch]:
                del self._watches[branch], self._known[branch]

    def nudge(self, branch: str) -> None:
        """Let the open pages of *branch* look at what no trail tells, such as who is present."""
        for watch in self._watches.get(branch, ()):
            watch.tell(watch.news)

    async def _keep_looking(self) -> None:
        while self._watches:
            await asyncio.sleep(self._pause)
            for branch in list(self._watches):
                try:
                    news = await self._look(branch)
                except StoreBusy:
                    log.warning("live pages wait: the database is busy")
                    continue
                if branch in self._watches and news != self._known[branch]:
                    self._known[branch] = news
                    for watch in self._watches[branch]:
                        watch.tell(news)

    async def _look(self, branch: str) -> News:
        known = self._known.get(branch)
        async with self._store.read() as tx:
            stamp = await tx.one("live_stamp", branch=branch)
            assert stamp is not None
            if known and (known.happened, known.written) == (stamp["happened"], stamp["written"]):
                return known
            counts = await tx.one("live_counts", branch=branch)
            assert counts is not None
            return News(**stamp, **counts)
