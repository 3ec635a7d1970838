"""WhatsApp against the fake Graph API: the channel, its webhook, and somebody in front of it."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from starlette.applications import Starlette

from bot.channels.graph.webhook import Proof
from bot.channels.layout import WHATSAPP_MARKS
from bot.channels.whatsapp.channel import WhatsApp, WhatsAppSettings
from bot.runtime.ports import Receive
from bot.texts.templates import load_templates
from data.instants import Clock
from data.opening import open_store
from data.store import Store
from tests.bot.channels.echo import Echo
from tests.fakes.graph_api import ACCOUNT, SECRET, TOKEN, VERIFY, FakeGraphApi
from tests.fakes.whatsapp_person import WhatsAppPerson
from tests.stores import sqlite_store

LOOKS_LIKE = {ord(alike): mark for mark, alike in WHATSAPP_MARKS.items()}


def whatsapp(api: FakeGraphApi, store: Store, clock: Clock, largest: int) -> WhatsApp:
    """The channel, which asks the fake API."""
    settings = WhatsAppSettings(
        token=TOKEN,
        phone_number_id=ACCOUNT,
        proof=Proof(SECRET, VERIFY),
        list_label={"id": "Lihat pilihan", "en": "See choices"},
        largest_file=largest,
    )
    return WhatsApp(settings, store, clock, load_templates(), transport=api.transport)


@asynccontextmanager
async def talking(api: FakeGraphApi, channel: WhatsApp, receive: Receive) -> AsyncIterator[None]:
    """Let the API deliver to the channel's webhook."""
    if isinstance(receive, Echo):
        receive.over(channel)
    transport = httpx.ASGITransport(Starlette(routes=channel.webhook_routes(receive)))
    async with httpx.AsyncClient(transport=transport, base_url="https://chika.example") as client:
        api.hook(client, "/whatsapp")
        yield


class WhatsAppSeat:
    """Somebody on WhatsApp, as the contract knows them."""

    def __init__(self, channel: WhatsApp, api: FakeGraphApi, echo: Echo) -> None:
        self.channel = channel
        self.person = WhatsAppPerson(api)
        self._echo = echo

    @property
    def chat(self) -> str:
        return self._echo.events[0].chat

    async def say(self, text: str) -> None:
        await self._send(self.person.text(text))

    async def tap(self, number: int) -> None:
        await self.person.tap(number)

    async def send_photo(self, data: bytes) -> None:
        await self._send(self.person.photo(data))

    async def send_contact(self, phone: str) -> None:
        await self._send(self.person.card(phone))

    async def send_voice(self) -> None:
        await self._send(self.person.message("audio", {"id": "1", "voice": True}))

    async def send_sticker(self) -> None:
        await self._send(self.person.message("sticker", {"id": "1"}))

    async def reads(self, count: int) -> list[str]:
        assert len(self.person.texts) >= count
        return [_shown(text) for text in self.person.texts]

    def options(self) -> str:
        return "  ".join(title for _, _, title in self.person.offered)

    def bold(self) -> list[str]:
        return re.findall(r"(?<!\w)\*([^*\n]+)\*(?!\w)", self.person.texts[-1])

    async def _send(self, message: object) -> None:
        # Meta repeats what was not answered with 200
        while await self.person.send(message) != 200:
            pass


@asynccontextmanager
async def whatsapp_seat(
    echo: Echo, clock: Clock, folder: Path, largest: int
) -> AsyncIterator[WhatsAppSeat]:
    """Somebody who writes to the number; *clock* tells when."""
    store = open_store(await sqlite_store(folder / "whatsapp.db"))
    await store.open()
    api = FakeGraphApi()
    channel = whatsapp(api, store, clock, largest)
    seat = WhatsAppSeat(channel, api, echo)
    seat.person.second = int(clock.now().timestamp()) - 60
    try:
        async with talking(api, channel, echo):
            yield seat
    finally:
        await channel.aclose()
        await store.close()


def _shown(text: str) -> str:
    """What a reader sees: bold without its marks, and letters that look like marks as these."""
    return re.sub(r"(?<!\w)\*([^*\n]+)\*(?!\w)", r"\1", text).translate(LOOKS_LIKE)
