"""Telegram over loopback against our own fake Bot API, and a conversation to try it with."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.staff import Staff, StaffSettings
from bot.channels.telegram import Telegram, TelegramSettings
from bot.runtime.ports import Channel, Receive
from data.instants import Clock
from tests.bot.channels.echo import Echo
from tests.bot.channels.loopback import serving
from tests.bot.channels.person import Person
from tests.fakes.bot_api import TOKEN, FakeBotApi

LARGEST_FILE = 256 * 1024


class Noon:
    """A clock that stands still."""

    def now(self) -> datetime:
        return datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


class Pauses(list[float]):
    """Records how long somebody would have waited, and lets the others run."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)
        await asyncio.sleep(0)


@asynccontextmanager
async def running(channel: Channel, receive: Receive) -> AsyncIterator[None]:
    """The channel while it runs."""
    task = asyncio.create_task(channel.run(receive))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def clock() -> Noon:
    return Noon()


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def api() -> FakeBotApi:
    return FakeBotApi()


@pytest.fixture
async def api_url(api: FakeBotApi) -> AsyncIterator[str]:
    async with serving(api.app) as url:
        yield url


@asynccontextmanager
async def open_telegram(
    api_url: str, clock: Clock, pauses: Pauses, echo: Echo
) -> AsyncIterator[Telegram]:
    """The participants' bot at the fake Bot API."""
    settings = TelegramSettings(
        token=TOKEN,
        contact_label="Kirim nomor saya",
        api_base=api_url,
        largest_file=LARGEST_FILE,
    )
    channel = Telegram(settings, clock, on_table=echo.on_table, pause=pauses)
    try:
        yield channel
    finally:
        await channel.aclose()


@pytest.fixture
async def telegram(
    api_url: str, clock: Noon, pauses: Pauses, echo: Echo
) -> AsyncIterator[Telegram]:
    async with open_telegram(api_url, clock, pauses, echo) as channel:
        yield channel


class Beats:
    """Counts the looks for alerts; the first *broken* of them fail."""

    def __init__(self) -> None:
        self.count = 0
        self.broken = 0
        self.told = asyncio.Event()

    async def __call__(self) -> None:
        self.count += 1
        if self.count >= 3:
            self.told.set()
        if self.count <= self.broken:
            raise ZeroDivisionError


@pytest.fixture
def beats() -> Beats:
    return Beats()


@asynccontextmanager
async def open_staff(
    api_url: str, clock: Clock, pauses: Pauses, beats: Beats
) -> AsyncIterator[Staff]:
    """The officers' bot at the fake Bot API."""
    settings = StaffSettings(TOKEN, api_url, every=timedelta(milliseconds=20))
    channel = Staff(settings, clock, beats, pause=pauses)
    try:
        yield channel
    finally:
        await channel.aclose()


@pytest.fixture
async def staff(api_url: str, clock: Noon, pauses: Pauses, beats: Beats) -> AsyncIterator[Staff]:
    async with open_staff(api_url, clock, pauses, beats) as channel:
        yield channel


@pytest.fixture
def person(api: FakeBotApi) -> Person:
    return Person(api)


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
async def talking(telegram: Telegram, echo: Echo) -> AsyncIterator[Echo]:
    """The conversation, over Telegram by polling."""
    echo.over(telegram)
    async with running(telegram, echo):
        yield echo
