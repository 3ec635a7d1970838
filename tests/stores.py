"""Empty stores for tests. Migrating takes longer than most tests, so each process does it once."""

import asyncio
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg

from data.opening import open_store

POSTGRES = "postgresql://postgres@127.0.0.1:5432/test"

_FOLDER = tempfile.TemporaryDirectory(prefix="chika-empty-")
_FILE = Path(_FOLDER.name) / "store.db"
_FREE: list[str] = []
_MADE: list[str] = []


def postgres_server() -> str:
    """The database in which tests make schemas."""
    return os.environ.get("CHIKA_TEST_POSTGRES", POSTGRES)


async def empty_file() -> Path:
    """A migrated SQLite file, not to be written."""
    if not _FILE.exists():
        await _migrate(f"sqlite:///{_FILE}")
    return _FILE


async def sqlite_store(path: Path) -> str:
    """Make *path* an empty store; its address."""
    shutil.copy(await empty_file(), path)
    return f"sqlite:///{path}"


@asynccontextmanager
async def bare_schema() -> AsyncIterator[str]:
    """The address of a PostgreSQL schema without tables."""
    schema = await _made()
    try:
        yield _address(schema)
    finally:
        await _drop(schema)


@asynccontextmanager
async def postgres_store() -> AsyncIterator[str]:
    """The address of an empty PostgreSQL store; emptied afterwards, and used again."""
    schema = _FREE.pop() if _FREE else await _migrated()
    try:
        yield _address(schema)
    finally:
        if await _emptied(schema):
            _FREE.append(schema)


async def drop_all() -> None:
    """Leave nothing in the database; at the end of a process that ran tests."""
    for schema in list(_MADE):
        await _drop(schema)


async def _migrated() -> str:
    schema = await _made()
    await _migrate(_address(schema))
    return schema


async def _migrate(address: str) -> None:
    store = open_store(address)
    await store.open()
    await store.close()


async def _made() -> str:
    schema = f"chika_{uuid.uuid4().hex[:12]}"
    await _run(f"CREATE SCHEMA {schema}")
    _MADE.append(schema)
    return schema


async def _emptied(schema: str) -> bool:
    """Whether every table of *schema* is empty and counts from the beginning again."""
    # what a test left behind may hold a lock for good: that schema is left alone
    with suppress(asyncpg.PostgresError, TimeoutError):
        connection = await asyncpg.connect(_address(schema), command_timeout=5)
        try:
            tables = await _names(connection, "pg_tables", "tablename", schema)
            tables.remove("alembic_version")
            any_row = [f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in tables]
            full = [row[0] for row in await connection.fetch(" UNION ALL ".join(any_row))]
            async with connection.transaction():
                for name in full:
                    await connection.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
                if full:
                    await connection.execute(f"TRUNCATE {', '.join(full)} CASCADE")
                for name in full:
                    await connection.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")
                for name in await _names(connection, "pg_sequences", "sequencename", schema):
                    await connection.execute(f"SELECT setval('{name}', 1, false)")
            return True
        finally:
            await connection.close()
    return False


async def _names(connection: Any, catalogue: str, column: str, schema: str) -> list[str]:
    query = f"SELECT {column} FROM {catalogue} WHERE schemaname = $1"
    return [row[0] for row in await connection.fetch(query, schema)]


async def _drop(schema: str) -> None:
    await _run(f"SET client_min_messages = warning; DROP SCHEMA {schema} CASCADE")
    _MADE.remove(schema)


async def _run(sql: str) -> None:
    connection = await asyncpg.connect(postgres_server(), timeout=5)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


def _address(schema: str) -> str:
    server = postgres_server()
    return f"{server}{'&' if '?' in server else '?'}search_path={schema}"


def finish() -> None:
    """`drop_all` where no event loop runs."""
    if _MADE:
        asyncio.run(drop_all())
