"""Messages on Telegram: keyboards, and what each refusal means."""

import asyncio

import pytest
from aiogram.types import ReplyKeyboardMarkup

from bot.channels import telegram as module
from bot.channels.telegram import Telegram, TelegramSettings
from bot.channels.telegram_send import requests
from bot.runtime.messages import Outbound
from bot.runtime.ports import Failing, Throttled, Uncertain, Unreachable
from forms.choices import Option
from tests.bot.channels.conftest import Noon
from tests.bot.channels.person import Person
from tests.fakes.bot_api import TOKEN, FakeBotApi

CHAT = "telegram:81"
HALO = Outbound("halo")
CHOICE = Outbound("Sudah benar?", (Option("ya", "Ya, benar"), Option("tidak", "Ubah")), 3, "choice")


async def test_the_reference_is_the_message_of_telegram(telegram: Telegram, person: Person) -> None:
    reference = await telegram.send(CHAT, HALO)
    assert reference == str(person.read[0]["message_id"])


async def test_buttons_carry_question_and_value(telegram: Telegram, person: Person) -> None:
    await telegram.send(CHAT, CHOICE)
    [row] = person.read[0]["keyboard"]["inline_keyboard"]
    assert [button["callback_data"] for button in row] == ["3|ya", "3|tidak"]


async def test_a_value_too_long_for_a_button_travels_as_its_place(
    telegram: Telegram, person: Person
) -> None:
    options = (Option("pendek", "Satu"), Option("é" * 31, "Dua"), Option("é" * 30, "Tiga"))
    await telegram.send(CHAT, Outbound("Pilih", options, 12))
    buttons = [b for row in person.read[0]["keyboard"]["inline_keyboard"] for b in row]
    assert [b["callback_data"] for b in buttons] == ["12|pendek", "12|#2", "12|" + "é" * 30]


async def test_a_telephone_number_may_be_sent_by_button_only_where_it_is_asked(
    telegram: Telegram, person: Person
) -> None:
    await telegram.send(CHAT, Outbound("Nomor HP?", (Option("skip", "Lewati"),), 4, "contact"))
    keyboard = person.read[0]["keyboard"]["keyboard"]
    assert keyboard == [
        [{"text": "Kirim nomor saya", "request_contact": True}],
        [{"text": "Lewati"}],
    ]
    await telegram.send(CHAT, HALO)
    assert person.read[1]["keyboard"] == {"remove_keyboard": True}


def test_only_the_last_part_of_a_long_message_has_the_buttons() -> None:
    message = Outbound("kata " * 1500, CHOICE.options, 3)
    first, last = requests(CHAT, message, "Kirim nomor saya")
    assert first.reply_markup is None
    assert last.reply_markup is not None


def test_the_button_for_the_own_number_speaks_the_language_of_the_chat() -> None:
    label = {"id": "Kirim nomor saya", "en": "Send my number"}
    [asked] = requests(CHAT, Outbound("Your number?", expects="contact", language="en"), label)
    assert isinstance(asked.reply_markup, ReplyKeyboardMarkup)
    assert asked.reply_markup.keyboard[0][0].text == "Send my number"


def test_addresses_in_a_text_show_no_preview() -> None:
    [request] = requests(CHAT, Outbound("lihat https://bpjs-kesehatan.go.id"), "Kirim nomor saya")
    assert request.link_preview_options is not None
    assert request.link_preview_options.is_disabled


async def test_a_flood_is_throttled_for_as_long_as_telegram_says(
    api: FakeBotApi, telegram: Telegram, person: Person
) -> None:
    api.flood("sendMessage", 17)
    with pytest.raises(Throttled) as throttled:
        await telegram.send(CHAT, HALO)
    assert throttled.value.retry_after == 17
    assert await telegram.send(CHAT, HALO)
    assert person.texts == ["halo"]


