"""One contract over every channel: what is said arrives, whatever is said."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest

from bot.channels.staff import Staff
from bot.channels.telegram import Telegram
from bot.channels.terminal import Look, Terminal
from bot.runtime.ports import Channel
from flows.events import Contact, Press, Text, Unfit
from tests.bot.channels.bridge_seat import BridgeSeat, bridge_seat
from tests.bot.channels.conftest import (
    LARGEST_FILE,
    Beats,
    Noon,
    Pauses,
    open_staff,
    open_telegram,
    running,
)
from tests.bot.channels.echo import LONG, Echo
from tests.bot.channels.loopback import serving
from tests.bot.channels.messenger_seat import messenger_seat
from tests.bot.channels.person import Person
from tests.bot.channels.waha_seat import waha_seat
from tests.bot.channels.web_seat import web_seat
from tests.bot.channels.whatsapp_seat import WhatsAppSeat, whatsapp_seat
from tests.fakes.bot_api import FakeBotApi, bold_of

HOSTILE = "<b>x</b> & &amp; *tebal* _miring_ `kode` [a](b) \\ مرحبا 👨‍👩‍👧"
JOINER = "\u200d"


class Seat(Protocol):
    """Where a participant of one channel sits."""

    @property
    def chat(self) -> str: ...
    @property
    def channel(self) -> Channel: ...

    async def say(self, text: str) -> None: ...
    async def tap(self, number: int) -> None: ...
    async def send_photo(self, data: bytes) -> None: ...
    async def reads(self, count: int) -> list[str]:
        """The texts of the first *count* messages, once they are there."""

    def options(self) -> str:
        """The options of the last message as they are shown, in one line."""

    def bold(self) -> list[str]:
        """What the last message shows in bold."""


class TelegramSeat:
    """Somebody on Telegram: a participant, or an officer at the officers' bot."""

    def __init__(self, channel: Telegram | Staff, person: Person) -> None:
        self.channel = channel
        self.chat = f"{channel.name}:81"
        self._person = person

    async def say(self, text: str) -> None:
        await self._person.say(text)

    async def tap(self, number: int) -> None:
        labels = [label for row in self._person.labels for label in row]
        await self._person.tap(labels[number - 1])

    async def send_photo(self, data: bytes) -> None:
        await self._person.send_photo(data)

    async def send_contact(self, phone: str) -> None:
        await self._person.send_contact(phone)

    async def send_voice(self) -> None:
        await self._person.send(voice={"file_id": "V", "file_unique_id": "V", "duration": 2})

    async def send_sticker(self) -> None:
        about = {"type": "regular", "width": 9, "height": 9, "is_animated": False}
        sticker = {"file_id": "S", "file_unique_id": "S", "is_video": False, **about}
        await self._person.send(sticker=sticker)

    async def reads(self, count: int) -> list[str]:
        await self._person.hears(count)
        return self._person.texts

    def options(self) -> str:
        return "  ".join(label for row in self._person.labels for label in row)

    def bold(self) -> list[str]:
        return bold_of(self._person.read[-1])


class Screen:
    """What a terminal shows; tells who waits that something was written."""

    def __init__(self) -> None:
        self.text = ""
        self.written = asyncio.Event()

    def write(self, text: str, /) -> None:
        self.text += text

    def flush(self) -> None:
        self.written.set()


class TerminalSeat:
    chat = "terminal:anda"
    BOLD_ON, BOLD_OFF = "\x1b[1m", "\x1b[0m"

    def __init__(self, folder: Path) -> None:
        self._typed: asyncio.Queue[str] = asyncio.Queue()
        self._folder = folder
        self.screen = Screen()
        self.channel = Terminal(
            self._lines(),
            self.screen,
            Noon(),
            settled=self._settled,
            look=Look(echo=False, bold=True),
            largest_file=LARGEST_FILE,
        )

    async def say(self, text: str) -> None:
        await self._typed.put(text)

    async def tap(self, number: int) -> None:
        await self._typed.put(f":tekan {number}")

    async def send_photo(self, data: bytes) -> None:
        path = self._folder / "ktp.jpg"
        await asyncio.to_thread(path.write_bytes, data)
        await self._typed.put(f":foto {path}")

    async def send_contact(self, phone: str) -> None:
        await self._typed.put(f":kontak {phone}")

    async def send_voice(self) -> None:
        await self._typed.put(":suara")

    async def send_sticker(self) -> None:
        await self._typed.put(":stiker")

    async def reads(self, count: int) -> list[str]:
        async with asyncio.timeout(5):
            while len(self._messages()) < count:
                self.screen.written.clear()
                await self.screen.written.wait()
        return [
            text.replace(self.BOLD_ON, "").replace(self.BOLD_OFF, "") for text in self._messages()
        ]

    def options(self) -> str:
        return self._messages()[-1].split("\n")[-1]

    def bold(self) -> list[str]:
        pieces = self._messages()[-1].split(self.BOLD_ON)[1:]
        return [piece.split(self.BOLD_OFF)[0] for piece in pieces]

    def _messages(self) -> list[str]:
        shown = self.screen.text.replace("anda > ", "")
        return [text.rstrip("\n").replace("\n     ", "\n") for text in shown.split("bot  ")[1:]]

    async def _lines(self) -> AsyncIterator[str]:
        while True:
            yield await self._typed.get()

    async def _settled(self) -> None:
        """The echo has answered before it returns."""


