"""The Messenger channel: a Facebook page, by Meta's webhook and the Send API."""

import asyncio
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
from bot.channels.messenger.decode import decode, name_of
from bot.channels.messenger.kinds import GET_STARTED, FileRef
from bot.channels.messenger.people import CHANNEL, stored
from bot.channels.messenger.shape import Body, bodies, plain
from bot.channels.polling import FIRST_PAUSE, LONGEST_PAUSE, Pause
from bot.channels.window import Gate
from bot.runtime.logger import Logger
from bot.runtime.messages import Outbound
from bot.runtime.ports import Failing, Media, Receive, Throttled, Uncertain, Unreachable
from data.instants import Clock
from data.store import Store
from services import identities

LARGEST_FILE = 25_000_000
"""Bytes of the largest file that Messenger carries."""

log = Logger(__name__)


@dataclass(frozen=True)
class MessengerSettings:
    """How to reach Messenger as the page *page_id*, and how Meta proves itself."""

    token: str = field(repr=False)
    page_id: str
    proof: Proof
    api_url: str = GRAPH
    version: str = VERSION
    webhook_path: str = "/messenger"
    media_hosts: Collection[str] = MEDIA_HOSTS
    largest_file: int = LARGEST_FILE


class Messenger:
    """The channel ``messenger``; close it with `aclose`. *transport* stands in for the network."""

    name = CHANNEL

    def __init__(
        self,
        settings: MessengerSettings,
        store: Store,
        clock: Clock,
        gate: Gate,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._gate = gate
        self._taken = Taken()
        self._pause = pause
        account = Account(settings.token, settings.api_url, settings.version, settings.media_hosts)
        self._api = GraphApi(account, CHANNEL, transport=transport)

    async def send(self, chat: str, message: Outbound) -> str:
        """Deliver *message*. A long text goes in parts; another try sends those that lack."""
        person = await self._person(chat)
        say = partial(self._say, person, message)
        return await through(self._gate, chat, message, say, bodies(message), plain)

    async def fetch(self, media: str) -> Media:
        """Download an attachment from Meta's hosts."""
        file = msgspec.json.decode(media, type=FileRef)
        data = await self._api.download(file.url, self._settings.largest_file)
        return Media(data=data, name=file.name, album=file.album)

    async def run(self, receive: Receive) -> None:
        """Tell the page of its button for a first chat; after that Meta calls."""
        seconds = FIRST_PAUSE
        while True:
            try:
                await self._api.post(
                    "me/messenger_profile", {"get_started": {"payload": GET_STARTED}}
                )
                return
            except Unreachable as refused:
                log.error("no button for a first chat", channel=CHANNEL, error=refused.reason)
                return
            except (Throttled, Failing, Uncertain) as problem:
                log.warning("page waits", error=type(problem).__name__, again_in=seconds)
                await self._pause(seconds)
                seconds = min(seconds * 2, LONGEST_PAUSE)

    def webhook_routes(self, receive: Receive) -> list[Route]:
        """The Starlette routes of this channel."""
        settings = self._settings
        return webhook_routes(settings.webhook_path, self.taking(receive), settings.proof)

    def taking(self, receive: Receive) -> Take:
        """What stores one delivery: whose chats, receipts and times first, then its events."""

        async def take(raw: Any) -> None:
            items = decode(raw, page_id=self._settings.page_id)
            if not items:
                return
            noting = partial(stored, items=items, now=self._clock.now())
            if events := await self._store.write(noting):
                await receive(events)

        return take

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._api.aclose()

    async def _say(self, person: str, message: Outbound, said: Sequence[Body]) -> str:
        async def post(body: Body, is_last: bool) -> str:
            answer = await self._api.post(
                f"{self._settings.page_id}/messages",
                {"recipient": {"id": person}, "messaging_type": "RESPONSE", "message": body},
            )
            told = answer.get("message_id")
            return told if isinstance(told, str) else ""

        return await self._taken.say(message.id, said, post)

    async def _person(self, chat: str) -> str:
        """The id on this page of whoever writes in *chat*; raises `Unreachable`."""
        async with self._store.read() as tx:
            names = await identities.names_of(tx, chat)
        begin = name_of(self._settings.page_id, "")
        for name in names:
            if name.startswith(begin):
                return name.removeprefix(begin)
        raise Unreachable("unknown_person")
