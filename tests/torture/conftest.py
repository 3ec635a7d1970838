"""A world on each engine, for lives to be ended in."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from data.opening import open_store
from tests.stores import bare_schema, sqlite_store
from tests.torture.victim import Victim


@pytest.fixture(params=["sqlite", "postgres"])
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/store.db"
    else:
        async with bare_schema() as url:
            yield url


@pytest.fixture
async def address(empty: str) -> str:
    """The address of an empty store."""
    store = open_store(empty)
    await store.open()
    await store.close()
    return empty


@pytest.fixture
async def sqlite_address(tmp_path: Path) -> str:
    """The address of an empty SQLite store."""
    return await sqlite_store(tmp_path / "store.db")


@pytest.fixture
def victim(address: str, tmp_path: Path) -> Iterator[Victim]:
    """The product over an empty store, ready to live and die."""
    with Victim(address, tmp_path) as victim:
        yield victim