PhoneSeat = TelegramSeat | TerminalSeat | BridgeSeat | WhatsAppSeat
"""Where contacts, voice and stickers can be sent; a page has no such buttons."""

on_the_phone = pytest.mark.parametrize(
    "seat", ["terminal", "telegram", "whatsapp", "bridge"], indirect=True
)
written = pytest.mark.parametrize(
    "seat", ["terminal", "telegram", "whatsapp", "staff", "bridge", "waha"], indirect=True
)
"""Where anything at all can be typed and sent; a page has its own limits."""

with_buttons = pytest.mark.parametrize(
    "seat",
    ["terminal", "telegram", "staff", "web", "whatsapp", "messenger", "bridge"],
    indirect=True,
)
"""Where something can be pressed; WAHA has numbered text only."""

with_files = pytest.mark.parametrize(
    "seat",
    ["terminal", "telegram", "web", "whatsapp", "messenger", "bridge", "waha"],
    indirect=True,
)
"""Who may send files; officers do not."""


SITTING = {
    "web": web_seat,
    "whatsapp": whatsapp_seat,
    "messenger": messenger_seat,
    "bridge": bridge_seat,
    "waha": waha_seat,
}
"""Who opens the seats of channels that are called by HTTP."""

NO_BOLD = {"messenger"}


@asynccontextmanager
async def telegram_seat(
    opened: Callable[[str], AbstractAsyncContextManager[Telegram | Staff]],
    api: FakeBotApi,
    echo: Echo,
) -> AsyncIterator[Seat]:
    """A seat at a bot that is *opened* with the address of *api*."""
    async with serving(api.app) as url, opened(url) as channel:
        echo.over(channel)
        async with running(channel, echo):
            yield TelegramSeat(channel, Person(api))


@asynccontextmanager
async def terminal_seat(folder: Path, echo: Echo) -> AsyncIterator[Seat]:
    """A seat at a terminal."""
    found = TerminalSeat(folder)
    echo.over(found.channel)
    async with running(found.channel, echo):
        yield found


@pytest.fixture(params=["terminal", "telegram", "staff", *SITTING])
async def seat(
    request: pytest.FixtureRequest,
    echo: Echo,
    tmp_path: Path,
    api: FakeBotApi,
    pauses: Pauses,
    beats: Beats,
) -> AsyncIterator[Seat]:
    """A participant who talks with the echo over each channel."""
    clock = Noon()
    match request.param:
        case "telegram":
            telegram = partial(open_telegram, clock=clock, pauses=pauses, echo=echo)
            sitting = telegram_seat(telegram, api, echo)
        case "staff":
            staff = partial(open_staff, clock=clock, pauses=pauses, beats=beats)
            sitting = telegram_seat(staff, api, echo)
        case "terminal":
            sitting = terminal_seat(tmp_path, echo)
        case called:
            sitting = SITTING[called](echo, clock, tmp_path, LARGEST_FILE)
    async with sitting as found:
        yield found


async def test_what_is_typed_arrives_and_the_answer_comes_back(seat: Seat, echo: Echo) -> None:
    await seat.say("halo min")
    assert await seat.reads(1) == ["Anda menulis tebal: halo min"]
    assert echo.heard == [Text("halo min")]
    assert echo.events[0].chat == seat.chat
    assert echo.events[0].channel == seat.channel.name


async def test_bold_is_bold_and_nothing_else_is(seat: Seat) -> None:
    await seat.say(HOSTILE)
    [shown] = await seat.reads(1)
    assert shown.replace(JOINER, "") == f"Anda menulis tebal: {HOSTILE.replace(JOINER, '')}"
    assert seat.bold() == ([] if seat.channel.name in NO_BOLD else ["tebal"])


