"""The embedded store: one SQLite file, one writing thread, reading connections beside it."""

import asyncio
import contextlib
import fcntl
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from data import migrate
from data.shared import SharedVerbs
from data.sqlite_glance import Glancer
from data.sqlite_inbox import put, receive
from data.sqlite_turns import run_turns
from data.sqlite_writer import SqliteTx, Writer, drive, each, is_busy
from data.statements import Statements, load
from data.store import NewEvent, Received, Row, StoreBusy, TurnReport, Tx
from data.turning import Terms, count_attempt

T = TypeVar("T")

READERS = 4

_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -16384",
)


class SqliteStore(SharedVerbs):
    """`data.store.Store` in the file *path*; *patience* is how long a lock is waited for (ms)."""

    def __init__(self, path: Path, *, patience: int = 2_500) -> None:
        self._path = path
        self._patience = patience
        self._statements = load("sqlite")
        self._readers: asyncio.LifoQueue[aiosqlite.Connection | None] = asyncio.LifoQueue()

    async def open(self) -> None:
        with _busy_told():
            connection = await asyncio.to_thread(self._prepare)
        self._writer = Writer(connection, self._statements, patience=self._patience / 1000)
        self._glancer = Glancer(self._path, self._statements)
        for _ in range(READERS):
            self._readers.put_nowait(None)

    async def close(self) -> None:
        await self._writer.close()
        self._glancer.close()
        for _ in range(READERS):
            reader = await self._readers.get()
            if reader is not None:
                await reader.close()
        os.close(self._presence)

    def _prepare(self) -> sqlite3.Connection:
        """The migrated file, open for writing; what processes had that died is free again."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        with contextlib.ExitStack() as undo:
            connection = self._connect()
            undo.callback(connection.close)
            connection.execute("PRAGMA journal_mode = WAL")
            if not migrate.is_current(_version(connection)):
                self._migrate()
            self._presence = os.open(f"{self._path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
            undo.callback(os.close, self._presence)
            if self._alone():
                for ended in ("worker_bury_all", "duty_end_all"):
                    connection.execute(self._statements[ended].sql)
            fcntl.flock(self._presence, fcntl.LOCK_SH)
            undo.pop_all()
        return connection

    def _alone(self) -> bool:
        """Whether no other process has this file open.

        The operating system ends the lock with the process, however that dies. So after a crash
        nobody waits until missing heartbeats show it.
        """
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(self._presence, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path,
            timeout=self._patience / 1000,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
        connection.row_factory = sqlite3.Row
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        return connection

    def _migrate(self) -> None:
        import sqlalchemy

        engine = sqlalchemy.create_engine(
            "sqlite://", creator=self._connect, poolclass=sqlalchemy.pool.NullPool
        )
        sqlalchemy.event.listen(
            engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE")
        )
        with engine.begin() as connection:
            migrate.upgrade(connection)

    def _record(self, ended: Sequence[Row], *, soon: bool) -> asyncio.Future[None]:
        def work(tx: SqliteTx) -> None:
            drive(tx.each("outbox_ended", ended))

        return self._writer.share(each, work, patient=not soon)

    async def write(self, verb: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        return await self._writer.submit(lambda tx: drive(verb(tx)))

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        reader = await self._readers.get()
        try:
            with _busy_told():
                if reader is None:
                    reader = await self._new_reader()
            try:
                with _busy_told():
                    await reader.execute("BEGIN")
                yield _ReadTx(reader, self._statements)
            finally:
                # also for who was cancelled while it began: the thread begins all the same
                await reader.rollback()
        finally:
            self._readers.put_nowait(reader)

    async def glance(self, verb: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        try:
            return self._glancer.glance(verb)
        except sqlite3.OperationalError as error:
            if not is_busy(error):
                raise
        # a reader has the patience for it
        return await super().glance(verb)

    async def _new_reader(self) -> aiosqlite.Connection:
        reader = await aiosqlite.connect(
            self._path, timeout=self._patience / 1000, isolation_level=None
        )
        reader.row_factory = sqlite3.Row
        await reader.execute("PRAGMA query_only = ON")
        return reader

    async def ingest(self, events: Sequence[NewEvent]) -> Sequence[bool]:
        return await self._writer.submit(lambda tx: [put(tx, event) for event in events])

    def _receive(self, events: Sequence[NewEvent], terms: Terms) -> Awaitable[Received]:
        return self._writer.share(receive, (events, terms))

    async def _count(self, now: int) -> Row | None:
        return await self._writer.submit(lambda tx: drive(count_attempt(tx, now)), urgent=True)

    async def _turns(self, terms: Terms) -> TurnReport:
        return await self._writer.submit(lambda tx: run_turns(tx, terms), urgent=True)


class _ReadTx:
    """A reading transaction on a connection that refuses changes."""

    def __init__(self, connection: aiosqlite.Connection, statements: Statements) -> None:
        self._connection = connection
        self._statements = statements

    async def one(self, statement: str, **values: Any) -> Row | None:
        rows = await self.all(statement, **values)
        return rows[0] if rows else None

    async def all(self, statement: str, **values: Any) -> Sequence[Row]:
        known = self._statements[statement]
        rows: Any = await self._connection.execute_fetchall(known.sql, known.arguments(values))
        found: Sequence[Row] = rows
        return found

    async def run(self, statement: str, **values: Any) -> int:
        known = self._statements[statement]
        cursor = await self._connection.execute(known.sql, known.arguments(values))
        return cursor.rowcount

    async def each(self, statement: str, rows: Sequence[Row]) -> None:
        for row in rows:
            await self.run(statement, **row)


def _version(connection: sqlite3.Connection) -> str | None:
    tables = "SELECT name FROM sqlite_master WHERE name = 'alembic_version'"
    if connection.execute(tables).fetchone() is None:
        return None
    row = connection.execute(migrate.VERSION_QUERY).fetchone()
    return None if row is None else str(row[0])


@contextlib.contextmanager
def _busy_told() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if is_busy(error):
            raise StoreBusy(str(error)) from error
        raise
