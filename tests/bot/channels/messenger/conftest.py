"""Messenger in one process against our own fake page, with the echo behind a real store."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.messenger.channel import Messenger
from data.opening import open_store
from data.store import Store
from tests.bot.channels.echo import Echo
from tests.bot.channels.messenger_seat import messenger, talking
from tests.desk import SetClock
from tests.fakes.messenger_page import SENT_AT, FakePage, MessengerPerson
from tests.stores import sqlite_store


@pytest.fixture
def page() -> FakePage:
    return FakePage()


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime.fromtimestamp(SENT_AT / 1000, UTC) + timedelta(minutes=1))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    found = open_store(await sqlite_store(tmp_path / "store.db"))
    await found.open()
    yield found
    await found.close()


@pytest.fixture
async def channel(page: FakePage, store: Store, clock: SetClock) -> AsyncIterator[Messenger]:
    found = messenger(page, store, clock)
    yield found
    await found.aclose()


@pytest.fixture
async def echo(page: FakePage, channel: Messenger) -> AsyncIterator[Echo]:
    """The conversation behind the webhook."""
    echo = Echo()
    async with talking(page, channel, echo):
        yield echo


@pytest.fixture
def ana(page: FakePage) -> MessengerPerson:
    return MessengerPerson(page)