@written
async def test_marks_and_controls_in_what_people_write_change_nothing(seat: Seat) -> None:
    await seat.say("a\x02b\x1b[31mc\u202ed")
    await seat.reads(1)
    assert seat.bold()[0] == "tebal"
    assert "\u202e" not in (await seat.reads(1))[0]
    assert "\x1b" not in (await seat.reads(1))[0]


@with_buttons
async def test_a_typed_number_and_a_press_pick_the_same(seat: Seat, echo: Echo) -> None:
    await seat.say("pilih")
    await seat.reads(1)
    await seat.say("2")
    await seat.reads(2)
    await seat.tap(2)
    texts = await seat.reads(3)
    assert texts[1:] == ["Dipilih: Ubah", "Dipilih: Ubah"]
    assert echo.heard[1:] == [Text("2"), Press("ubah", 1)]


async def test_the_letter_of_an_option_can_be_typed(seat: Seat) -> None:
    await seat.say("pilih")
    await seat.reads(1)
    await seat.say("0")
    assert (await seat.reads(2))[1] == "Dipilih: Kembali"


async def test_every_option_is_shown_in_order(seat: Seat) -> None:
    await seat.say("pilih")
    await seat.reads(1)
    assert seat.options().replace("1. ", "").replace("2. ", "").replace("0. ", "") == (
        "Ya, benar  Ubah  Kembali"
    )


@with_buttons
async def test_a_press_of_an_older_question_says_which_question_it_was(
    seat: Seat, echo: Echo
) -> None:
    await seat.say("pilih")
    await seat.reads(1)
    await seat.tap(1)
    await seat.reads(2)
    assert echo.heard[-1] == Press("ya", 1)


async def test_a_long_text_arrives_whole(seat: Seat) -> None:
    await seat.say("panjang")
    parts = {"telegram": 3, "staff": 3, "whatsapp": 3, "waha": 3, "messenger": 5}.get(
        seat.channel.name, 1
    )
    assert " ".join(await seat.reads(parts)) == LONG


@written
async def test_what_people_write_is_cut_at_the_limit(seat: Seat, echo: Echo) -> None:
    await seat.say("x" * 50_000)
    await seat.reads(1)
    assert echo.heard == [Text("x" * 4096)]


@written
async def test_an_empty_message_arrives_as_empty(seat: Seat, echo: Echo) -> None:
    await seat.say("")
    await seat.reads(1)
    assert echo.heard == [Text("")]


@with_files
async def test_a_photo_arrives_byte_for_byte(seat: Seat, echo: Echo) -> None:
    data = bytes(range(256)) * 500
    await seat.send_photo(data)
    await seat.reads(1)
    assert echo.fetched[0].data == data
    assert echo.heard == [Unfit("lost")]


@on_the_phone
async def test_the_own_telephone_number_arrives(seat: PhoneSeat, echo: Echo) -> None:
    await seat.say("nomor")
    await seat.reads(1)
    await seat.send_contact("+6281200000142")
    assert (await seat.reads(2))[1] == "Nomor 0142 sendiri"
    assert isinstance(echo.heard[1], Contact)


@on_the_phone
async def test_voice_and_stickers_say_what_they_are(seat: PhoneSeat) -> None:
    await seat.send_voice()
    await seat.send_sticker()
    assert await seat.reads(2) == ["Belum bisa: voice", "Belum bisa: sticker"]


async def test_what_is_said_in_a_row_is_answered_in_order(seat: Seat) -> None:
    for number in range(12):
        await seat.say(f"pesan {number}")
    assert await seat.reads(12) == [f"Anda menulis tebal: pesan {n}" for n in range(12)]


async def test_every_message_is_new_to_the_inbox(seat: Seat, echo: Echo) -> None:
    await seat.say("sama")
    await seat.say("sama")
    await seat.reads(2)
    assert len({event.provider_id for event in echo.events}) == 2


async def test_a_busy_store_loses_nothing_that_the_participant_still_sees(
    seat: Seat, echo: Echo
) -> None:
    echo.busy = 1
    await seat.say("satu")
    if seat.channel.name in ("terminal", "web"):  # who wrote it is told, and writes it again
        await seat.say("satu")
    assert await seat.reads(1) == ["Anda menulis tebal: satu"]
    assert echo.heard == [Text("satu")]
