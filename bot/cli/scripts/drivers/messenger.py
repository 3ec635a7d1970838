"""Messenger: deliveries of Meta through the channel itself, its posts into an offline Send API."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote

import httpx

from bot.channels.button_data import read_data
from bot.channels.graph.webhook import Proof
from bot.channels.messenger.channel import Messenger, MessengerSettings
from bot.channels.messenger.decode import name_of
from bot.channels.messenger.people import CHANNEL
from bot.channels.messenger.shape import QUICK
from bot.channels.window import Gate
from bot.cli.scripts.drivers.port import Offer, Phones, Place, Said, Settle
from bot.cli.scripts.steps import Send, Step, Thing, User
from bot.runtime.ports import Receive
from data.instants import to_us

PAGE: Final = "100200300400500"
SECRET: Final = "replay"  # noqa: S105
FILES: Final = "https://scontent.xx.fbcdn.net"

KINDS: Final = {"photo": "image", "document": "file", "voice": "audio"}
"""What Messenger calls the things that are sent; the others by their own names."""


@dataclass
class MessengerPeople:
    """Participants with Messenger on their phones."""

    name: str = CHANNEL
    phones: Phones = field(default_factory=Phones)
    people: dict[str, str] = field(default_factory=dict)
    """The id on the page of each participant."""
    chats: dict[str, str] = field(default_factory=dict)
    """The chat of each of these ids, once the program has made it."""
    deliveries: int = 0

    def channel(self, place: Place) -> Messenger:
        self._place = place
        settings = MessengerSettings(SECRET, page_id=PAGE, proof=Proof(SECRET, SECRET))
        gate = Gate(place.store, place.clock, place.templates, None)
        network = httpx.MockTransport(self._answer)
        self._channel = Messenger(settings, place.store, place.clock, gate, transport=network)
        return self._channel

    def chat(self, who: str) -> str:
        return self.chats.get(self._id(who), f"{CHANNEL}:{who}")

    def lacks(self, step: Step) -> str:
        match step:
            case User(text=""):
                return "sends no empty message"
            case Send(things=things, who=who) if any(one.of not in ("", who) for one in things):
                return "sends no contact of another person"
        return ""

    def text(self, who: str, text: str) -> dict[str, Any]:
        return self._message(who, text=text)

    def press(self, who: str, offer: Offer) -> dict[str, Any]:
        kind, data = offer.token
        if kind == "quick_reply":
            return self._message(who, text=offer.label, quick_reply={"payload": data})
        return self._item(who, postback={"mid": self._mid(), "title": offer.label, "payload": data})

    def things(self, who: str, things: Sequence[Thing]) -> list[dict[str, Any]]:
        if things[0].kind == "contact":
            return [self._contact(who, thing) for thing in things]
        return [self._message(who, attachments=[_attachment(thing) for thing in things])]

    async def deliver(self, raw: dict[str, Any], receive: Receive, settle: Settle) -> None:
        entry = {"id": PAGE, "time": raw["timestamp"], "messaging": [raw]}
        await self._channel.taking(receive)({"object": "page", "entry": [entry]})
        person = raw["sender"]["id"]
        name = name_of(PAGE, person)
        async with self._place.store.read() as tx:
            known = await tx.all("identity_known", channel=CHANNEL, first=name, second=name)
        self.chats[person] = known[0]["chat"]

    async def look(self) -> None:
        """The phones show what was sent to them."""

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == httpx.URL(FILES).host:
            return httpx.Response(200, content=Path(unquote(request.url.path)).read_bytes())
        post = json.loads(request.content)
        person = post["recipient"]["id"]
        self.phones.said.append(_seen(self.chats[person], post["message"]))
        return httpx.Response(200, json={"message_id": f"m_out_{len(self.phones.said)}"})

    def _contact(self, who: str, thing: Thing) -> dict[str, Any]:
        return self._message(who, text=thing.value, quick_reply={"payload": thing.value})

    def _message(self, who: str, **content: Any) -> dict[str, Any]:
        return self._item(who, message={"mid": self._mid(), **content})

    def _item(self, who: str, **content: Any) -> dict[str, Any]:
        about = {"sender": {"id": self._id(who)}, "recipient": {"id": PAGE}}
        return {**about, "timestamp": to_us(self._place.clock.now()) // 1000, **content}

    def _mid(self) -> str:
        self.deliveries += 1
        return f"m_in_{self.deliveries}"

    def _id(self, who: str) -> str:
        return self.people.setdefault(who, str(7_100_000_001 + len(self.people)))


def _attachment(thing: Thing) -> dict[str, Any]:
    kind = KINDS.get(thing.kind, thing.kind)
    if kind == "sticker":
        return {"type": "image", "payload": {"url": f"{FILES}/sticker", "sticker_id": 1}}
    return {"type": kind, "payload": {"url": f"{FILES}{quote(thing.value)}"}}


def _seen(chat: str, message: dict[str, Any]) -> Said:
    """A message with what can be pressed below it as numbered lines, unless it numbers them."""
    template = message.get("attachment", {}).get("payload", {})
    text = message.get("text") or template["text"]
    replies = [one for one in message.get("quick_replies", ()) if one["content_type"] == "text"]
    found = [("quick_reply", one) for one in replies]
    found += [("postback", one) for one in template.get("buttons", ())]
    lines = [f"{n}. {one['title']}" for n, (_, one) in enumerate(found, 1)]
    called = lines
    if len(found) > QUICK.seen:
        called, lines = text.split("\n")[-len(found) :], []
    offers = tuple(
        Offer(
            one["title"],
            (one["title"], str(n), read_data(one["payload"])[0], line.partition(". ")[2]),
            (kind, one["payload"]),
        )
        for n, (line, (kind, one)) in enumerate(zip(called, found, strict=True), 1)
    )
    return Said(chat, "\n".join([text, *lines]), offers, asks=bool(offers))
