"""WhatsApp: Meta's deliveries through the real decoder, real posts into an offline Graph API."""

import base64
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
import msgspec

from bot.channels.button_data import read_data
from bot.channels.graph.webhook import Proof
from bot.channels.whatsapp.channel import WhatsApp, WhatsAppSettings
from bot.channels.whatsapp.people import CHANNEL
from bot.cli.scripts.drivers.port import Offer, Phones, Place, Said, Settle
from bot.cli.scripts.steps import Send, Step, Thing
from bot.runtime.ports import Receive
from data.store import NewEvent

NUMBER: Final = "1000000001"
API: Final = "https://graph.offline"
PROOF: Final = Proof("offline-secret", "offline-token")
NO_PACE: Final = 10**6
"""Messages at once: the clock of a script stands still, and nobody would wait."""

KINDS: Final = {"photo": "image", "document": "document", "voice": "audio", "sticker": "sticker"}
BOLD: Final = re.compile(r"(?<!\w)\*([^*\n]+)\*(?!\w)")

Post = dict[str, Any]


class Delivery(msgspec.Struct, frozen=True):
    """What Meta posts to the webhook about one message of *who*."""

    who: str
    message: Post


class OfflineGraph:
    """Answers the posts of the channel and shows them on the phones."""

    def __init__(self, people: "WhatsAppPeople") -> None:
        self._people = people

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.split("/")
        if request.method == "POST":
            return self._posted(json.loads(request.content))
        if path[1] == "file":
            return httpx.Response(200, content=_path(path[2]).read_bytes())
        return httpx.Response(200, json={"id": path[-1], "url": f"{API}/file/{path[-1]}"})

    def _posted(self, post: Post) -> httpx.Response:
        if post.get("status") == "read":
            return httpx.Response(200, json={"success": True})
        said = self._people.phones.said
        said.append(self._people.seen(post))
        return httpx.Response(200, json={"messages": [{"id": f"wamid.out{len(said)}"}]})


@dataclass
class WhatsAppPeople:
    """Participants with WhatsApp on their phones; a chat has its id once somebody has written."""

    name: str = CHANNEL
    phones: Phones = field(default_factory=Phones)
    people: dict[str, str] = field(default_factory=dict)
    chats: dict[str, str] = field(default_factory=dict)
    deliveries: int = 0

    def channel(self, place: Place) -> WhatsApp:
        self._clock, self._templates = place.clock, place.templates
        settings = WhatsAppSettings(
            "offline", NUMBER, PROOF, "Lihat pilihan", api_url=API, burst=NO_PACE
        )
        transport = httpx.MockTransport(OfflineGraph(self))
        self._channel = WhatsApp(
            settings, place.store, place.clock, place.templates, transport=transport
        )
        return self._channel

    def chat(self, who: str) -> str:
        return self.chats.get(who, f"{CHANNEL}:{who}")

    def lacks(self, step: Step) -> str:
        match step:
            case Send(things=things) if len(things) > 1:
                return "has no albums"
        return ""

    def text(self, who: str, text: str) -> Delivery:
        return self._message(who, "text", {"body": text})

    def press(self, who: str, offer: Offer) -> Delivery:
        kind, data, title = offer.token
        reply = {"id": data, "title": title}
        return self._message(who, "interactive", {"type": kind, kind: reply})

    def things(self, who: str, things: Sequence[Thing]) -> list[Delivery]:
        return [self._thing(who, thing) for thing in things]

    async def deliver(self, raw: Delivery, receive: Receive, settle: Settle) -> None:
        async def known(events: Sequence[NewEvent]) -> Sequence[bool]:
            self.chats[raw.who] = events[0].chat
            return await receive(events)

        value = {
            "metadata": {"phone_number_id": NUMBER},
            "contacts": [{"user_id": self._id(raw.who)}],
            "messages": [raw.message],
        }
        change = {"field": "messages", "value": value}
        await self._channel.taking(known)({"entry": [{"changes": [change]}]})

    async def look(self) -> None:
        """The phones show what was sent to them."""

    def seen(self, post: Post) -> Said:
        """A message with its buttons as numbered lines; a template as it reads."""
        ids = {scoped: who for who, scoped in self.people.items()}
        chat = self.chat(ids[post["recipient"]])
        match post["type"]:
            case "template":
                return Said(chat, self._template(post["template"]))
            case "text":
                return Said(chat, BOLD.sub(r"\1", post["text"]["body"]))
        shown = post["interactive"]
        offers = _offers(shown["action"])
        text = BOLD.sub(r"\1", shown["body"]["text"])
        if shown["type"] == "button":  # the text of a list numbers its rows itself
            text = "\n".join([text, *(f"{n}. {one.label}" for n, one in enumerate(offers, 1))])
        return Said(chat, text, offers, asks=bool(offers))

    def _template(self, sent: Post) -> str:
        template = self._templates.by_name[sent["name"]]
        given = [one["text"] for one in sent["components"][0]["parameters"]]
        values = dict(zip(template.variables, given, strict=True))
        return template.text(values, sent["language"]["code"])

    def _thing(self, who: str, thing: Thing) -> Delivery:
        match thing.kind:
            case "location":
                return self._message(who, "location", {"latitude": 1.48, "longitude": 124.84})
            case "contact":
                own = thing.of in ("", who)
                phones = [{"phone": thing.value, "wa_id": thing.value.lstrip("+")}]
                origin = {"origin": "contact_request"} if own else {}
                return self._message(who, "contacts", [{"phones": phones, **origin}])
        about = {"id": _media(thing.value), "filename": Path(thing.value).name}
        return self._message(who, KINDS[thing.kind], about)

    def _message(self, who: str, kind: str, content: Any) -> Delivery:
        self.deliveries += 1
        return Delivery(
            who,
            {
                "id": f"wamid.{self.deliveries:06}",
                "from_user_id": self._id(who),
                "timestamp": str(int(self._clock.now().timestamp())),
                "type": kind,
                kind: content,
            },
        )

    def _id(self, who: str) -> str:
        return self.people.setdefault(who, f"ID.{1001 + len(self.people)}")


def _offers(action: Post) -> tuple[Offer, ...]:
    buttons = [("button_reply", one["reply"], "") for one in action.get("buttons", ())]
    rows = [
        ("list_reply", row, row.get("description", ""))
        for section in action.get("sections", ())
        for row in section["rows"]
    ]
    return tuple(
        Offer(
            one["title"],
            (one["title"], note, str(n), read_data(one["id"])[0]),
            (kind, one["id"], one["title"]),
        )
        for n, (kind, one, note) in enumerate(buttons + rows, 1)
    )


def _media(path: str) -> str:
    """A file as the id of a medium: nothing of it has to be remembered."""
    return base64.urlsafe_b64encode(path.encode()).decode()


def _path(media: str) -> Path:
    return Path(base64.urlsafe_b64decode(media).decode())
