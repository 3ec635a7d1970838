"""The WhatsApp channel: Meta's Cloud API by its webhook and its posts."""

import asyncio
import base64
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
import msgspec
from starlette.routing import Route

from bot.channels.graph.client import GRAPH, MEDIA_HOSTS, VERSION, Account, GraphApi
from bot.channels.graph.saying import Taken, through
from bot.channels.graph.webhook import Proof, Take, webhook_routes
from bot.channels.whatsapp.decode import decode
from bot.channels.whatsapp.kinds import FileRef
from bot.channels.whatsapp.pace import BURST, Pace
from bot.channels.whatsapp.people import CHANNEL, stored
from bot.channels.whatsapp.shape import Body, bodies, plain
from bot.channels.window import Gate, NoTemplate
from bot.runtime.logger import Logger
from bot.runtime.messages import Outbound
from bot.runtime.ports import (
    Failing,
    FetchFailed,
    Media,
    Receive,
    Throttled,
    Uncertain,
    Unreachable,
    too_big,
)
from bot.texts.templates import Template, Templates
from data.instants import Clock
from data.store import NewEvent, Store
from forms.language import Words
from services import deliveries
from services.deliveries import Recipient

LARGEST_FILE = 100_000_000
"""Bytes of the largest document that WhatsApp carries; pictures end at 5 MB."""

COURTESIES = 32
"""Read marks under way at the same time; further ones are left out."""

TEMPLATE = "template_"

log = Logger(__name__)


@dataclass(frozen=True)
class WhatsAppSettings:
    """How to reach WhatsApp, and how Meta proves itself.

    *list_label* is the words on the button that opens a list. *burst* is how many messages one
    person may be sent at once.
    """

    token: str = field(repr=False)
    phone_number_id: str
    proof: Proof
    list_label: Words
    api_url: str = GRAPH
    version: str = VERSION
    webhook_path: str = "/whatsapp"
    media_hosts: Collection[str] = MEDIA_HOSTS
    largest_file: int = LARGEST_FILE
    burst: int = BURST


