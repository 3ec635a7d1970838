"""Two processes with one token, polling and webhook in turn: none lost, none doubled."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from starlette.applications import Starlette

from bot.channels.staff import Staff, StaffSettings
from bot.channels.telegram import Telegram, TelegramSettings
from bot.runtime.duty import Duty
from data.sqlite import SqliteStore
from data.store import Store
from flows.events import Text
from services.duties import TERM
from tests.bot.channels.conftest import running
from tests.bot.channels.echo import Echo
from tests.bot.channels.loopback import serving
from tests.bot.channels.person import Person
from tests.desk import SetClock
from tests.fakes.bot_api import TOKEN, FakeBotApi
from tests.stores import sqlite_store

Make = Callable[[Store], Staff | Telegram]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    await sqlite_store(tmp_path / "chika.db")
    store = SqliteStore(tmp_path / "chika.db")
    await store.open()
    yield store
    await store.close()


@pytest.fixture
def set_clock() -> SetClock:
    return SetClock()


async def a_moment(seconds: float) -> None:
    await asyncio.sleep(0.005)


@pytest.fixture(params=["participants", "officers"])
def make(request: pytest.FixtureRequest, api_url: str, set_clock: SetClock) -> Make:
    async def look() -> None: ...

    def made(store: Store) -> Staff | Telegram:
        alone = Duty(store, set_clock, "poll:4242", pause=a_moment).alone
        if request.param == "officers":
            settings = StaffSettings(TOKEN, api_url)
            return Staff(settings, set_clock, look, alone=alone, pause=a_moment)
        described = TelegramSettings(TOKEN, "Kirim nomor saya", api_url)
        return Telegram(described, set_clock, alone=alone, pause=a_moment)

    return made


async def test_one_of_two_processes_polls_and_the_other_follows(
    api: FakeBotApi, store: Store, make: Make, person: Person, echo: Echo
) -> None:
    first, second = make(store), make(store)
    async with running(second, echo):
        async with running(first, echo):
            for number in range(1, 6):
                echo.over(first)
                await person.say(str(number))
                await person.hears(number)
            assert len(api.called("deleteWebhook")) == 1, "only one of them began"
        echo.over(second)
        await person.say("6")
        await person.hears(6)
    assert echo.heard == [Text(str(number)) for number in range(1, 7)]
    assert api.conflicts == 0
    await first.aclose()
    await second.aclose()


async def test_after_a_death_the_other_takes_over(
    store: Store, make: Make, set_clock: SetClock, person: Person, echo: Echo
) -> None:
    dead = Duty(store, set_clock, "poll:4242")
    await dead._begin()  # and is never heard of again
    follower = make(store)
    echo.over(follower)
    await person.say("halo")
    async with running(follower, echo):
        await a_moment(0)
        assert echo.heard == []
        set_clock.at += TERM
        await person.hears(1)
    await follower.aclose()


@asynccontextmanager
async def channel(
    api_url: str, clock: SetClock, echo: Echo, public_url: str = ""
) -> AsyncIterator[Telegram]:
    settings = TelegramSettings(TOKEN, "Nomor", api_url, public_url, webhook_secret="RAHASIA-1")
    telegram = Telegram(settings, clock, pause=a_moment)
    echo.over(telegram)
    yield telegram
    await telegram.aclose()


async def test_from_polling_to_the_webhook_and_back_nothing_is_lost_or_doubled(
    api: FakeBotApi, api_url: str, set_clock: SetClock, person: Person, echo: Echo
) -> None:
    said: list[str] = []

    async def say(*numbers: int) -> None:
        for number in numbers:
            said.append(str(number))
            await person.say(str(number))

    site = Starlette()
    async with serving(site) as url:
        async with channel(api_url, set_clock, echo) as polling, running(polling, echo):
            await say(1, 2)
            await person.hears(2)
        await say(3)  # nobody listens
        async with channel(api_url, set_clock, echo, url) as hooked:
            site.routes[:] = hooked.webhook_routes(echo)
            await hooked.run(echo)
            await person.hears(3)
            echo.busy = 1
            await say(4)  # refused, so it waits at Telegram
            await say(5)
            await person.hears(5)
            echo.busy = 1
            await say(6)
            site.routes.clear()
        await say(7)  # nobody listens
        async with channel(api_url, set_clock, echo) as polling, running(polling, echo):
            await say(8)
            await person.hears(8)
            await api.until(lambda: not api.unconfirmed)
    assert [event.text for event in echo.heard if isinstance(event, Text)] == said
    for method in ("setWebhook", "deleteWebhook"):
        assert not any("drop_pending_updates" in call for call in api.called(method))


async def test_an_update_that_both_ways_deliver_is_one_event(
    api: FakeBotApi, api_url: str, set_clock: SetClock, person: Person, echo: Echo
) -> None:
    site = Starlette()
    async with serving(site) as url, channel(api_url, set_clock, echo, url) as hooked:
        site.routes[:] = hooked.webhook_routes(echo)
        async with channel(api_url, set_clock, echo) as polling, running(polling, echo):
            await person.say("satu")
            await person.hears(1)
            await hooked.run(echo)  # the other still polls
            await person.say("dua")
            await person.hears(2)
            await api.until(lambda: not api.unconfirmed)
    assert echo.heard == [Text("satu"), Text("dua")]
