"""The terminal channel: one participant, plain lines, the same on a keyboard and in a pipe."""

import asyncio
import json
import secrets
import textwrap
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Protocol

import msgspec

from bot.channels import layout
from bot.channels.terminal_decode import (
    CHANNEL,
    SENDING_WORDS,
    Line,
    Unusable,
    colon_word,
    decode,
)
from bot.runtime.messages import Outbound
from bot.runtime.ports import FetchFailed, Media, Receive, too_big
from data.instants import Clock, to_us
from data.store import StoreBusy

CHAT = f"{CHANNEL}:anda"

PROMPT = "anda > "
SPEAKER = "bot  "
LEAVE, HELP = "keluar", "bantuan"

BUSY = "Sedang sibuk. Tulis sekali lagi."
NO_FILE = "Berkas itu tidak ada."

MEGABYTE = 1024 * 1024

Tool = Callable[[str], Awaitable[str]]
"""What a further ``:word`` does with the rest of its line; the answer is printed."""


class Screen(Protocol):
    """Where lines are written, such as sys.stdout."""

    def write(self, text: str, /) -> object: ...
    def flush(self) -> object: ...


class Look(msgspec.Struct, frozen=True):
    """*echo* repeats what was read (a pipe's transcript), *bold* marks bold for a real terminal."""

    echo: bool = True
    bold: bool = False


class Terminal:
    """The channel ``terminal``.

    *settled* returns when nothing waits to be said any more; the next line is read after that.
    *tools* are further ``:words`` (the script's clock, the session's state, recording).
    """

    name = CHANNEL

    def __init__(
        self,
        lines: AsyncIterator[str],
        screen: Screen,
        clock: Clock,
        *,
        settled: Callable[[], Awaitable[None]],
        tools: Mapping[str, Tool] | None = None,
        look: Look | None = None,
        chat: str = CHAT,
        largest_file: int = 20 * MEGABYTE,
    ) -> None:
        self._lines = lines
        self._screen = screen
        self._clock = clock
        self._settled = settled
        self._tools = dict(tools or {})
        self._look = look or Look()
        self._chat = chat
        self._largest_file = largest_file
        self._started = secrets.token_hex(8)
        self._count = 0
        self._shown: Outbound | None = None
        self._asking = False
        self._ended = asyncio.Event()

    async def send(self, chat: str, message: Outbound) -> str:
        """Print *message*; its options become numbered lines unless the text lists them."""
        if message.options or message.put:
            self._shown = message
        text = layout.marked(message.text, layout.unmarked, self._strong)
        options = () if message.listed else message.options
        said = [*text.split("\n"), *map(layout.unmarked, layout.numbered(options))]
        self._print(SPEAKER + textwrap.indent("\n".join(said), " " * len(SPEAKER)).lstrip())
        self._count += 1
        return f"{self._started}:{self._count}"

    async def fetch(self, media: str) -> Media:
        """Read the file that ``:foto`` named."""
        path = json.loads(media)["path"]
        try:
            data = await asyncio.to_thread(_read, path, self._largest_file + 1)
        except OSError:
            raise FetchFailed("lost") from None
        if len(data) > self._largest_file:
            raise too_big(self._largest_file)
        return Media(data=data, name=Path(path).name)

    async def run(self, receive: Receive) -> None:
        """Read lines until the input ends or ``:keluar``."""
        try:
            self._ask()
            async for text in self._lines:
                self._asking = False
                if self._look.echo:
                    self._write(f"{PROMPT}{layout.unmarked(text)}\n")
                if not await self._take(text, receive):
                    return
                self._ask()
        finally:
            self._ended.set()

    async def ended(self) -> None:
        """Wait until the participant has left."""
        await self._ended.wait()

    async def _take(self, text: str, receive: Receive) -> bool:
        word, rest = colon_word(text) or ("", "")
        if word == LEAVE:
            return False
        if word in self._tools:
            self._print(await self._tools[word](rest))
        elif word and word not in SENDING_WORDS:
            self._print(self._help())
        elif word == "foto" and rest and not await asyncio.to_thread(_is_file, rest):
            self._print(NO_FILE)
        else:
            await self._pass_on(text, receive)
        return True

    async def _pass_on(self, text: str, receive: Receive) -> None:
        self._count += 1
        line = Line(f"{self._started}:{self._count}", text, self._shown)
        try:
            now = to_us(self._clock.now())
            await receive(decode(line, chat=self._chat, received_at=now))
        except Unusable as usage:
            self._print(str(usage))
        except StoreBusy:
            self._print(BUSY)
        else:
            await self._settled()

    def _help(self) -> str:
        words = [*SENDING_WORDS.values(), *(f":{word}" for word in (*self._tools, HELP, LEAVE))]
        return "  ".join(words)

    def _ask(self) -> None:
        self._asking = True
        if not self._look.echo:
            self._write(PROMPT)

    def _print(self, text: str) -> None:
        # A message that comes by itself goes above the line that waits for an answer.
        interrupts = self._asking and not self._look.echo
        self._write(("\n" if interrupts else "") + text + "\n" + (PROMPT if interrupts else ""))

    def _write(self, text: str) -> None:
        self._screen.write(text)
        self._screen.flush()

    def _strong(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self._look.bold else text


def _is_file(path: str) -> bool:
    return Path(path).expanduser().is_file()


def _read(path: str, most: int) -> bytes:
    with Path(path).expanduser().open("rb") as file:
        return file.read(most)