async def test_who_blocked_us_is_unreachable(
    api: FakeBotApi, telegram: Telegram, person: Person
) -> None:
    api.blocked.add(person.id)
    with pytest.raises(Unreachable, match=r"^blocked$"):
        await telegram.send(CHAT, HALO)


async def test_a_chat_that_does_not_exist_is_unreachable(telegram: Telegram) -> None:
    with pytest.raises(Unreachable, match=r"^chat_not_found$"):
        await telegram.send("telegram:82", HALO)


async def test_what_was_meant_for_a_chat_that_moved_is_said_in_no_other(
    api: FakeBotApi, telegram: Telegram, person: Person
) -> None:
    api.moved[person.id] = -1009
    api.chats.add(-1009)
    with pytest.raises(Unreachable, match=r"^moved$"):
        await telegram.send(CHAT, HALO)
    assert api.messages == []


async def test_a_refusal_never_repeats_what_was_written(
    api: FakeBotApi, telegram: Telegram, person: Person
) -> None:
    said = {"ok": False, "error_code": 400, "description": "Bad Request: rahasia 7171012703569901"}
    api.fail("sendMessage", 400, said)
    with pytest.raises(Unreachable) as refused:
        await telegram.send(CHAT, HALO)
    assert (refused.value.reason, refused.value.__cause__) == ("refused", None)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (502, {"ok": False, "error_code": 502, "description": "Bad Gateway"}),
        (502, "<html>Bad Gateway</html>"),
        (503, ""),
    ],
)
async def test_in_an_outage_a_message_is_tried_until_it_is_over(
    api: FakeBotApi, telegram: Telegram, person: Person, status: int, body: dict[str, object] | str
) -> None:
    api.fail("sendMessage", status, body)
    with pytest.raises(Failing):
        await telegram.send(CHAT, HALO)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {"ok": False, "error_code": 500, "description": "Internal Server Error"}),
        (504, {"ok": False, "error_code": 504, "description": "Gateway Timeout"}),
        (504, "<html>Gateway Timeout</html>"),
        (200, "half an ans"),
    ],
)
async def test_an_answer_that_says_nothing_leaves_it_uncertain(
    api: FakeBotApi, telegram: Telegram, person: Person, status: int, body: dict[str, object] | str
) -> None:
    api.fail("sendMessage", status, body)
    with pytest.raises(Uncertain):
        await telegram.send(CHAT, HALO)


async def test_an_answer_that_never_comes_leaves_it_uncertain(
    clock: Noon, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = asyncio.Event()

    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        read.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(swallow, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    telegram = Telegram(TelegramSettings(TOKEN, "Kirim nomor saya", url), clock)
    monkeypatch.setattr(module, "SECONDS_TO_SEND", 0.2)
    try:
        with pytest.raises(Uncertain):
            await telegram.send(CHAT, HALO)
        assert read.is_set()
    finally:
        await telegram.aclose()
        server.close()
        await server.wait_closed()


async def test_where_nobody_listens_nothing_was_delivered(clock: Noon) -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    await server.wait_closed()
    telegram = Telegram(TelegramSettings(TOKEN, "Kirim nomor saya", url), clock)
    try:
        with pytest.raises(Throttled):
            await telegram.send(CHAT, HALO)
    finally:
        await telegram.aclose()


async def test_a_receipt_that_cannot_be_read_still_means_sent(
    api: FakeBotApi, telegram: Telegram, person: Person
) -> None:
    api.fail("sendMessage", 200, {"ok": True, "result": {"message_id": "baru"}})
    assert await telegram.send(CHAT, HALO) == ""


async def test_a_token_that_telegram_refuses_gives_no_message_up(
    api_url: str, clock: Noon, person: Person
) -> None:
    telegram = Telegram(TelegramSettings("4242:lain", "Kirim nomor saya", api_url), clock)
    try:
        with pytest.raises(Throttled):
            await telegram.send(CHAT, HALO)
    finally:
        await telegram.aclose()
