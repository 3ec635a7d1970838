"""Polling: nothing is acknowledged before it is stored, and nothing stops it for ever."""

import asyncio
import json
from collections.abc import Sequence

import pytest

from bot.channels.telegram import Telegram
from bot.channels.telegram_decode import ALLOWED_UPDATES
from data.store import NewEvent
from flows.events import Text
from tests.bot.channels.conftest import Pauses, running
from tests.bot.channels.echo import Echo
from tests.bot.channels.person import Person
from tests.fakes.bot_api import FakeBotApi

HIDDEN = {"type": "hidden_user", "date": 1_764_000_000}


async def test_an_update_is_acknowledged_only_after_it_is_stored(
    api: FakeBotApi, telegram: Telegram, person: Person
) -> None:
    storing, stored = asyncio.Event(), asyncio.Event()

    async def receive(events: Sequence[NewEvent]) -> Sequence[bool]:
        storing.set()
        await stored.wait()
        return [True] * len(events)

    update = await person.say("halo")
    async with running(telegram, receive):
        await asyncio.wait_for(storing.wait(), 5)
        assert api.unconfirmed == [update["update_id"]]
        assert max(api.offsets) <= update["update_id"]
        stored.set()
        await api.until(lambda: not api.unconfirmed)
    assert max(api.offsets) == update["update_id"] + 1


async def test_what_the_store_could_not_take_is_asked_for_again(
    api: FakeBotApi, person: Person, talking: Echo, pauses: Pauses
) -> None:
    talking.busy = 3
    await person.say("halo")
    await person.hears(1)
    assert talking.heard == [Text("halo")]
    assert pauses == [1.0, 2.0, 4.0]


async def test_an_unreadable_update_blocks_nobody(person: Person, talking: Echo) -> None:
    await person.say("satu")
    await person.send(text="terusan", forward_origin=HIDDEN)
    await person.say("dua")
    await person.hears(2)
    assert talking.heard == [Text("satu"), Text("dua")]
    assert talking.dead == ["unreadable: ValidationError"]


async def test_only_what_we_read_is_asked_for(
    api: FakeBotApi, person: Person, talking: Echo
) -> None:
    await person.say("halo")
    await person.hears(1)
    for asked in api.called("getUpdates"):
        assert json.loads(asked["allowed_updates"]) == ALLOWED_UPDATES


async def test_a_webhook_of_earlier_days_is_taken_off_first(
    api: FakeBotApi, telegram: Telegram, person: Person, echo: Echo
) -> None:
    await person.say("halo")
    api.webhook = {"url": "http://127.0.0.1:9/alt"}
    echo.over(telegram)
    async with running(telegram, echo):
        await person.hears(1)
    assert api.calls[0][0] == "deleteWebhook"


async def test_who_fights_for_the_token_waits_long_each_time(
    api: FakeBotApi, telegram: Telegram, person: Person, echo: Echo, pauses: Pauses
) -> None:
    conflict = {"ok": False, "error_code": 409, "description": "Conflict: terminated by other"}
    echo.over(telegram)
    async with running(telegram, echo):
        for number in range(1, 4):
            api.fail("getUpdates", 409, conflict)
            await person.say("halo")
            await person.hears(number)
    assert pauses == [30, 30, 30]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {"ok": False, "error_code": 500, "description": "Internal Server Error"}),
        (502, "<html>Bad Gateway</html>"),
        (401, {"ok": False, "error_code": 401, "description": "Unauthorized"}),
        (200, {"ok": True, "result": "bukan daftar"}),
    ],
)
async def test_trouble_is_waited_out_ever_longer(
    api: FakeBotApi,
    telegram: Telegram,
    person: Person,
    echo: Echo,
    pauses: Pauses,
    status: int,
    body: dict[str, object] | str,
) -> None:
    api.fail("getUpdates", status, body, times=7)
    await person.say("halo")
    echo.over(telegram)
    async with running(telegram, echo):
        await person.hears(1)
    assert pauses == [1, 2, 4, 8, 16, 30, 30]


async def test_a_flood_is_waited_out_as_told(
    api: FakeBotApi, telegram: Telegram, person: Person, echo: Echo, pauses: Pauses
) -> None:
    api.flood("getUpdates", 11)
    await person.say("halo")
    echo.over(telegram)
    async with running(telegram, echo):
        await person.hears(1)
    assert pauses == [11]


async def test_a_fault_of_our_own_does_not_end_the_polling(
    telegram: Telegram, person: Person, echo: Echo, pauses: Pauses
) -> None:
    faults = [ZeroDivisionError()]

    async def receive(events: Sequence[NewEvent]) -> Sequence[bool]:
        if faults:
            raise faults.pop()
        return await echo(events)

    echo.over(telegram)
    await person.say("halo")
    async with running(telegram, receive):
        await person.hears(1)
    assert pauses == [1]


async def test_two_answers_at_once_keep_their_order(person: Person, talking: Echo) -> None:
    await asyncio.gather(person.say("satu"), person.say("dua"))
    await person.hears(2)
    ranks = [event.rank for event in talking.events]
    assert ranks == sorted(ranks)


async def test_ten_pictures_of_one_album_arrive_as_ten(person: Person, talking: Echo) -> None:
    for number in range(10):
        await person.send_photo(bytes([number]) * 10, album="A1")
    await person.hears(10)
    assert [media.album for media in talking.fetched] == ["A1"] * 10
    assert [media.data[0] for media in talking.fetched] == list(range(10))
