"""The terminal: lines as they are typed, and what it prints."""

import io
import os
import textwrap
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import msgspec
from msgspec.structs import replace

from bot.channels.terminal import SPEAKER, Terminal
from bot.channels.terminal_decode import CHANNEL, Line, decode
from bot.cli.scripts.drivers.engine import seen
from bot.cli.scripts.drivers.port import Decoding, Offer, Phones, Place
from bot.cli.scripts.steps import Press, Send, Step, Thing
from bot.runtime.messages import Outbound
from bot.runtime.ports import Media, Receive
from data.instants import Clock
from data.store import NewEvent

WORDS = {
    "photo": ":foto",
    "document": ":foto",
    "voice": ":suara",
    "sticker": ":stiker",
    "location": ":lokasi",
    "contact": ":kontak",
}


class Typed(msgspec.Struct, frozen=True):
    """A line and the chat in which it was typed."""

    chat: str
    line: Line


class Printing:
    """The terminal channel with its screen read back."""

    name = CHANNEL

    def __init__(self, phones: Phones, shown: dict[str, Outbound], clock: Clock) -> None:
        self._phones = phones
        self._shown = shown
        self._screen = io.StringIO()
        self._terminal = Terminal(_nobody_types(), self._screen, clock, settled=_at_once)

    async def send(self, chat: str, message: Outbound) -> str:
        self._screen.seek(0)
        self._screen.truncate()
        reference = await self._terminal.send(chat, message)
        said = seen(chat, message)
        self._phones.said.append(replace(said, text=_unindented(self._screen.getvalue())))
        if said.asks:
            self._shown[chat] = message
        return reference

    async def fetch(self, media: str) -> Media:
        return await self._terminal.fetch(media)

    async def run(self, receive: Receive) -> None:
        """Lines come from the script."""


@dataclass
class TerminalPeople(Decoding):
    """Participants at terminals."""

    name: str = CHANNEL
    phones: Phones = field(default_factory=Phones)
    shown: dict[str, Outbound] = field(default_factory=dict)
    lines: int = 0

    def channel(self, place: Place) -> Printing:
        self._clock = place.clock
        return Printing(self.phones, self.shown, place.clock)

    def chat(self, who: str) -> str:
        return f"{CHANNEL}:{who}"

    def lacks(self, step: Step) -> str:
        match step:
            case Press(old=True):
                return "only what is offered now can be pressed"
            case Send(things=things) if len(things) > 1:
                return "has no albums"
            case Send(things=things, who=who) if any(one.of not in ("", who) for one in things):
                return "sends no contact of another person"
        return ""

    def text(self, who: str, text: str) -> Typed:
        return self._line(who, text)

    def press(self, who: str, offer: Offer) -> Typed:
        shown = self.shown[self.chat(who)]
        values = [option.value for option in shown.options]
        return self._line(who, f":tekan {values.index(offer.token[0]) + 1}")

    def things(self, who: str, things: Sequence[Thing]) -> list[Typed]:
        return [self._line(who, line_of(thing)) for thing in things]

    def decode(self, raw: Typed, received_at: int) -> list[NewEvent]:
        return decode(raw.line, chat=raw.chat, received_at=received_at)

    def _line(self, who: str, text: str) -> Typed:
        self.lines += 1
        chat = self.chat(who)
        return Typed(chat, Line(f"replay:{self.lines}", text, self.shown.get(chat)))


def line_of(thing: Thing) -> str:
    """How *thing* is sent on a terminal."""
    match thing.kind:
        case "photo" | "document":
            return f"{WORDS[thing.kind]} {os.path.relpath(thing.value)}"
        case "contact":
            return f"{WORDS[thing.kind]} {thing.value}"
        case kind:
            return WORDS[kind]


def _unindented(printed: str) -> str:
    blank = " " * len(SPEAKER)
    return textwrap.dedent(printed.replace(SPEAKER, blank, 1)).rstrip("\n")


async def _nobody_types() -> AsyncIterator[str]:
    return
    yield


async def _at_once() -> None:
    """Nothing waits: the stage settles every step itself."""
