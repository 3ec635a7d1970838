"""The engine without a channel: events straight into the port, messages straight out of it."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from bot.channels import layout
from bot.cli.scripts.drivers.port import Decoding, Offer, Phones, Place, Said
from bot.cli.scripts.steps import Step, Thing
from bot.runtime.messages import Outbound
from bot.runtime.ports import Media, Receive
from data.store import NewEvent
from flows.events import ENCODER, Contact, Event, Press, Text, Unfit
from forms.fields import ContactCard

CHANNEL = "engine"


class Delivery(msgspec.Struct, frozen=True):
    """An event as this channel's provider would hold it."""

    id: str
    chat: str
    event: Event
    media: str = ""


class Recording:
    """A channel that keeps what it is told to send."""

    name = CHANNEL

    def __init__(self, phones: Phones) -> None:
        self._phones = phones

    async def send(self, chat: str, message: Outbound) -> str:
        self._phones.said.append(seen(chat, message))
        return str(len(self._phones.said))

    async def fetch(self, media: str) -> Media:
        file = json.loads(media)
        path = Path(file["path"])
        data = await asyncio.to_thread(path.read_bytes)
        return Media(data=data, name=path.name, album=file["album"])

    async def run(self, receive: Receive) -> None:
        """Nothing arrives by itself."""


@dataclass
class Engine(Decoding):
    """Participants of the engine."""

    name: str = CHANNEL
    phones: Phones = field(default_factory=Phones)
    deliveries: int = 0

    def channel(self, place: Place) -> Recording:
        self._clock = place.clock
        return Recording(self.phones)

    def chat(self, who: str) -> str:
        return f"{CHANNEL}:{who}"

    def lacks(self, step: Step) -> str:
        return ""

    def text(self, who: str, text: str) -> Delivery:
        return self._deliver(who, Text(layout.typed(text)))

    def press(self, who: str, offer: Offer) -> Delivery:
        value, put = offer.token
        return self._deliver(who, Press(value=value, put=put))

    def things(self, who: str, things: Sequence[Thing]) -> list[Delivery]:
        album = f"album{self.deliveries}" if len(things) > 1 else ""
        return [self._thing(who, thing, album) for thing in things]

    def decode(self, raw: Delivery, received_at: int) -> list[NewEvent]:
        return [
            NewEvent(
                channel=CHANNEL,
                provider_id=raw.id,
                chat=raw.chat,
                body=ENCODER.encode(raw.event),
                received_at=received_at,
                due_at=received_at,
                media=raw.media,
            )
        ]

    def _thing(self, who: str, thing: Thing, album: str) -> Delivery:
        match thing.kind:
            case "photo" | "document":
                media = json.dumps({"path": thing.value, "album": album})
                return self._deliver(who, Unfit(why="lost"), media)
            case "contact":
                card = ContactCard(phone=thing.value, own=thing.of in ("", who))
                return self._deliver(who, Contact(card))
            case kind:
                return self._deliver(who, Unfit(why=kind))

    def _deliver(self, who: str, event: Event, media: str = "") -> Delivery:
        self.deliveries += 1
        return Delivery(f"{self.deliveries}", self.chat(who), event, media)


def seen(chat: str, message: Outbound) -> Said:
    """A message without any channel's own looks."""
    text = layout.marked(message.text, layout.unmarked, str)
    options = () if message.listed else message.options
    return Said(
        chat,
        "\n".join([text, *(layout.unmarked(line) for line in layout.numbered(options))]),
        tuple(
            Offer(
                option.label,
                (option.label, option.row, str(n), option.value, option.key),
                (option.value, message.put),
            )
            for n, option in enumerate(message.options, 1)
        ),
        asks=bool(message.options or message.put),
    )
