"""WhatsApp in one process against our own fake Graph API, with the echo behind a real store."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.whatsapp.channel import WhatsApp
from data.opening import open_store
from data.store import Store
from tests.bot.channels.echo import Echo
from tests.bot.channels.whatsapp_seat import talking, whatsapp
from tests.desk import SetClock
from tests.fakes.graph_api import FakeGraphApi
from tests.fakes.whatsapp_person import SENT_AT, WhatsAppPerson
from tests.stores import sqlite_store

LARGEST_FILE = 256 * 1024


@pytest.fixture
def api() -> FakeGraphApi:
    return FakeGraphApi()


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime.fromtimestamp(SENT_AT, UTC) + timedelta(minutes=1))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    found = open_store(await sqlite_store(tmp_path / "store.db"))
    await found.open()
    yield found
    await found.close()


@pytest.fixture(name="whatsapp")
async def channel(api: FakeGraphApi, store: Store, clock: SetClock) -> AsyncIterator[WhatsApp]:
    channel = whatsapp(api, store, clock, LARGEST_FILE)
    yield channel
    await channel.aclose()


@pytest.fixture
async def echo(api: FakeGraphApi, whatsapp: WhatsApp) -> AsyncIterator[Echo]:
    """The conversation behind the webhook."""
    echo = Echo()
    async with talking(api, whatsapp, echo):
        yield echo


@pytest.fixture
def ana(api: FakeGraphApi) -> WhatsAppPerson:
    return WhatsAppPerson(api)
