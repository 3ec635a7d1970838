"""The one thread that writes to a SQLite file: whole jobs, one commit for all that wait."""

import asyncio
import queue
import sqlite3
import sys
import threading
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from data.statements import Statements
from data.store import Row, StoreBusy

T = TypeVar("T")

LARGEST_BATCH = 128

PATIENCE = 0.005
"""Seconds that patient work waits for other work, whose commit it then shares."""

SWITCH_SECONDS = 0.0001
"""The interpreter's thread switch interval while a writer works, for the whole process."""

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


Work = Callable[[SqliteTx], T]


@dataclass(frozen=True)
class _Job:
    work: Work[Any]
    ended: asyncio.Future[Any]
    urgent: bool = False
    patient: bool = False


@dataclass
class _Outcomes:
    """What became of a batch; told to the event loop in one go, after the commit."""

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

    A job that raises is undone alone. When the machine refuses (locked, full), the whole batch is
    undone and every job of it ends with `StoreBusy`.
    """

    def __init__(self, connection: sqlite3.Connection, statements: Statements) -> None:
        self._connection = connection
        self._tx = SqliteTx(connection, statements)
        self._loop = asyncio.get_running_loop()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        # Event loop and writer hand work to each other thousands of times a second; with the
        # interpreter's 5 ms each would wait for the other's time slice (a quarter of the turns).
        sys.setswitchinterval(SWITCH_SECONDS)
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._thread.start()

    async def submit(self, work: Work[T], *, urgent: bool = False, patient: bool = False) -> T:
        """The result of *work*, after its commit.

        *urgent* work goes first in its batch; *patient* work alone does not make one at once.
        """
        if self._closed:
            raise StoreBusy("the store is closed")
        ended: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put(_Job(work, ended, urgent, patient))
        return await ended

    async def close(self) -> None:
        """Do what was asked for, then end."""
        self._closed = True
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _work(self) -> None:
        while batch := self._next_batch():
            outcomes = self._commit(batch)
            self._loop.call_soon_threadsafe(outcomes.tell)
        self._connection.close()

    def _next_batch(self) -> list[_Job]:
        """Everything that waits, at least one job; nothing when the store was closed."""
        batch: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            batch.append(job)
            if len(batch) == LARGEST_BATCH:
                break
            waits = all(job.patient for job in batch)
            try:
                job = self._jobs.get(timeout=PATIENCE) if waits else self._jobs.get_nowait()
            except queue.Empty:
                break
        if job is None and batch:
            self._jobs.put(None)
        return sorted(batch, key=lambda job: not job.urgent)

    def _commit(self, batch: Sequence[_Job]) -> _Outcomes:
        try:
            try:
                # Nearly always nothing fails, and savepoints cost a fifth of a turn.
                return self._attempt(batch, guarded=False)
            except Unguarded:
                return self._attempt(batch, guarded=True)
        except BaseException as error:
            return _Outcomes(errors=[(job, _as_told(error)) for job in batch])

    def _attempt(self, batch: Sequence[_Job], *, guarded: bool) -> _Outcomes:
        outcomes = _Outcomes()
        self._tx.guarded = guarded
        try:
            # A deferred BEGIN would fail at its first write without waiting for the lock.
            self._connection.execute("BEGIN IMMEDIATE")
            for job in batch:
                self._run(job, outcomes)
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        return outcomes

    def _run(self, job: _Job, outcomes: _Outcomes) -> None:
        self._tx.savepoint()
        try:
            result = job.work(self._tx)
        except Exception as error:
            if is_busy(error):
                raise
            self._tx.undo()
            outcomes.errors.append((job, error))
        else:
            self._tx.keep()
            outcomes.results.append((job, result))


def _as_told(error: BaseException) -> BaseException:
    """The error that one caller of an undone batch gets; each its own, as tracebacks grow."""
    if is_busy(error):
        busy = StoreBusy(str(error))
        busy.__cause__ = error
        return busy
    return error
