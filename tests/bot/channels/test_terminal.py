"""The terminal: the same on a keyboard and in a pipe, and quick to start."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from pathlib import Path

import pytest

from bot.channels.terminal import Look, Terminal, Tool
from bot.channels.terminal_decode import Line, Unusable, colon_word, decode
from bot.channels.terminal_lines import lines
from bot.runtime.messages import Outbound
from bot.runtime.ports import FetchFailed
from flows.events import DECODER, Contact, Edited, Event, Opened, Press, Text, Unfit
from forms.choices import Option
from forms.fields import ContactCard
from tests.bot.channels.conftest import Noon
from tests.bot.channels.echo import Echo

SHOWN = Outbound("Sudah benar?", (Option("ya", "Ya, benar"), Option("tidak", "Ubah")), 7, "choice")


class Paper:
    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str, /) -> None:
        self.text += text

    def flush(self) -> None:
        """Paper keeps everything."""


async def given(texts: Iterable[str]) -> AsyncIterator[str]:
    for text in texts:
        yield text


async def at_once() -> None:
    """The echo has answered before it returns."""


async def chat(
    echo: Echo,
    *typed: str,
    tools: dict[str, Tool] | None = None,
    settled: Callable[[], Awaitable[None]] = at_once,
    look: Look | None = None,
) -> str:
    """The transcript of what was typed and answered."""
    paper = Paper()
    terminal = Terminal(given(typed), paper, Noon(), settled=settled, tools=tools, look=look)
    echo.over(terminal)
    await terminal.run(echo)
    await terminal.ended()
    return paper.text


async def test_a_pipe_gives_a_clean_transcript(echo: Echo) -> None:
    assert await chat(echo, "pilih", "2") == (
        "anda > pilih\n"
        "bot  Sudah benar?\n"
        "     1. Ya, benar  2. Ubah  0. Kembali\n"
        "anda > 2\n"
        "bot  Dipilih: Ubah\n"
    )


async def test_a_keyboard_is_prompted_and_not_repeated(echo: Echo) -> None:
    assert await chat(echo, "halo", look=Look(echo=False)) == (
        "anda > bot  Anda menulis tebal: halo\nanda > "
    )


async def test_a_message_that_comes_by_itself_goes_above_the_prompt() -> None:
    paper = Paper()
    terminal = Terminal(given([]), paper, Noon(), settled=at_once, look=Look(echo=False))
    await terminal.run(Echo())
    await terminal.send("terminal:anda", Outbound("Petugas Rina membalas."))
    assert paper.text == "anda > \nbot  Petugas Rina membalas.\nanda > "


async def test_the_next_line_waits_until_nothing_is_left_to_say(echo: Echo) -> None:
    order: list[str] = []

    async def settled() -> None:
        order.append(f"settled after {len(echo.heard)}")

    await chat(echo, "satu", "dua", settled=settled)
    assert order == ["settled after 1", "settled after 2"]


async def test_keluar_leaves_and_says_nothing_to_the_bot(echo: Echo) -> None:
    await chat(echo, "halo", ":keluar", "sesudah")
    assert echo.heard == [Text("halo")]


async def test_a_tool_answers_and_the_bot_hears_nothing(echo: Echo) -> None:
    async def forward(rest: str) -> str:
        return f"jam maju {rest}"

    assert "jam maju 2j" in await chat(echo, ":maju 2j", tools={"maju": forward})
    assert echo.heard == []


async def test_a_word_nobody_knows_lists_those_there_are(echo: Echo) -> None:
    transcript = await chat(echo, ":apa", ":bantuan")
    assert transcript.count(":foto FILE") == 2
    assert transcript.count(":keluar") == 2
    assert echo.heard == []


async def test_a_photo_that_is_not_there_is_said_at_once(echo: Echo, tmp_path: Path) -> None:
    assert "Berkas itu tidak ada." in await chat(echo, f":foto {tmp_path / 'ktp.jpg'}")
    assert echo.heard == []


async def test_a_word_that_lacks_something_says_how_it_is_written(echo: Echo) -> None:
    transcript = await chat(echo, ":foto", ":tekan 9", ":kontak")
    assert [line for line in transcript.splitlines() if line.startswith(":")] == [
        ":foto FILE",
        ":tekan N",
        ":kontak NOMOR",
    ]
    assert echo.heard == []


async def test_a_message_that_lists_its_options_lists_them_once() -> None:
    paper = Paper()
    terminal = Terminal(given([]), paper, Noon(), settled=at_once)
    listed = Outbound("Pilih:\n1. Ya, benar\n2. Ubah", SHOWN.options, 7, "choice", listed=True)
    await terminal.send("terminal:anda", listed)
    assert paper.text.count("Ya, benar") == 1


async def test_a_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "besar.jpg"
    path.write_bytes(b"x" * 11)
    terminal = Terminal(given([]), Paper(), Noon(), settled=at_once, largest_file=10)
    with pytest.raises(FetchFailed) as refused:
        await terminal.fetch(f'{{"path": "{path}"}}')
    assert refused.value.why == "too_big"
    path.unlink()
    with pytest.raises(FetchFailed) as lost:
        await terminal.fetch(f'{{"path": "{path}"}}')
    assert lost.value.why == "lost"


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("halo", Text("halo")),
        ("", Text("")),
        (":)", Text(":)")),
        (": foto", Text(": foto")),
        ("x" * 50_000, Text("x" * 4096)),
        (":tekan 2", Press("tidak", 7)),
        (":suara", Unfit("voice")),
        (":stiker", Unfit("sticker")),
        (":video", Unfit("video")),
        (":lokasi", Unfit("location")),
        (":kontak 0812", Contact(ContactCard("0812", own=True))),
        (":sunting", Edited()),
        (":mulai kc_manado_G", Opened("kc_manado_G")),
        (":foto ktp.jpg", Unfit("lost")),
    ],
)
def test_a_line_means(text: str, means: Event) -> None:
    [event] = decode(Line("t:1", text, SHOWN), chat="terminal:anda", received_at=7)
    assert DECODER.decode(event.body) == means
    assert bool(event.media) == text.startswith(":foto")


def test_nothing_can_be_pressed_before_something_is_offered() -> None:
    with pytest.raises(Unusable):
        decode(Line("t:1", ":tekan 1"), chat="terminal:anda", received_at=7)


def test_a_smiley_is_no_word() -> None:
    assert colon_word(":-D") is None


async def test_lines_come_from_a_plain_file_and_the_last_needs_no_end(tmp_path: Path) -> None:
    script = tmp_path / "naskah.txt"
    script.write_bytes("satu\r\ndua\n\ntiga\xff".encode("latin-1"))
    with script.open("rb") as file:
        assert [line async for line in lines(file.fileno())] == ["satu", "dua", "", "tiga\ufffd"]


async def test_lines_come_from_a_pipe_as_they_are_written() -> None:
    reading, writing = os.pipe()
    typed = lines(reading)
    os.write(writing, b"satu\ndu")
    assert await anext(typed) == "satu"
    os.write(writing, b"a\n")
    assert await anext(typed) == "dua"
    os.close(writing)
    assert [line async for line in typed] == []
    await asyncio.to_thread(os.close, reading)


def test_the_terminal_never_waits_for_aiogram() -> None:
    program = "import sys, bot.channels.terminal, bot.channels.terminal_lines\n" + (
        "print([name for name in ('aiogram', 'telegram', 'pydantic') if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"
