"""The store for many workers on many machines: PostgreSQL through asyncpg."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import asyncpg
import msgspec

from data import migrate
from data.postgres_arrivals import put, receive
from data.postgres_inbox import Inbox, Stored
from data.postgres_memory import Memory
from data.postgres_pool import open_pool
from data.postgres_turns import Refused, run_turns
from data.postgres_tx import COLLISION, PostgresTx, Unguarded, busy_told
from data.shared import SharedVerbs
from data.statements import load
from data.store import (
    Head,
    NewEvent,
    Overtaken,
    Received,
    Row,
    StoreBusy,
    TurnFailure,
    TurnReport,
    Tx,
)
from data.turning import Terms, count_attempt, keep_failure, merged

T = TypeVar("T")

TRIES = 3
"""How often a transaction is run that others get in the way of."""

_MIGRATING = 4_203_711
"""The advisory lock of whoever brings the schema up to date."""


class PostgresStore(SharedVerbs):
    """`data.store.Store` in the database at *url*."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._statements = load("postgres")
        self._memory = Memory()

    async def open(self) -> None:
        with busy_told():
            connection = await asyncpg.connect(self._url)
            try:
                current = migrate.is_current(await _version(connection))
            finally:
                await connection.close()
            if not current:
                await self._migrate()
        self._pool = await open_pool(self._url)
        self._inbox = Inbox(self._store)

    async def close(self) -> None:
        await self._inbox.close()
        await self._pool.close()

    async def _migrate(self) -> None:
        from sqlalchemy.ext.asyncio import create_async_engine
        from sqlalchemy.pool import NullPool

        engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=lambda: asyncpg.connect(self._url),
            poolclass=NullPool,
        )
        async with engine.begin() as connection:
            await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATING})")
            await connection.run_sync(migrate.upgrade)

    @contextlib.asynccontextmanager
    async def _transaction(self, **how: Any) -> AsyncIterator[Any]:
        async with self._pool.connected() as connection:
            transaction = connection.transaction(**how)
            with busy_told():
                await transaction.start()
            try:
                yield connection
            except BaseException:
                with busy_told():
                    await transaction.rollback()
                raise
            with busy_told():
                await transaction.commit()

    async def _again(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """What *attempt* returns; it is repeated when another transaction got in its way."""
        for _ in range(TRIES - 1):
            with contextlib.suppress(*COLLISION):
                return await attempt()
        try:
            return await attempt()
        except COLLISION as error:
            raise StoreBusy(type(error).__name__) from error

    async def write(self, verb: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        async def attempt() -> T:
            async with self._transaction() as connection:
                return await verb(PostgresTx(connection, self._statements))

        return await self._again(attempt)

    async def alone(self, verb: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        async def attempt() -> T:
            async with self._pool.connected() as connection:
                return await verb(PostgresTx(connection, self._statements))

        return await self._again(attempt)

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        async with self._transaction(isolation="repeatable_read", readonly=True) as connection:
            yield PostgresTx(connection, self._statements)

    async def ingest(self, events: Sequence[NewEvent]) -> Sequence[bool]:
        return (await self._inbox.put(events)).fresh

    async def _receive(self, events: Sequence[NewEvent], terms: Terms) -> Received:
        return await self._inbox.put(events, terms)

    def _record(self, ended: Sequence[Row], *, soon: bool) -> asyncio.Future[None]:
        shared = None if soon else self._inbox.aside(ended)
        return asyncio.ensure_future(self._recorded(ended, shared))

    async def _recorded(self, ended: Sequence[Row], shared: asyncio.Future[bool] | None) -> None:
        if shared is None or not await shared:
            await self.alone(lambda tx: tx.each("outbox_ended", ended))

    async def _store(
        self, events: Sequence[NewEvent], terms: Terms | None, ended: Sequence[Row]
    ) -> Stored:
        chats = [event.chat for event in events]
        if terms is None:
            self._memory.forget(chats)
            return await self._later(events)
        known = self._memory.take(chats, terms.now)
        for remembered in (known, {}) if known else ({},):
            # Whoever was in the way: in the end the events wait for their turns.
            with contextlib.suppress(asyncpg.IntegrityConstraintViolationError, *COLLISION):
                try:
                    stored = await self._promptly(events, terms, ended, remembered)
                except Overtaken:
                    if remembered:
                        self._memory.mistaken(terms.now)
                    raise
                self._memory.keep(stored.left, terms.now)
                return stored
        return await self._later(events)

    async def _later(self, events: Sequence[NewEvent]) -> Stored:
        """Store *events*, whose turns come by themselves."""
        return Stored(await self.alone(lambda tx: put(tx, events)))

    async def _promptly(
        self,
        events: Sequence[NewEvent],
        terms: Terms,
        ended: Sequence[Row],
        known: Mapping[str, Row],
    ) -> Stored:
        """Store *events* with their turns. Raises what tells that somebody was in the way."""
        async with self._pool.connected(keep=True) as connection:
            at_once = partial(receive, connection, self._statements, events, terms)
            try:
                # Nearly always nothing fails, and savepoints are ways to the server and back.
                return await at_once(ended=ended, known=known, guarded=False)
            except (Unguarded, asyncpg.DataError, UnicodeError):
                stored = await at_once(ended=(), known={}, guarded=True)
                return Stored(stored.events)

    async def _count(self, now: int) -> Row | None:
        return await self.write(lambda tx: count_attempt(tx, now))

    async def _turns(self, terms: Terms) -> TurnReport:
        async def attempt() -> TurnReport:
            async with self._transaction() as connection:
                return await run_turns(connection, self._statements, terms, self._memory)

        try:
            return await self._again(attempt)
        except Refused as refused:
            if len(refused.heads) == 1:
                return TurnReport(failures=[await self._fail(terms, refused)], due=terms.now)
            reports = [
                await self._turns(msgspec.structs.replace(terms, limit=1, chat=head.chat))
                for head in refused.heads
            ]
        return merged([*reports, TurnReport(due=terms.now)])

    async def _fail(self, terms: Terms, refused: Refused) -> TurnFailure:
        head: Head = refused.heads[0]
        return await self.write(lambda tx: keep_failure(tx, terms, head, refused.error))


async def _version(connection: Any) -> str | None:
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return None
    version: str | None = await connection.fetchval(migrate.VERSION_QUERY)
    return version
