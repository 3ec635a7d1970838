"""Events that arrive at PostgreSQL: calls that wait at the same time share one transaction.

So does how sending ended, where that may wait a little for company.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence, Set

import asyncpg
import msgspec

from data.store import NewEvent, Received, Row, StoreBusy
from data.turning import Terms, merged

BATCHES = 2
"""Batches under way at a time: one is computed here while the server writes another."""

WORTH = 8
"""Calls that are worth a batch of their own, which costs as much again as so many."""

SOON = 2
"""Rounds of the event loop before a batch begins: what one cause leads to then shares it."""

PATIENCE = 0.005
"""Seconds that what ended waits for a batch, whose commit it then shares."""


class Call(msgspec.Struct):
    """Events of some *chats* that wait to be stored; with *terms* they may have turns at once."""

    events: Sequence[NewEvent]
    chats: Set[str]
    terms: Terms | None
    done: "asyncio.Future[Received]"


class Aside(msgspec.Struct):
    """How sending ended, rows for ``outbox_ended``; *done* tells whether a batch has stored it."""

    rows: Sequence[Row]
    done: "asyncio.Future[bool]"


class Stored(msgspec.Struct):
    """What became of a batch: of each event as if it had come alone.

    *shared* tells whether what ended was stored with it; *left* are chats as it left them.
    """

    events: list[Received]
    shared: bool = False
    left: Mapping[str, Row] = {}


Store = Callable[[Sequence[NewEvent], Terms | None, Sequence[Row]], Awaitable[Stored]]
"""Stores the events of one batch, and what ended with them where that is possible."""


class Inbox:
    """Takes events; a few tasks write whatever waits."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[Call] = []
        self._asides: list[Aside] = []
        # Chats of the batches under way. Nothing holds them in the store: who comes later waits.
        self._busy: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def put(self, events: Sequence[NewEvent], terms: Terms | None = None) -> Received:
        """Store *events*."""
        if self._closed:
            raise StoreBusy("the store is closed")
        chats = {event.chat for event in events}
        call = Call(events, chats, terms, asyncio.get_running_loop().create_future())
        self._waiting.append(call)
        # A task that has just ended stays in the set until the event loop comes to its callback.
        if sum(not task.done() for task in self._tasks) < BATCHES:
            task = asyncio.create_task(self._flush())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await call.done

    def aside(self, rows: Sequence[Row]) -> "asyncio.Future[bool]":
        """Store *rows* with the next batch; False when none comes in time, or when that failed."""
        loop = asyncio.get_running_loop()
        aside = Aside(rows, loop.create_future())
        self._asides.append(aside)
        waiting = loop.call_later(PATIENCE, self._let_go, aside)
        aside.done.add_done_callback(lambda done: waiting.cancel())
        return aside.done

    def _let_go(self, aside: Aside) -> None:
        if aside in self._asides:
            self._asides.remove(aside)
            _end(aside, shared=False)

    async def close(self) -> None:
        """Store what was taken, then take nothing more."""
        self._closed = True
        await asyncio.gather(*self._tasks)

    async def _flush(self) -> None:
        for _ in range(SOON):
            await asyncio.sleep(0)
        while calls := self._ready():
            chats = {chat for call in calls for chat in call.chats}
            self._busy |= chats
            try:
                await self._write_all(calls)
            finally:
                self._busy -= chats

    def _ready(self) -> Sequence[Call]:
        """The calls that wait for no batch under way; none passes another about the same chat.

        Of many no more than half of all that are at work, so that there are two batches. (A call of
        many chats counts once here, and as many under way: the next batch is then larger.)
        """
        ready: list[Call] = []
        later: list[Call] = []
        busy = set(self._busy)
        most = max(WORTH, (len(self._waiting) + len(busy) + 1) // 2)
        for call in self._waiting:
            if len(ready) < most and busy.isdisjoint(call.chats):
                ready.append(call)
            else:
                later.append(call)
                busy |= call.chats
        self._waiting = later
        return ready

    async def _write_all(self, calls: Sequence[Call]) -> None:
        try:
            await self._write(calls)
        except (asyncpg.DataError, UnicodeError) as error:
            if len(calls) == 1:
                _fail(calls[0], error)
            for call in calls if len(calls) > 1 else ():
                await self._write_alone(call)
        except Exception as error:
            for call in calls:
                _fail(call, error)

    async def _write_alone(self, call: Call) -> None:
        """Store one call, so that a text which PostgreSQL cannot hold fails nobody else's."""
        try:
            await self._write([call])
        except Exception as error:
            _fail(call, error)

    async def _write(self, calls: Sequence[Call]) -> None:
        terms = next((call.terms for call in reversed(calls) if call.terms), None)
        events = [event for call in calls for event in call.events]
        asides, self._asides = self._asides, []
        shared = False
        try:
            ended = [row for aside in asides for row in aside.rows]
            stored = await self._store(events, terms, ended)
            shared = stored.shared
        finally:
            for aside in asides:
                _end(aside, shared)
        told = iter(stored.events)
        for call in calls:
            mine = [next(told) for _ in call.events]
            fresh = [new for one in mine for new in one.fresh]
            if not call.done.done():
                call.done.set_result(Received(fresh, merged([one.report for one in mine])))


def _end(aside: Aside, shared: bool) -> None:
    if not aside.done.done():
        aside.done.set_result(shared)


def _fail(call: Call, error: Exception) -> None:
    if not call.done.done():
        call.done.set_exception(error)
