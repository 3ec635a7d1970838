"""The Telegram channel with the real aiogram against servers that we did not write."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from starlette.applications import Starlette

from bot.channels.telegram import Telegram, TelegramSettings
from flows.events import Opened, Press, Text
from tests.bot.channels.conftest import Noon, running
from tests.bot.channels.echo import Echo
from tests.bot.channels.loopback import serving
from tests.peers.people import CHAT, TOKEN, Tapper, Typist
from tests.peers.relay import Relay
from tests.peers.servers import mockpost, telegram_test_api

pytestmark = pytest.mark.slow


async def test_a_conversation_by_polling_and_taps_at_telegram_test_api(
    stack: AsyncExitStack,
) -> None:
    server = await stack.enter_async_context(telegram_test_api())
    relay = Relay(server)
    stack.push_async_callback(relay.aclose)
    url = await stack.enter_async_context(serving(relay.app))
    person = Tapper(relay, server)
    stack.push_async_callback(person.aclose)
    echo = Echo()
    settings = TelegramSettings(TOKEN, "Kirim nomor saya", url)
    telegram = Telegram(settings, Noon(), on_table=echo.on_table)
    stack.push_async_callback(telegram.aclose)
    echo.over(telegram)
    await stack.enter_async_context(running(telegram, echo))

    await person.say("/start")
    await person.hears(1)
    await person.say("pilih")
    await person.hears(2)
    await person.choose("Ubah")
    await person.hears(3)
    await relay.until(lambda: "editMessageText" in relay.calls)
    await person.send_photo(b"gambar" * 100)
    await person.hears(4)

    assert echo.heard[:3] == [Opened(), Text("pilih"), Press("ubah", 1)]
    assert echo.dead == []
    assert echo.events[0].chat == f"telegram:{CHAT}"
    assert person.texts == ["Mulai", "Sudah benar?", "Dipilih: Ubah", "Berkas  600 byte"]
    assert "answerCallbackQuery" in relay.calls
    assert "Sudah benar?\n✓ Ubah" in await person.history()


async def test_a_conversation_by_webhook_and_numbers_at_mockpost(
    stack: AsyncExitStack, tmp_path: Path
) -> None:
    server = await stack.enter_async_context(mockpost(tmp_path))
    relay = Relay(f"{server}/telegram")
    stack.push_async_callback(relay.aclose)
    relay.url = await stack.enter_async_context(serving(relay.app))
    person = Typist(relay, server)
    stack.push_async_callback(person.aclose)
    await person.register()
    web = Starlette()
    ours = await stack.enter_async_context(serving(web))
    settings = TelegramSettings(
        TOKEN, "Kirim nomor saya", relay.url, ours, webhook_secret="uji_RAHASIA-1"
    )
    telegram = Telegram(settings, Noon())
    stack.push_async_callback(telegram.aclose)
    echo = Echo()
    echo.over(telegram)
    web.routes.extend(telegram.webhook_routes(echo))
    await asyncio.wait_for(telegram.run(echo), 20)

    await person.say("/start")
    await person.hears(1)
    await person.say("pilih")
    await person.hears(2)
    await person.choose("Ubah")
    await person.hears(3)
    await person.send_photo(b"gambar" * 100)
    await person.hears(4)

    assert echo.heard[:3] == [Opened(), Text("pilih"), Text("2")]
    assert echo.dead == []
    assert person.texts == ["Mulai", "Sudah benar?", "Dipilih: Ubah", "Berkas  600 byte"]
    assert relay.webhook["secret_token"] == "uji_RAHASIA-1"
    assert relay.statuses == [200] * 4
    assert any("Dipilih: Ubah" in said for said in await person.history())
