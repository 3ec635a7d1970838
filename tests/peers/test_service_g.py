"""Service G from the first word to the officer's answer, through servers that we did not write."""

import io
import re
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image
from starlette.applications import Starlette

from bot.bootstrap import App, Product, read_product, running
from bot.channels.telegram import Telegram, TelegramSettings
from bot.config import Config, StoreUrl
from bot.runtime.question import on_table
from data.opening import open_store
from data.store import Tx
from services import checklist, endings, officers, queue, requests
from services.officers import Officer
from tests.bot.channels.loopback import serving
from tests.desk import RULES
from tests.peers.people import TOKEN, Participant, Tapper, Typist
from tests.peers.relay import Relay
from tests.peers.servers import mockpost, telegram_test_api

pytestmark = pytest.mark.slow

RINA = Officer("rina", "Rina K.", "KC-MANADO")


class MondayMorning:
    """Monday 10.00 in Manado: open."""

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def product_in(folder: Path) -> Product:
    config = Config()
    return read_product(
        replace(
            config,
            store=replace(config.store, url=StoreUrl(f"sqlite:///{folder / 'chika.db'}")),
            documents=replace(config.documents, folder=folder / "documents"),
        )
    )


def picture() -> bytes:
    """A sharp and bright picture, as a photo of a card would be."""
    whole = io.BytesIO()
    Image.effect_noise((1200, 800), 80).convert("RGB").save(whole, "JPEG", quality=80)
    return whole.getvalue()


async def file_and_finish(person: Participant, app: App) -> None:
    """The participant files a change of facility; the officer takes it, and finishes it."""
    await answer(person, person.say("halo"), "Pilih dengan menekan tombol")
    await answer(person, person.choose("Urus administrasi"), "Apa yang ingin diurus?")
    await answer(person, person.say("G"), "Setuju?")
    await answer(person, person.choose("Setuju"), "Siapa yang pindah faskes?")
    await answer(person, person.choose("Saya sendiri"), "TNI, Polri")
    await answer(person, person.choose("Ya"), "Nama lengkap peserta?")
    await answer(person, person.say("Siti Aminah"), "Nomor NIK peserta?")
    await answer(person, person.say("7171015708909901"), "Tanggal lahir peserta?")
    await answer(person, person.say("17-08-1990"), "Nomor HP")
    await answer(person, person.say("0812-0000-0142"), "Nama faskes yang sekarang?")
    await answer(person, person.say("Puskesmas Sario"), "kabupaten atau kota apa?")
    await answer(person, person.say("Manado"), "Kantor Cabang Manado")
    await answer(person, person.choose("Ya, benar"), "yang baru?")
    await answer(person, person.say("Klinik Uji Sejahtera"), "Dipakai seperti tertulis?")
    await answer(person, person.choose("Ya, benar"), "Kirim foto Kartu Keluarga")
    await answer(person, person.send_photo(picture()), "Kirim foto kartu JKN")
    await answer(person, person.send_photo(picture()), "Mohon periksa sebelum dikirim")
    filed = await answer(person, person.say("KIRIM"), "Nomor tiket")
    number = re.search(r"MND-G-\d{4}", filed)
    assert number, filed
    assert "Urutan ke-1 di Kantor Cabang Manado" in filed

    await serve(person, app, number[0])


async def serve(person: Participant, app: App, number: str) -> None:
    now, product = app.clock.now(), app.product
    calendar, rules = product.reference.calendar, product.rules
    await app.store.write(lambda tx: officers.add(tx, RINA, now=now))
    before = len(person.texts)
    await app.store.write(
        lambda tx: queue.claim(tx, RINA, number, now=now, calendar=calendar, rules=rules)
    )
    app.runtime.wake()
    await person.reads("Rina K.", before)
    await app.store.write(lambda tx: check_all(tx, number, now))
    done = "Faskes sudah pindah."
    await app.store.write(lambda tx: endings.finish(tx, RINA, number, outcome=done, now=now))
    app.runtime.wake()
    await person.reads(done, before)


async def check_all(tx: Tx, number: str, now: datetime) -> None:
    """Rina ticks the whole checklist."""
    request = await requests.for_officer(tx, RINA, number)
    for point in await checklist.of(tx, request):
        await checklist.tick(tx, RINA, number, point.item, done=True, now=now, rules=RULES)


async def answer(person: Participant, said: Awaitable[None], expected: str) -> str:
    """Let *said* happen; the answer to it, which has *expected* in it."""
    before = len(person.texts)
    await said
    return await person.reads(expected, before)


async def test_by_polling_and_taps_at_telegram_test_api(
    stack: AsyncExitStack, tmp_path: Path
) -> None:
    server = await stack.enter_async_context(telegram_test_api())
    relay = Relay(server)
    stack.push_async_callback(relay.aclose)
    url = await stack.enter_async_context(serving(relay.app))
    person = Tapper(relay, server)
    stack.push_async_callback(person.aclose)
    clock = MondayMorning()
    product = product_in(tmp_path)
    store = open_store(product.config.store.url)
    settings = TelegramSettings(TOKEN, "Kirim nomor saya", url)
    telegram = Telegram(settings, clock, on_table=partial(on_table, store))
    stack.push_async_callback(telegram.aclose)
    app = await stack.enter_async_context(running(product, [telegram], clock, store))

    await file_and_finish(person, app)

    for courtesy in ("answerCallbackQuery", "editMessageText"):
        await relay.until(lambda name=courtesy: relay.calls.count(name) == 6)
    assert any("✓ Saya sendiri" in said for said in await person.history())


async def test_by_webhook_and_typed_numbers_at_mockpost(
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
    clock = MondayMorning()
    settings = TelegramSettings(
        TOKEN, "Kirim nomor saya", relay.url, ours, webhook_secret="uji_RAHASIA-1"
    )
    telegram = Telegram(settings, clock)
    stack.push_async_callback(telegram.aclose)
    app = await stack.enter_async_context(running(product_in(tmp_path), [telegram], clock))
    web.routes.extend(telegram.webhook_routes(app.runtime.receive))
    await relay.until(lambda: relay.webhook)

    await file_and_finish(person, app)

    assert set(relay.statuses) == {200}
    assert "answerCallbackQuery" not in relay.calls
    assert any("Faskes sudah pindah." in said for said in await person.history())
