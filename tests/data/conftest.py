"""Stores for tests: an empty one of each engine, and a way to look behind it."""

import asyncio
import secrets
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from data.opening import open_store
from data.store import Store

Peek = Callable[..., Awaitable[list[tuple[Any, ...]]]]


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file; migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("empty") / "store.db"

    async def migrate() -> None:
        store = open_store(f"sqlite:///{path}")
        await store.open()
        await store.close()

    asyncio.run(migrate())
    return path


@pytest.fixture
def sqlite_address(tmp_path: Path, empty_file: Path) -> str:
    """The address of an empty SQLite store."""
    shutil.copy(empty_file, tmp_path / "store.db")
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def postgres_schema(postgres_address: str) -> str:
    """The address of an empty PostgreSQL store that is migrated."""

    async def migrate() -> None:
        store = open_store(postgres_address)
        await store.open()
        await store.close()

    asyncio.run(migrate())
    return postgres_address


@pytest.fixture
async def postgres_address(postgres_url: str, require: Any) -> AsyncIterator[str]:
    """The address of a schema that is this test's own."""
    try:
        connection = await asyncpg.connect(postgres_url, timeout=5)
    except (OSError, asyncpg.PostgresError, TimeoutError) as error:
        require("postgres", False, f"CHIKA_TEST_POSTGRES cannot be reached: {error}")
        raise
    schema = f"chika_{secrets.token_hex(6)}"
    await connection.execute(f"CREATE SCHEMA {schema}")
    joint = "&" if "?" in postgres_url else "?"
    yield f"{postgres_url}{joint}search_path={schema}"
    await connection.execute("SET client_min_messages = warning")
    await connection.execute(f"DROP SCHEMA {schema} CASCADE")
    await connection.close()


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
