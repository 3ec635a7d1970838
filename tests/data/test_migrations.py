"""The migrations lead to the declared tables, and a newer database is left alone."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.ext.asyncio import create_async_engine

from data import migrate
from data.opening import open_store
from data.schema import metadata
from data.store import SchemaMismatch, Store
from tests.data.conftest import reached
from tests.stores import bare_schema


def test_the_versions_are_those_of_the_migrations() -> None:
    config = Config()
    config.set_main_option("script_location", str(migrate.FOLDER))
    walked = ScriptDirectory.from_config(config).walk_revisions()
    assert migrate.versions() == [script.revision for script in walked][::-1]


@pytest.fixture
async def postgres_address(require: Any) -> AsyncIterator[str]:
    """The address of a schema without tables."""
    await reached(require)
    async with bare_schema() as bare:
        yield bare


def differences(connection: sqlalchemy.Connection) -> list[Any]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


def test_a_migrated_sqlite_file_has_the_declared_tables(empty_file: Path) -> None:
    engine = sqlalchemy.create_engine(f"sqlite:///{empty_file}")
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


async def test_a_migrated_postgres_schema_has_the_declared_tables(
    postgres_address: str,
) -> None:
    store = open_store(postgres_address)
    await store.open()
    await store.close()
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(postgres_address)
    )
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def change(address: str, sql: str) -> None:
    if address.startswith("sqlite"):
        with sqlite3.connect(address.removeprefix("sqlite:///")) as file:
            file.execute(sql)
        file.close()
        return
    connection = await asyncpg.connect(address)
    await connection.execute(sql)
    await connection.close()


async def test_a_database_of_a_newer_program_is_refused(address: str) -> None:
    store = open_store(address)
    await store.open()
    await store.close()
    await change(address, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaMismatch, match=r"schema 9999.*newer program"):
        await open_store(address).open()


async def test_processes_that_start_together_migrate_once(address: str, tmp_path: Path) -> None:
    if address.startswith("sqlite"):
        address = f"sqlite:///{tmp_path}/new.db"
    stores: list[Store] = [open_store(address) for _ in range(3)]
    await asyncio.gather(*[store.open() for store in stores])
    assert [await store.next_due() for store in stores] == [None] * 3
    for store in stores:
        await store.close()
