"""Connections to PostgreSQL: taken for a while, or kept from one batch to the next."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import asyncpg

from data.postgres_tx import busy_told
from data.store import StoreBusy

CONNECTIONS = 10
PATIENCE = 20.0
"""Seconds after which a statement is given up."""

PLANNING = {
    "plan_cache_mode": "force_generic_plan",
    "jit": "off",
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
}
"""Each statement is planned once for a connection, as that costs more than to carry it out: by its
indexes and in their order, up to a limit, as tables may be empty when the plan is made and large
when it is used."""


class Pool:
    """asyncpg's pool; a connection may stay out of it from one batch to the next."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._kept: list[Any] = []

    async def close(self) -> None:
        """Close every connection as soon as nobody uses it."""
        while self._kept:
            await self._pool.release(self._kept.pop())
        await self._pool.close()

    @contextlib.asynccontextmanager
    async def connected(self, *, keep: bool = False) -> AsyncIterator[Any]:
        """A connection. Raises `StoreBusy`.

        Who says *keep* takes what was kept, and where nothing is raised it is kept again: to give
        it back and take it anew costs a batch of turns what one of the turns does.
        """
        connection = self._kept.pop() if keep and self._kept else None
        if connection is None or _has_ended(connection):
            with busy_told():
                connection = await self._pool.acquire()
        try:
            yield connection
        except BaseException as error:
            if isinstance(error, StoreBusy):
                # Its state is unknown, if the pool has not dropped it already: a new one is made.
                with contextlib.suppress(asyncpg.InterfaceError):
                    connection.terminate()
            await self._pool.release(connection)
            raise
        if keep:
            self._kept.append(connection)
        else:
            await self._pool.release(connection)


def _has_ended(connection: Any) -> bool:
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True  # the pool took it back when it ended


async def open_pool(url: str) -> Pool:
    """A pool for the database at *url*. Raises `StoreBusy`."""
    with busy_told():
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=CONNECTIONS,
            command_timeout=PATIENCE,
            statement_cache_size=512,
            max_cached_statement_lifetime=0,
            reset=_as_it_was,
            server_settings=PLANNING,
        )
    return Pool(pool)


async def _as_it_was(connection: Any) -> None:
    """Nothing to reset: no statement of ours changes a connection's settings, cursors or locks."""
