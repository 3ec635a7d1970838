"""Statements on a PostgreSQL connection, and what its troubles mean to the store's callers."""

import contextlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import asyncpg
import msgspec

from data.statements import Statements
from data.store import Overtaken, Row, StoreBusy

COLLISION = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError, Overtaken)
"""Two transactions got in each other's way; this one was undone and may simply run again."""

_BUSY = (
    asyncpg.PostgresConnectionError,
    # What asyncpg says when the server's farewell is read before the end of the connection.
    asyncpg.InternalClientError,
    asyncpg.InsufficientResourcesError,
    asyncpg.OperatorInterventionError,
    OSError,
    TimeoutError,
)


def _is_busy(error: Exception) -> bool:
    if isinstance(error, asyncpg.InterfaceError):
        return "closed" in str(error) or "closing" in str(error)
    return isinstance(error, _BUSY)


@contextlib.contextmanager
def busy_told() -> Iterator[None]:
    """Raise `StoreBusy` in the place of an error of the server or of the way to it."""
    try:
        yield
    except Exception as error:
        if _is_busy(error):
            raise StoreBusy(type(error).__name__) from error
        raise


class PostgresTx:
    """The open transaction of one connection."""

    def __init__(self, connection: Any, statements: Statements) -> None:
        self._connection = connection
        self._statements = statements

    async def one(self, statement: str, **values: Any) -> Row | None:
        known = self._statements[statement]
        arguments = known.arguments(values)
        with busy_told():
            row: Row | None = await self._connection.fetchrow(known.sql, *arguments)
        return row

    async def all(self, statement: str, **values: Any) -> Sequence[Row]:
        known = self._statements[statement]
        arguments = known.arguments(values)
        with busy_told():
            rows: Sequence[Row] = await self._connection.fetch(known.sql, *arguments)
        return rows

    async def run(self, statement: str, **values: Any) -> int:
        known = self._statements[statement]
        arguments = known.arguments(values)
        with busy_told():
            told: str = await self._connection.execute(known.sql, *arguments)
        return int(told.rpartition(" ")[2])

    async def each(self, statement: str, rows: Sequence[Row]) -> None:
        await self.run(statement, rows=msgspec.json.encode(rows).decode())

    async def command(self, sql: str) -> None:
        """Carry out a command of the transaction itself."""
        with busy_told():
            await self._connection.execute(sql)


class Unguarded(Exception):
    """A turn failed that had no savepoint of its own: its batch is undone with it."""


class LateTx(PostgresTx):
    """A transaction that begins when something is done that cannot stand alone.

    Most batches are one question and one statement that writes, and beginning and committing are
    two more ways to the server. *read_of* are chats that were read before, by their marks.
    """

    def __init__(self, connection: Any, statements: Statements) -> None:
        super().__init__(connection, statements)
        self.read_of: Mapping[str, int] = {}
        self._transaction: Any = None

    @property
    def begun(self) -> bool:
        """Whether what was done here waits for the commit."""
        return self._transaction is not None

    async def begin(self) -> None:
        """Begin, unless that was done before, and hold the chats that were read.

        Raises `Overtaken` when one of them changed since, or somebody else holds it.
        """
        if self._transaction is not None:
            return
        transaction = self._connection.transaction()
        with busy_told():
            await transaction.start()
        self._transaction = transaction
        if self.read_of:
            chats, marks = list(self.read_of), list(self.read_of.values())
            held = await self.one("prompt_hold", chats=chats, marks=marks)
            if held is None or held["held"] < len(chats):
                raise Overtaken

    def turn(self, *, guarded: bool) -> "TurnTx":
        """The share of one turn; what it does first begins the transaction."""
        return TurnTx(self._connection, self._statements, guarded=guarded, begin=self.begin)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._transaction is not None:
            with busy_told():
                await (self._transaction.rollback() if kind else self._transaction.commit())


async def _begun() -> None:
    """The transaction is open."""


class TurnTx(PostgresTx):
    """A turn's share of a batch's transaction, which *begin* sees to when it first asks anything.

    Where it is *guarded*, its savepoint is set then.
    """

    def __init__(
        self,
        connection: Any,
        statements: Statements,
        *,
        guarded: bool,
        begin: Callable[[], Awaitable[None]] = _begun,
    ) -> None:
        super().__init__(connection, statements)
        self._guarded = guarded
        self._open = begin
        self._used = False

    async def one(self, statement: str, **values: Any) -> Row | None:
        await self._begin()
        return await super().one(statement, **values)

    async def all(self, statement: str, **values: Any) -> Sequence[Row]:
        await self._begin()
        return await super().all(statement, **values)

    async def run(self, statement: str, **values: Any) -> int:
        await self._begin()
        return await super().run(statement, **values)

    async def _begin(self) -> None:
        if self._used:
            return
        await self._open()
        if self._guarded:
            await self.command("SAVEPOINT turn")
        self._used = True

    async def keep(self) -> None:
        """Keep what the turn wrote."""
        if self._guarded and self._used:
            await self.command("RELEASE SAVEPOINT turn")

    async def undo(self) -> None:
        """Undo what the turn wrote; raises `Unguarded` where that cannot be done alone."""
        if self._used and not self._guarded:
            raise Unguarded
        if self._used:
            await self.command("ROLLBACK TO SAVEPOINT turn")