class WhatsApp:
    """The channel ``whatsapp``; close it with `aclose`.

    *templates* ask people to write where their window is shut; *transport* stands in for the
    network.
    """

    name = CHANNEL

    def __init__(
        self,
        settings: WhatsAppSettings,
        store: Store,
        clock: Clock,
        templates: Templates,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._pace = Pace(clock, settings.burst)
        account = Account(settings.token, settings.api_url, settings.version, settings.media_hosts)
        self._api = GraphApi(account, CHANNEL, transport=transport)
        self._gate = Gate(store, clock, templates, self._ask)
        self._taken = Taken()
        self._messages = f"{settings.phone_number_id}/messages"
        self._courtesies: set[asyncio.Task[None]] = set()

    async def send(self, chat: str, message: Outbound) -> str:
        """Deliver *message*. A long text goes in parts; another try sends those that lack.

        What WhatsApp has told to have arrived already is not sent again.
        """
        async with self._store.read() as tx:
            to = await deliveries.recipient(tx, chat, message.id)
        if to.arrived:
            return ""
        _address(to)  # nobody is asked by a template whom no message could reach
        said = bodies(message, self._settings.list_label)
        say = partial(self._say, chat, to, message)
        return await through(self._gate, chat, message, say, said, plain)

    async def fetch(self, media: str) -> Media:
        """Download a file from Meta's hosts, and see that it is the one that was sent."""
        file = msgspec.json.decode(media, type=FileRef)
        limit = self._settings.largest_file
        try:
            found = await self._api.get(file.id)
        except Unreachable:
            raise FetchFailed("lost") from None
        except (Failing, Uncertain):
            raise FetchFailed("lost", final=False) from None
        size, url = found.get("file_size"), found.get("url")
        if isinstance(size, int) and size > limit:
            raise too_big(limit, size)
        data = await self._api.download(url if isinstance(url, str) else "", limit)
        if not all(_is_digest(told, data) for told in (file.sha256, found.get("sha256")) if told):
            log.warning("a file came damaged", channel=CHANNEL)
            raise FetchFailed("lost", final=False)
        return Media(data=data, name=file.name, mime=file.mime)

    async def run(self, receive: Receive) -> None:
        """Nothing to pull: Meta calls."""

    def webhook_routes(self, receive: Receive) -> list[Route]:
        """The Starlette routes of this channel."""
        settings = self._settings
        return webhook_routes(settings.webhook_path, self.taking(receive), settings.proof)

    def taking(self, receive: Receive) -> Take:
        """What stores one delivery: its names, receipts and times first, then its events."""

        async def take(raw: Any) -> None:
            items = decode(raw, phone_number_id=self._settings.phone_number_id)
            if not items:
                return
            now = self._clock.now()
            events = await self._store.write(partial(stored, items=items, now=now))
            fresh = await receive(events) if events else ()
            self._attend([event for event, new in zip(events, fresh, strict=True) if new])

        return take

    async def aclose(self) -> None:
        """Let go of the connections; courtesies under way are given up."""
        for task in self._courtesies:
            task.cancel()
        await asyncio.gather(*self._courtesies, return_exceptions=True)
        await self._api.aclose()

    async def _say(self, chat: str, to: Recipient, message: Outbound, said: Sequence[Body]) -> str:
        address = _address(to)
        if wait := self._pace.take(chat, len(said)):
            raise Throttled(wait)
        tag = {"biz_opaque_callback_data": deliveries.tag_of(chat, message.id)}

        async def post(body: Body, is_last: bool) -> str:
            # only the last part speaks for the whole
            about = {**address, **body, **(tag if is_last and message.id else {})}
            return _reference(await self._api.post(self._messages, about))

        return await self._taken.say(message.id, said, post)

    async def _ask(
        self, chat: str, row: int, template: Template, language: str, parameters: list[str]
    ) -> str:
        """Send a message template; raises `NoTemplate` where Meta has not approved it like this."""
        async with self._store.read() as tx:
            to = await deliveries.recipient(tx, chat, row)
        filled = [{"type": "text", "text": value} for value in parameters]
        body = {
            "name": template.name,
            "language": {"code": language},
            "components": [{"type": "body", "parameters": filled}],
        }
        about = {
            **_address(to),
            "type": "template",
            "template": body,
            "biz_opaque_callback_data": deliveries.template_tag_of(chat, row),
        }
        try:
            answer = await self._api.post(self._messages, about)
        except Unreachable as refused:
            if refused.reason.startswith(TEMPLATE):
                raise NoTemplate(refused.reason.removeprefix(TEMPLATE)) from None
            raise
        return _reference(answer)

    def _attend(self, events: Sequence[NewEvent]) -> None:
        """Show the newest message of each chat as read, and that an answer is being written."""
        newest = {event.chat: event.provider_id for event in events if not event.dead}
        for wamid in newest.values():
            if len(self._courtesies) < COURTESIES:
                task = asyncio.create_task(self._mark_read(wamid))
                self._courtesies.add(task)
                task.add_done_callback(self._courtesies.discard)

    async def _mark_read(self, wamid: str) -> None:
        mark = {"messaging_product": "whatsapp", "status": "read", "message_id": wamid}
        try:
            await self._api.post(self._messages, {**mark, "typing_indicator": {"type": "text"}})
        except (Throttled, Failing, Unreachable, Uncertain) as problem:
            log.info("read mark", channel=CHANNEL, error=type(problem).__name__)


def _address(to: Recipient) -> Body:
    """Who is written to: by the id within our business, else by the number."""
    whole = {"messaging_product": "whatsapp", "recipient_type": "individual"}
    if scoped := to.named("bsuid"):
        return {**whole, "recipient": scoped}
    if number := to.named("wa"):
        return {**whole, "to": number}
    raise Unreachable("unknown_person")


def _reference(answer: dict[str, Any]) -> str:
    """WhatsApp's name of the message it took, '' where it gave none that we can read."""
    match answer:
        case {"messages": [{"id": str(wamid)}, *_]}:
            return wamid
    return ""


def _is_digest(told: object, data: bytes) -> bool:
    """Whether *told* is the SHA-256 of *data*; WhatsApp writes it in base64 and in hexadecimal."""
    digest = hashlib.sha256(data)
    return told in (digest.hexdigest(), base64.b64encode(digest.digest()).decode())
