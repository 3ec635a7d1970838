"""The one connection that writes to a SQLite file: whole jobs, one commit for all that wait.

Jobs run on the event loop, as they only compute and meet pages that are in memory. So do commits
as long as the disk is quick; a thread waits for one that is not.
"""

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, TypeVar

import msgspec

from data.statements import Statements
from data.store import Row, StoreBusy

T = TypeVar("T")

LARGEST_BATCH = 64
"""Jobs of one commit at most: nothing else happens while they run, some milliseconds."""

PATIENCE = 0.005
"""Seconds that patient work waits for other work, whose commit it then shares."""

LOCK_PAUSE = 0.005
"""Seconds between two tries to begin while another process writes."""

QUICK = 0.002
"""Seconds of a commit after which the next one is left to the thread.

A handover there and back takes a tenth of a millisecond, as long as a turn.
"""

_BUSY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
}


def is_busy(error: BaseException) -> bool:
    """Whether *error* is about the state of the machine, not about what was asked."""
    return (
        isinstance(error, sqlite3.OperationalError)
        and getattr(error, "sqlite_errorcode", 0) & 0xFF in _BUSY
    )


def drive(steps: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that only awaits `SqliteTx` to its end, here and now.

    Raises RuntimeError when it waits for anything else.
    """
    try:
        steps.send(None)
    except StopIteration as ended:
        result: T = ended.value
        return result
    steps.close()
    raise RuntimeError("inside a transaction nothing may be awaited but the transaction")


class Unguarded(Exception):
    """Something failed in a batch without savepoints: the batch is run again with them."""


class SqliteTx:
    """The writer's open transaction; its methods never suspend."""

    def __init__(self, connection: sqlite3.Connection, statements: Statements) -> None:
        self._execute = connection.execute
        self._execute_many = connection.executemany
        self.guarded = True
        self._statements = statements

    def savepoint(self) -> None:
        """From here on everything can be undone alone."""
        if self.guarded:
            self._execute("SAVEPOINT inner")

    def keep(self) -> None:
        """Keep what was done since the savepoint."""
        if self.guarded:
            self._execute("RELEASE inner")

    def undo(self) -> None:
        """Undo what was done since the savepoint; raises `Unguarded` where there is none."""
        if not self.guarded:
            raise Unguarded
        self._execute("ROLLBACK TO inner")
        self._execute("RELEASE inner")

    def ask(self, statement: str, **values: Any) -> sqlite3.Cursor:
        """Carry *statement* out, here and now."""
        known = self._statements[statement]
        return self._execute(known.sql, known.arguments(values))

    async def one(self, statement: str, **values: Any) -> Row | None:
        rows = self.ask(statement, **values).fetchall()
        return rows[0] if rows else None

    async def all(self, statement: str, **values: Any) -> Sequence[Row]:
        return self.ask(statement, **values).fetchall()

    async def run(self, statement: str, **values: Any) -> int:
        return self.ask(statement, **values).rowcount

    async def each(self, statement: str, rows: Sequence[Row]) -> None:
        known = self._statements[statement]
        self._execute_many(known.sql, [known.arguments(row) for row in rows])


Work = Callable[[SqliteTx], T]
Common = Callable[[SqliteTx, Sequence[Any]], Sequence[Any]]
"""Work on several things at once; what became of each, in their order."""


def each(tx: SqliteTx, works: Sequence[Work[T]]) -> Sequence[T]:
    """Works that have nothing in common, one after the other."""
    return [work(tx) for work in works]


class _Job(msgspec.Struct, frozen=True):
    work: Common
    thing: Any
    ended: asyncio.Future[Any]
    urgent: bool
    patient: bool


@dataclass(slots=True)
class _Outcomes:
    """What became of a batch; told after the commit."""

    results: list[tuple[_Job, Any]] = field(default_factory=list)
    errors: list[tuple[_Job, BaseException]] = field(default_factory=list)

    def tell(self) -> None:
        for job, result in self.results:
            if not job.ended.done():
                job.ended.set_result(result)
        for job, error in self.errors:
            if not job.ended.done():
                job.ended.set_exception(error)


class Writer:
    """Runs jobs in their own savepoints and commits all that waited at once.

    A job that raises is undone alone. When the machine refuses (locked for longer than *patience*
    seconds, full disk), the whole batch is undone and every job of it ends with `StoreBusy`.
    """

    def __init__(
        self, connection: sqlite3.Connection, statements: Statements, *, patience: float
    ) -> None:
        self._connection = connection
        self._is_quick = False
        # Whoever waits for a lock inside SQLite would hold up the event loop.
        connection.execute("PRAGMA busy_timeout = 0")
        self._tx = SqliteTx(connection, statements)
        self._patience = patience
        self._loop = asyncio.get_running_loop()
        self._waiting: list[_Job] = []
        self._soon = False
        self._later: asyncio.TimerHandle | None = None
        self._locked_since: float | None = None
        self._committing = False
        self._closed = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._batches: queue.SimpleQueue[_Outcomes | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._commit, name="store-commit", daemon=True)
        self._thread.start()

    async def submit(self, work: Work[T], *, urgent: bool = False, patient: bool = False) -> T:
        """The result of *work*, after its commit.

        *urgent* work goes first in its batch; *patient* work alone does not make one at once.
        """
        done: T = await self.share(each, work, urgent, patient)
        return done

    def share(
        self, work: Common, thing: Any, urgent: bool = False, patient: bool = False
    ) -> asyncio.Future[Any]:
        """What becomes of *thing*, after its commit; things that wait for the same *work* share it.

        That is quicker, as each part of the work stays in the processor's memory. *work* gets them
        one by one when something fails. The thing is queued when this returns.
        """
        ended: asyncio.Future[Any] = self._loop.create_future()
        if self._closed:
            ended.set_exception(StoreBusy("the store is closed"))
            return ended
        self._waiting.append(_Job(work, thing, ended, urgent, patient))
        self._idle.clear()
        self._plan(patient=patient)
        return ended

    async def close(self) -> None:
        """Do what was asked for, then end."""
        self._closed = True
        await self._idle.wait()
        self._batches.put(None)
        await asyncio.to_thread(self._thread.join)
        self._connection.close()

    def _plan(self, *, patient: bool) -> None:
        """See that a batch begins: at once, or a little later for patient work alone."""
        if self._committing or self._soon or self._locked_since is not None:
            return
        if not patient:
            self._soon = True
            # What else the same moment leads to shares the commit.
            self._loop.call_soon(self._begin)
        elif self._later is None:
            self._later = self._loop.call_later(PATIENCE, self._no_later)

    def _no_later(self) -> None:
        """Patient work waits no longer: the first of it has, if it is still there."""
        self._later = None
        if self._waiting:
            self._plan(patient=False)

    def _begin(self) -> None:
        """Run what waits, and hand it to the thread that commits it."""
        self._soon = False
        batch = sorted(self._waiting, key=lambda job: not job.urgent)
        batch, self._waiting = batch[:LARGEST_BATCH], batch[LARGEST_BATCH:]
        try:
            try:
                # Nearly always nothing fails, and savepoints cost a fifth of a turn.
                outcomes = self._attempt(batch, guarded=False)
            except Unguarded:
                outcomes = self._attempt(batch, guarded=True)
        except BaseException as error:
            self._rollback()
            if _is_locked(error) and self._may_wait():
                self._waiting = batch + self._waiting
                self._loop.call_later(LOCK_PAUSE, self._begin)
                return
            self._ended(_failed(batch, error))
            if not isinstance(error, Exception):
                raise
        else:
            self._locked_since = None
            if self._is_quick:
                self._ended(self._committed(outcomes))
            else:
                self._committing = True
                self._batches.put(outcomes)

    def _attempt(self, batch: Sequence[_Job], *, guarded: bool) -> _Outcomes:
        self._rollback()
        self._tx.guarded = guarded
        # A deferred BEGIN would fail at its first write, when jobs have run already.
        self._connection.execute("BEGIN IMMEDIATE")
        return self._one_by_one(batch) if guarded else self._together(batch)

    def _together(self, batch: Sequence[_Job]) -> _Outcomes:
        """Run jobs of the same work at once; raises `Unguarded` when anything fails."""
        outcomes = _Outcomes()
        alike: dict[Common, list[_Job]] = {}
        for job in batch:
            alike.setdefault(job.work, []).append(job)
        for work, jobs in alike.items():
            try:
                results = work(self._tx, [job.thing for job in jobs])
            except Exception as error:
                if is_busy(error):
                    raise
                raise Unguarded from error
            outcomes.results += zip(jobs, results, strict=True)
        return outcomes

    def _one_by_one(self, batch: Sequence[_Job]) -> _Outcomes:
        """Run each job by itself, so that one that fails is undone alone."""
        outcomes = _Outcomes()
        for job in batch:
            self._tx.savepoint()
            try:
                [result] = job.work(self._tx, [job.thing])
            except Exception as error:
                if is_busy(error):
                    raise
                self._tx.undo()
                outcomes.errors.append((job, error))
            else:
                self._tx.keep()
                outcomes.results.append((job, result))
        return outcomes

    def _may_wait(self) -> bool:
        """Whether the lock that another process holds may still be waited for."""
        now = self._loop.time()
        if self._locked_since is None:
            self._locked_since = now
        return now - self._locked_since < self._patience

    def _commit(self) -> None:
        """The thread: what the event loop wrote becomes durable."""
        while (outcomes := self._batches.get()) is not None:
            self._loop.call_soon_threadsafe(self._ended, self._committed(outcomes))

    def _committed(self, outcomes: _Outcomes) -> _Outcomes:
        """*outcomes* once they are durable, or what became of their jobs instead."""
        began = perf_counter()
        try:
            self._connection.execute("COMMIT")
        except BaseException as error:
            self._rollback()
            return _failed([job for job, _ in outcomes.results + outcomes.errors], error)
        finally:
            self._is_quick = perf_counter() - began < QUICK
        return outcomes

    def _ended(self, outcomes: _Outcomes) -> None:
        self._committing = False
        self._locked_since = None
        outcomes.tell()
        if self._waiting:
            self._plan(patient=all(job.patient for job in self._waiting))
        else:
            self._idle.set()

    def _rollback(self) -> None:
        """Undo what is open; where even that fails, the next batch cannot begin and says so."""
        with contextlib.suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")


def _failed(batch: Sequence[_Job], error: BaseException) -> _Outcomes:
    return _Outcomes(errors=[(job, _as_told(error)) for job in batch])


def _is_locked(error: BaseException) -> bool:
    """Whether another process is writing just now."""
    return is_busy(error) and getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


def _as_told(error: BaseException) -> BaseException:
    """The error that one caller of an undone batch gets; each its own, as tracebacks grow."""
    if is_busy(error):
        busy = StoreBusy(str(error))
        busy.__cause__ = error
        return busy
    return error
