"""An officer's work from Telegram with the real library, through a server that we did not write."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bot.bootstrap import read_product
from bot.config import Config
from tests.bot.channels.loopback import serving
from tests.bot.staff.office import open_office
from tests.desk import CHAT, RINA
from tests.fakes.bot_api import FakeBotApi
from tests.peers.people import TOKEN, Tapper
from tests.peers.relay import Relay
from tests.peers.servers import telegram_test_api

pytestmark = pytest.mark.slow

NUMBER = "MND-G-0001"


async def test_a_request_is_served_from_the_telephone(
    stack: AsyncExitStack, tmp_path: Path
) -> None:
    server = await stack.enter_async_context(telegram_test_api())
    relay = Relay(server)
    stack.push_async_callback(relay.aclose)
    url = await stack.enter_async_context(serving(relay.app))
    officer = Tapper(relay, server)
    stack.push_async_callback(officer.aclose)
    product = read_product(Config(root=tmp_path))
    nobody = FakeBotApi()
    office = await stack.enter_async_context(
        open_office(product, tmp_path / "office.db", nobody, url, TOKEN)
    )

    async def tap(label: str, expected: str) -> None:
        since = len(officer.texts)
        await officer.choose(label)
        await officer.reads(expected, since)

    async def say(text: str, expected: str) -> None:
        since = len(officer.texts)
        await officer.say(text)
        await officer.reads(expected, since)

    await say(await office.code(RINA), "Tersambung. Selamat bekerja, Rina K.")
    await office.desk.file(urgent=True)
    since = len(officer.texts)
    await office.look()
    await officer.reads("Mendesak, baru masuk", since)
    await tap(NUMBER, "Siti Aminah")
    await tap("Ambil", "Anda ambil")
    await tap("Balas", "Tulis balasan")
    await say("Sedang kami proses.", "terkirim dalam 10 detik")
    await tap("Minta perbaikan", "Bagian mana")
    await tap("Batal", "tidak ada yang terkirim")
    await say(NUMBER, "Dikerjakan oleh Rina K.")
    await tap("Selesai", "selesai karena apa?")
    await tap("Sudah diproses sesuai permintaan", "Peserta akan membaca:")
    await tap("Kirim", "Peserta diberi tahu")

    assert (await office.desk.request(NUMBER)).status == "done"
    office.desk.clock.at += product.rules.undo
    await office.settle()
    said = await office.desk.all("web_chat_said", chat=CHAT, limit=9)
    assert [b"Sedang kami proses." in row["body"] for row in reversed(said)][1:] == [True, False]
    assert "answerCallbackQuery" in relay.calls
