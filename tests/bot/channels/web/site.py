"""The whole product behind the page ``/chat``, and visitors with a browser without JavaScript."""

import html
import re
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from itsdangerous import URLSafeSerializer
from starlette.applications import Starlette

from bot.bootstrap import Product, build_runtime
from bot.channels.spool import Spool
from bot.channels.web.channel import WebChannel
from bot.channels.web.pace import Pace
from bot.channels.web.routes import WebChat
from bot.runtime.runtime import Runtime
from data.instants import to_us
from data.sqlite import SqliteStore
from data.store import NewEvent, Row, Store, StoreBusy
from flows.events import ENCODER, Desk

ORIGIN = "http://chat.example"
SECRET = "rahasia uji"
MEGA = 1_000_000


class Ticking:
    """A clock that goes on by a millisecond whenever it is read; *ahead* moves it."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)

    def now(self) -> datetime:
        self._now += timedelta(milliseconds=1)
        return self._now

    def ahead(self, **by: float) -> None:
        self._now += timedelta(**by)


@dataclass
class Site:
    """A running product with a real store; *refusals* is how often it says that it is busy."""

    product: Product
    store: Store
    runtime: Runtime
    clock: Ticking
    spool: Spool
    folder: Path
    app: Starlette
    refusals: int = 0
    visitors: list["Visitor"] = field(default_factory=list)

    def visitor(self, **client: Any) -> "Visitor":
        """Somebody with a fresh browser."""
        self.visitors.append(Visitor(self, **client))
        return self.visitors[-1]

    async def rows(self, statement: str, **values: Any) -> Sequence[Row]:
        async with self.store.read() as tx:
            return await tx.all(statement, **values)

    async def from_the_desk(self, chat: str, said: Desk) -> None:
        """An officer's action reaches *chat*."""
        now = to_us(self.clock.now())
        body = ENCODER.encode(said)
        await self.runtime.receive([NewEvent("desk", f"desk:{now}", chat, body, now, now)])

    def uploads(self) -> list[Path]:
        """The files in the spool."""
        return sorted((self.folder / "incoming").glob("*"))

    async def sweep(self) -> None:
        await self.spool.sweep(self.store, self.clock)


class Visitor:
    """Posts the forms of the page it saw last, as a browser without JavaScript does."""

    def __init__(self, site: Site, **client: Any) -> None:
        transport = httpx.ASGITransport(site.app)
        self.client = httpx.AsyncClient(
            transport=transport, base_url=ORIGIN, follow_redirects=True, **client
        )
        self.site = site
        self.page = ""

    async def open(self, path: str = "/chat") -> httpx.Response:
        return self._seen(await self.client.get(path))

    async def say(self, text: str, nonce: str = "", **headers: str) -> httpx.Response:
        return await self.post({"text": text}, nonce=nonce, **headers)

    async def press(self, label: str) -> httpx.Response:
        return await self.post({"press": self.buttons[label]})

    async def send(self, *files: tuple[str, bytes], text: str = "") -> httpx.Response:
        return await self.post({"text": text}, [("file", file) for file in files])

    async def post(
        self,
        form: dict[str, str],
        files: list[tuple[str, tuple[str, bytes]]] | None = None,
        nonce: str = "",
        **headers: str,
    ) -> httpx.Response:
        data = {"nonce": nonce or self.nonce, **form}
        return self._seen(await self.client.post("/chat", data=data, files=files, headers=headers))

    @property
    def nonce(self) -> str:
        found = re.search(r'name="nonce" value="([^"]+)"', self.page)
        return found[1] if found else secrets.token_urlsafe(12)

    @property
    def chat(self) -> str:
        """The chat id, which only the server can read from the cookie."""
        return "web:" + URLSafeSerializer(SECRET, salt="chat").loads(self.client.cookies["chika"])

    @property
    def bubbles(self) -> list[str]:
        """What stands in the bubbles, ours and theirs, as text."""
        found = re.findall(r'<div class="b[^>]*>(.*?)</div>', self.page, re.DOTALL)
        return [html.unescape(re.sub(r"<[^>]+>", "", bubble)) for bubble in found]

    @property
    def last(self) -> str:
        return self.bubbles[-1]

    @property
    def buttons(self) -> dict[str, str]:
        """The values of the offered buttons by what stands on them."""
        found = re.findall(r'name="press" value="([^"]*)">(.*?)</button>', self.page, re.DOTALL)
        words = {re.sub(r"<small>.*|<[^>]+>", "", label): value for value, label in found}
        return {html.unescape(label): html.unescape(value) for label, value in words.items()}

    @property
    def notice(self) -> str:
        found = re.search(r'role="alert">([^<]*)<', self.page)
        return html.unescape(found[1]) if found else ""

    @property
    def typed(self) -> str:
        """What stands in the box where one writes."""
        found = re.search(r'maxlength="50000" value="([^"]*)"', self.page)
        return html.unescape(found[1]) if found else ""

    def _seen(self, answer: httpx.Response) -> httpx.Response:
        if answer.headers.get("content-type", "").startswith("text/html"):
            self.page = answer.text
        return answer


@asynccontextmanager
async def running_site(product: Product, folder: Path, pace: Pace) -> AsyncIterator[Site]:
    """The product with a store of its own in *folder*."""
    store, clock = SqliteStore(folder / "chika.db"), Ticking()
    await store.open()
    spool = Spool(folder / "incoming", product.config.documents.max_bytes)
    channel = WebChannel(spool)
    runtime = build_runtime(product, store, [channel], clock)
    site = Site(product, store, runtime, clock, spool, folder, Starlette())

    async def receive(events: Sequence[NewEvent]) -> Sequence[bool]:
        if site.refusals:
            site.refusals -= 1
            raise StoreBusy
        return await runtime.receive(events)

    chat = WebChat(channel, store, receive, clock, SECRET, secure=False, demo=True, pace=pace)
    site.app.routes.extend(chat.routes())
    await runtime.start()
    try:
        yield site
    finally:
        for visitor in site.visitors:
            await visitor.client.aclose()
        await runtime.stop()
        await store.close()
