"""Messenger against the fake page: the channel, its webhook, and somebody in front of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from starlette.applications import Starlette

from bot.channels.graph.webhook import Proof
from bot.channels.messenger.channel import Messenger, MessengerSettings
from bot.channels.polling import Pause
from bot.channels.window import Gate
from bot.runtime.ports import Receive
from bot.texts.templates import load_templates
from data.instants import Clock, to_us
from data.opening import open_store
from data.store import Store
from tests.bot.channels.echo import Echo
from tests.fakes.graph_api import SECRET, TOKEN, VERIFY
from tests.fakes.messenger_page import PAGE, FakePage, MessengerPerson
from tests.stores import sqlite_store

LARGEST_FILE = 256 * 1024


def messenger(
    page: FakePage,
    store: Store,
    clock: Clock,
    *,
    pause: Pause = asyncio.sleep,
    largest: int = LARGEST_FILE,
) -> Messenger:
    """The channel, which asks the fake page."""
    settings = MessengerSettings(
        token=TOKEN, page_id=PAGE, proof=Proof(SECRET, VERIFY), largest_file=largest
    )
    gate = Gate(store, clock, load_templates(), None)
    return Messenger(settings, store, clock, gate, transport=page.transport, pause=pause)


@asynccontextmanager
async def talking(page: FakePage, channel: Messenger, receive: Receive) -> AsyncIterator[None]:
    """Let the page deliver to the channel's webhook."""
    if isinstance(receive, Echo):
        receive.over(channel)
    transport = httpx.ASGITransport(Starlette(routes=channel.webhook_routes(receive)))
    async with httpx.AsyncClient(transport=transport, base_url="https://chika.example") as client:
        page.hook(client, "/messenger")
        yield


class MessengerSeat:
    """Somebody on Messenger, as the contract knows them."""

    def __init__(self, channel: Messenger, page: FakePage, echo: Echo) -> None:
        self.channel = channel
        self.person = MessengerPerson(page)
        self._echo = echo

    @property
    def chat(self) -> str:
        return self._echo.events[0].chat

    async def say(self, text: str) -> None:
        item = self.person.message(text=text)
        # Meta repeats what was not answered with 200
        while await self.person.send(item) != 200:
            pass

    async def tap(self, number: int) -> None:
        await self.person.tap(number)

    async def send_photo(self, data: bytes) -> None:
        await self.person.send_photo(data)

    async def reads(self, count: int) -> list[str]:
        assert len(self.person.texts) >= count
        return self.person.texts

    def options(self) -> str:
        return "  ".join(title for _, _, title in self.person.offered)

    def bold(self) -> list[str]:
        """Nothing on Messenger is bold."""
        return []


@asynccontextmanager
async def messenger_seat(
    echo: Echo, clock: Clock, folder: Path, largest: int
) -> AsyncIterator[MessengerSeat]:
    """Somebody who writes to the page; *clock* tells when."""
    store = open_store(await sqlite_store(folder / "messenger.db"))
    await store.open()
    page = FakePage()
    channel = messenger(page, store, clock, largest=largest)
    seat = MessengerSeat(channel, page, echo)
    seat.person.moment = to_us(clock.now()) // 1000
    try:
        async with talking(page, channel, echo):
            yield seat
    finally:
        await channel.aclose()
        await store.close()
