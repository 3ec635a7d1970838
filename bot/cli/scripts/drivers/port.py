"""What a script asks of a channel: who speaks there, what was said, what may be pressed."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import msgspec

from bot.cli.scripts.steps import Step, Thing
from bot.runtime.ports import Channel, Receive
from bot.texts.templates import Templates
from data.instants import Clock, to_us
from data.store import NewEvent, Store
from forms.cleaning import fold

Settle = Callable[[], Awaitable[None]]
"""Lets everything happen that follows from what was received."""


class Offer(msgspec.Struct, frozen=True):
    """Something that can be pressed. *names* are what a script may call it.

    *token* is what the channel's own button carries.
    """

    label: str
    names: tuple[str, ...]
    token: Any

    def is_called(self, name: str) -> bool:
        """Whether *name* is its label, its row in a list, its number or its code."""
        return fold(name) in {fold(own) for own in self.names if own}


class Said(msgspec.Struct, frozen=True):
    """One message as a participant sees it: plain text with its options as numbered lines.

    *asks* tells whether its offers replace those before it.
    """

    chat: str
    text: str
    offers: tuple[Offer, ...] = ()
    asks: bool = False


@dataclass
class Phones:
    """What every participant's chat shows, oldest first; a restart of the program keeps it."""

    said: list[Said] = field(default_factory=list)

    def offered(self, chat: str) -> tuple[Offer, ...]:
        """What can be pressed right now."""
        asking = [one for one in self.said if one.chat == chat and one.asks]
        return asking[-1].offers if asking else ()

    def offered_before(self, chat: str) -> list[Offer]:
        """What messages before the last one offered, newest first."""
        earlier = [one for one in self.said if one.chat == chat][:-1]
        return [offer for one in reversed(earlier) for offer in one.offers]


class Place(msgspec.Struct, frozen=True):
    """Where the program runs: its open store, its clock, its templates, a folder for its files."""

    store: Store
    clock: Clock
    templates: Templates
    folder: Path


class Driver(Protocol):
    """The participants' side of one channel. What it makes is the provider's own raw form."""

    @property
    def name(self) -> str: ...

    @property
    def phones(self) -> Phones: ...

    def channel(self, place: Place) -> Channel:
        """The channel as the program opens it at a start."""

    def chat(self, who: str) -> str:
        """The chat id of a participant."""

    def lacks(self, step: Step) -> str:
        """Why this channel cannot play *step*, '' where it can."""

    def text(self, who: str, text: str) -> Any:
        """What the provider delivers when *who* types *text*."""

    def press(self, who: str, offer: Offer) -> Any:
        """What it delivers when *who* presses *offer*."""

    def things(self, who: str, things: Sequence[Thing]) -> list[Any]:
        """What it delivers when *who* sends *things* in one go."""

    async def deliver(self, raw: Any, receive: Receive, settle: Settle) -> None:
        """Bring *raw* to the program as the provider does; what follows may wait for others."""

    async def look(self) -> None:
        """Look at the phones, once nothing is left to do."""


class Decoding:
    """What drivers share whose channel is a pure decoder and a `Channel.send`."""

    _clock: Clock

    async def deliver(self, raw: Any, receive: Receive, settle: Settle) -> None:
        await receive(self.decode(raw, to_us(self._clock.now())))

    async def look(self) -> None:
        """The phones show what was sent to them."""

    def decode(self, raw: Any, received_at: int) -> list[NewEvent]:
        """The channel's own decoding of a delivery."""
        raise NotImplementedError
