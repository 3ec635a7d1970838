"""WhatsApp in one process against our own fake Graph API, with the echo behind a real store."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.channels.graph.webhook import Proof
from bot.channels.whatsapp.channel import WhatsApp, WhatsAppSettings
from bot.texts.templates import load_templates
from data.opening import open_store
from data.store import Store
from tests.bot.channels.echo import Echo
from tests.desk import SetClock
from tests.fakes.graph_api import ACCOUNT, SECRET, TOKEN, VERIFY, FakeGraphApi
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


@pytest.fixture
async def whatsapp(api: FakeGraphApi, store: Store, clock: SetClock) -> AsyncIterator[WhatsApp]:
    settings = WhatsAppSettings(
        token=TOKEN,
        phone_number_id=ACCOUNT,
        proof=Proof(SECRET, VERIFY),
        list_label={"id": "Lihat pilihan", "en": "See choices"},
        largest_file=LARGEST_FILE,
    )
    channel = WhatsApp(settings, store, clock, load_templates(), transport=api.transport)
    yield channel
    await channel.aclose()


@pytest.fixture
async def echo(api: FakeGraphApi, whatsapp: WhatsApp) -> AsyncIterator[Echo]:
    """The conversation behind the webhook."""
    echo = Echo()
    echo.over(whatsapp)
    transport = httpx.ASGITransport(Starlette(routes=whatsapp.webhook_routes(echo)))
    async with httpx.AsyncClient(transport=transport, base_url="https://chika.example") as client:
        api.hook(client, "/whatsapp")
        yield echo


@pytest.fixture
def ana(api: FakeGraphApi) -> WhatsAppPerson:
    return WhatsAppPerson(api)
