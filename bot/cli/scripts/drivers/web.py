"""The web chat without JavaScript: forms are posted and the page is read, by its own routes."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

import httpx
import msgspec
from starlette.applications import Starlette
from starlette.responses import Response

from bot.channels.button_data import read_data
from bot.channels.spool import Spool
from bot.channels.web.channel import WebChannel
from bot.channels.web.decode import chat_of
from bot.channels.web.pace import Pace
from bot.channels.web.routes import WebChat
from bot.channels.web.visitors import Visitors
from bot.cli.scripts.drivers.port import Offer, Phones, Place, Said, Settle
from bot.cli.scripts.steps import Send, Step, Thing
from bot.runtime.messages import Outbound
from bot.runtime.ports import Receive
from data.store import NewEvent

CHANNEL: Final = "web"
SITE: Final = "http://chat.example"
SECRET: Final = "replay"  # noqa: S105
LARGEST_FILE: Final = 20_000_000
NUMBER: Final = re.compile(r"^\d+\. ")
SENT: Final = frozenset({"photo", "document"})


class Post(msgspec.Struct, frozen=True):
    """One form as the browser of *who* posts it."""

    who: str
    fields: dict[str, str]
    files: Sequence[Path] = ()


class Noticing(WebChannel):
    """The channel, that also keeps whose pages have something new."""

    def __init__(self, spool: Spool) -> None:
        super().__init__(spool)
        self.told: dict[str, None] = {}

    async def send(self, chat: str, message: Outbound) -> str:
        self.told[chat] = None
        return await super().send(chat, message)


@dataclass
class WebPeople:
    """Visitors of the page ``/chat``; they have its cookie and were not greeted yet."""

    name: str = CHANNEL
    phones: Phones = field(default_factory=Phones)
    pages: dict[str, "Page"] = field(default_factory=dict)
    """What each chat's page showed when it was last read."""
    posts: int = 0

    def channel(self, place: Place) -> Noticing:
        self._place = place
        self._channel = Noticing(Spool(place.folder / "incoming", LARGEST_FILE))
        return self._channel

    def chat(self, who: str) -> str:
        return chat_of(who)

    def lacks(self, step: Step) -> str:
        match step:
            case Send(things=things) if any(one.kind not in SENT for one in things):
                return "sends photos and files only"
        return ""

    def text(self, who: str, text: str) -> Post:
        return self._post(who, text=text)

    def press(self, who: str, offer: Offer) -> Post:
        data, after = offer.token
        return Post(who, {"press": data, "setelah": after})

    def things(self, who: str, things: Sequence[Thing]) -> list[Post]:
        return [self._post(who, *(Path(one.value) for one in things))]

    async def deliver(self, raw: Post, receive: Receive, settle: Settle) -> None:
        """Post the form. Its page waits for the answer, which is given meanwhile."""

        async def answered(events: Sequence[NewEvent]) -> Sequence[bool]:
            before = len(self.phones.said)
            fresh = await receive(events)
            await settle()
            # where nothing is said, waiting for it would only take time
            return [new and len(self.phones.said) > before for new in fresh]

        files = [("file", (path.name, path.read_bytes())) for path in raw.files]
        async with self._browser(raw.who, answered) as browser:
            answer = await browser.post("/chat", data=raw.fields, files=files)
        if answer.status_code != httpx.codes.SEE_OTHER:
            raise RuntimeError(f"the page answered {answer.status_code}")

    async def look(self) -> None:
        """Read the pages that have something new."""
        told, self._channel.told = self._channel.told, {}
        for chat in told:
            async with self._browser(chat.partition(":")[2], _nothing_arrives) as browser:
                answer = await browser.get("/chat/isi")
            page = Page()
            page.feed(answer.raise_for_status().text)
            self._show(chat, page, self.pages.get(chat, Page()))
            self.pages[chat] = page

    def _show(self, chat: str, page: "Page", before: "Page") -> None:
        """The buttons stand below the newest bubble, whatever it says."""
        *earlier, newest = [text for name, text in page.said.items() if name not in before.said]
        self.phones.said += [Said(chat, text) for text in earlier]
        offers = page.offers()
        text = "\n".join([newest, *(offer.label for offer in offers)])
        self.phones.said.append(Said(chat, text, offers, asks=True))

    def _post(self, who: str, *files: Path, text: str = "") -> Post:
        self.posts += 1
        return Post(who, {"nonce": f"replay-{self.posts:06}", "text": text}, files)

    def _browser(self, who: str, receive: Receive) -> httpx.AsyncClient:
        place = self._place
        chat = WebChat(
            self._channel,
            place.store,
            receive,
            place.clock,
            SECRET,
            secure=False,
            demo=False,
            pace=Pace(burst=math.inf),
        )
        known = Response()
        Visitors(SECRET, secure=False).remember(known, who)
        cookie = known.headers["set-cookie"].partition(";")[0]
        transport = httpx.ASGITransport(Starlette(routes=chat.routes()))
        return httpx.AsyncClient(transport=transport, base_url=SITE, headers={"Cookie": cookie})


class Page(HTMLParser):
    """The bot's bubbles by name, and the buttons: what each posts, and what stands on it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, str] = {}
        self.buttons: dict[str, str] = {}
        self.after = ""
        self._into: dict[str, str] | None = None
        self._name = ""

    def offers(self) -> tuple[Offer, ...]:
        """The buttons of the page; a number before a name is not part of it."""
        return tuple(
            Offer(
                shown,
                (shown, NUMBER.sub("", shown), str(number), read_data(data)[0]),
                (data, self.after),
            )
            for number, (data, shown) in enumerate(self.buttons.items(), 1)
        )

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        match tag:
            case "div" if given.get("class") == "b" and given.get("data-n"):
                self._into, self._name = self.said, given["data-n"] or ""
            case "button" if given.get("name") == "press":
                self._into, self._name = self.buttons, given["value"] or ""
            case "input" if given.get("name") == "setelah":
                self.after = given["value"] or ""
                return
            case "small" | "div" | "form" | "button":
                self._into = None
            case _:
                return
        if self._into is not None:
            self._into[self._name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag in {"div", "button"}:
            self._into = None

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into[self._name] += data


async def _nothing_arrives(events: Sequence[NewEvent]) -> Sequence[bool]:
    raise RuntimeError("a page that is only read delivers nothing")
