"""A branch whose officers work from the telephone: the product, a fake Telegram, the library."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.bootstrap import Product, build_runtime
from bot.channels.staff import Staff, StaffSettings
from bot.runtime.runtime import Runtime
from bot.staff.look import looking
from data.sqlite import SqliteStore
from services import staff_links
from services.officers import Officer
from tests.bot.channels.person import Person
from tests.desk import Desk, SetClock, enrol
from tests.fakes.bot_api import FakeBotApi

CODE_LASTS = timedelta(minutes=10)
PATIENCE = 10.0


class Phone(Person):
    """An officer's telephone."""

    def __init__(self, api: FakeBotApi, chat: int) -> None:
        super().__init__(api, chat)
        self._fake = api
        self._read = 0

    async def reads(self, *texts: str) -> str:
        """Wait until each of *texts* stands in what came since the last time; all that came."""
        try:
            await self._fake.until(lambda: all(text in self.news for text in texts))
        except TimeoutError:
            raise AssertionError(f"{texts} never came, but {self.news!r}") from None
        news, self._read = self.news, len(self.texts)
        return news

    @property
    def news(self) -> str:
        """What came since the last time."""
        return "\n".join(self.texts[self._read :])

    @property
    def buttons(self) -> list[str]:
        """The buttons of the last message that has some."""
        return [label for row in self.labels for label in row]


@dataclass
class Office:
    """The branch: its desk in the store, the running product, and Telegram."""

    desk: Desk
    product: Product
    runtime: Runtime
    api: FakeBotApi
    look: Callable[[], Awaitable[None]]
    file: Path
    chats: int = 500

    async def code(self, officer: Officer) -> str:
        """What the console shows to *officer*."""
        return await self.desk.do(staff_links.make_code, officer, lasts=CODE_LASTS)

    def phone(self) -> Phone:
        """A telephone that nobody has linked yet."""
        self.chats += 1
        return Phone(self.api, self.chats)

    async def linked(self, officer: Officer) -> Phone:
        """The telephone of *officer*, linked and read up to now."""
        phone = self.phone()
        await phone.say(await self.code(officer))
        await phone.reads("Tersambung", officer.name)
        return phone

    def sql(self, statement: str) -> list[Any]:
        """What a hand at the database itself does or sees."""
        with closing(sqlite3.connect(self.file)) as connection, connection:
            return connection.execute(statement).fetchall()

    async def settle(self) -> None:
        """Wait until every event had its turn."""
        async with asyncio.timeout(PATIENCE):
            while await self._waiting():
                self.runtime.wake()
                await asyncio.sleep(0.005)

    async def _waiting(self) -> bool:
        rows = await self.desk.all("fetches", limit=1)
        due = await self.desk.store.next_due()
        return bool(rows) or (due is not None and due <= int(self.desk.clock.at.timestamp() * 1e6))


@asynccontextmanager
async def open_office(
    product: Product, file: Path, api: FakeBotApi, url: str, token: str
) -> AsyncIterator[Office]:
    """The product over the store *file*, its bot at the Bot API server *url*."""
    clock, store = SetClock(), SqliteStore(file)
    async with AsyncExitStack() as stack:
        await store.open()
        stack.push_async_callback(store.close)
        desk = Desk(store, clock)
        await desk.do(enrol)

        def wake() -> None:
            runtime.wake()

        near = timedelta(minutes=product.config.staff.near_minutes)
        look = looking(store, clock, product.reference.calendar, near, wake)
        staff = Staff(StaffSettings(token, url, every=timedelta(hours=1)), clock, look)
        stack.push_async_callback(staff.aclose)
        runtime = build_runtime(product, store, [staff], clock)
        await runtime.start()
        stack.push_async_callback(runtime.stop)
        yield Office(desk, product, runtime, api, look, file)
