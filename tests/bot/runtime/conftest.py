"""The stage of the runtime's tests, set up anew for each."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.bootstrap import Product, read_product
from bot.config import Config
from bot.runtime import sender as sending
from bot.runtime import signal as signals
from bot.runtime.sender import Sender
from tests.bot.runtime.stage import SOON, Flaky, Inbox, Post, at_work
from tests.desk import SetClock


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store; migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("migrated") / "store.db"

    async def migrate() -> None:
        store = Flaky(path)
        await store.open()
        await store.close()

    asyncio.run(migrate())
    return path


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Product:
    """Flows, texts and facts as they are shipped; documents in a folder of the tests."""
    return read_product(Config(root=tmp_path_factory.mktemp("product")))


@pytest.fixture
async def store(tmp_path: Path, migrated: Path) -> AsyncIterator[Flaky]:
    shutil.copy(migrated, tmp_path / "store.db")
    opened = Flaky(tmp_path / "store.db")
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def inbox(store: Flaky, clock: SetClock) -> Inbox:
    return Inbox(store, clock)


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks unasked while a test lasts: what nobody is woken for does not happen."""
    for module in (sending, signals):
        monkeypatch.setattr(module, "LONGEST_NAP", 600.0)


@pytest.fixture
async def sender(store: Flaky, post: Post, clock: SetClock, unasked: None) -> AsyncIterator[Sender]:
    """A sender at work, which must end within its time."""
    made, running = await at_work(store, post, clock)
    yield made
    made.stop(1)
    await asyncio.wait_for(running, SOON)
