"""Stores for tests: an empty one of each engine, and a way to look behind it."""

import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from data.opening import open_store
from data.store import Store
from tests import stores
from tests.stores import postgres_server, postgres_store, sqlite_store

Peek = Callable[..., Awaitable[list[tuple[Any, ...]]]]


@pytest.fixture
async def empty_file() -> Path:
    """A migrated SQLite file, not to be written."""
    return await stores.empty_file()


@pytest.fixture
async def sqlite_address(tmp_path: Path) -> str:
    """The address of an empty SQLite store."""
    return await sqlite_store(tmp_path / "store.db")


@pytest.fixture
async def postgres_address(require: Any) -> AsyncIterator[str]:
    """The address of an empty PostgreSQL store."""
    await reached(require)
    async with postgres_store() as address:
        yield address


async def reached(require: Any) -> None:
    """Skip or fail where no server answers."""
    try:
        await (await asyncpg.connect(postgres_server(), timeout=5)).close()
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        require("postgres", False, f"CHIKA_TEST_POSTGRES cannot be reached: {error}")
        raise


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest) -> str:
    """The address of an empty store, once for each engine."""
    found: str = request.getfixturevalue(f"{request.param}_address")
    return found


@pytest.fixture
async def store(address: str) -> AsyncIterator[Store]:
    """An open, empty store."""
    opened = open_store(address)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def peek(address: str) -> Peek:
    """Ask the database itself, past the store: ``await peek("SELECT ...")``."""

    async def ask(sql: str) -> list[tuple[Any, ...]]:
        if address.startswith("sqlite"):
            connection = sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None)
            try:
                return connection.execute(sql).fetchall()
            finally:
                connection.close()
        other = await asyncpg.connect(address)
        try:
            return [tuple(row) for row in await other.fetch(sql)]
        finally:
            await other.close()

    return ask
