"""A participant on the page ``/chat``, with the echo behind a real store."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from pathlib import Path

import httpx
import msgspec
from starlette.applications import Starlette

from bot.channels.spool import Spool
from bot.channels.web.channel import WebChannel
from bot.channels.web.routes import WebChat
from bot.runtime.messages import Outbound
from data.instants import Clock, to_us
from data.sqlite import SqliteStore
from data.store import Head, NewEvent, SendResult, Store, StoreBusy, TurnWrites, Tx
from tests.bot.channels.echo import Echo


class WebSeat:
    """Posts the page's form and reads the page's log; the greeting of a new visitor is left out."""

    def __init__(self, echo: Echo, store: Store, clock: Clock, folder: Path, largest: int) -> None:
        self.channel = WebChannel(Spool(folder / "incoming", largest))
        self._echo = echo
        self._store = store
        self._clock = clock
        chat = WebChat(
            self.channel, store, self._receive, clock, "rahasia-uji", secure=False, demo=False
        )
        transport = httpx.ASGITransport(Starlette(routes=chat.routes()))
        self._client = httpx.AsyncClient(transport=transport, base_url="http://chat.example")
        self._page = _Page()
        self._buttons: list[str] = []

    @property
    def chat(self) -> str:
        return self._echo.events[0].chat

    async def open(self) -> None:
        """Load the page for the first time."""
        (await self._client.get("/chat")).raise_for_status()
        self._echo.events.clear()

    async def aclose(self) -> None:
        await self._client.aclose()

    async def say(self, text: str) -> None:
        await self._post({"text": text})

    async def tap(self, number: int) -> None:
        await self._post({"press": self._buttons[number - 1]})

    async def send_photo(self, data: bytes) -> None:
        await self._post({}, {"file": ("ktp.jpg", data, "image/jpeg")})

    async def reads(self, count: int) -> list[str]:
        answer = await self._client.get("/chat/isi")
        self._page = _Page()
        self._page.feed(answer.text)
        self._buttons = self._page.presses or self._buttons
        said = self._page.said[1:]
        assert len(said) >= count, said
        return said

    def options(self) -> str:
        return "  ".join(self._page.labels)

    def bold(self) -> list[str]:
        return self._page.bold

    async def _post(
        self, form: dict[str, str], files: dict[str, tuple[str, bytes, str]] | None = None
    ) -> None:
        data = {"nonce": secrets.token_urlsafe(12), **form}
        await self._client.post("/chat", data=data, files=files)

    async def _receive(self, events: Sequence[NewEvent]) -> Sequence[bool]:
        if self._echo.busy:
            self._echo.busy -= 1
            raise StoreBusy
        fresh = await self._store.ingest(events)
        self._echo.events += [event for event, new in zip(events, fresh, strict=True) if new]
        now = to_us(self._clock.now())
        for waiting in await self._store.fetches(9):
            self._echo.fetched.append(await self._reach(waiting.media))
            await self._store.fetched(waiting.event, waiting.body, now)
        while (await self._store.turns(self._turn, now=now, limit=9, attempts=1)).done:
            pass
        await self._store.heartbeat("uji", now)
        for sending in await self._store.claim_sends(owner="uji", now=now, limit=9):
            message = msgspec.json.decode(sending.body, type=Outbound)
            reference = await self.channel.send(sending.chat, message)
            await self._store.sent("uji", [SendResult(sending.id, "sent", reference)])
        return fresh

    async def _reach(self, media: str) -> object:
        return await self.channel.fetch(media)

    async def _turn(self, tx: Tx, head: Head) -> TurnWrites:
        body = msgspec.json.encode(self._echo.answer(head.body))
        return TurnWrites(session=b"{}", outbox=[body])


@asynccontextmanager
async def web_seat(echo: Echo, clock: Clock, folder: Path, largest: int) -> AsyncIterator[WebSeat]:
    """A visitor who has just opened the page."""
    store = SqliteStore(folder / "web.db")
    await store.open()
    seat = WebSeat(echo, store, clock, folder, largest)
    try:
        await seat.open()
        yield seat
    finally:
        await seat.aclose()
        await store.close()


class _Page(HTMLParser):
    """The bot's bubbles, what is bold in the last, and the buttons."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.bold: list[str] = []
        self.labels: list[str] = []
        self.presses: list[str] = []
        self._into: list[str] | None = None
        self._strong = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "div" and given.get("class") == "b":
            self.said.append("")
            self.bold.clear()
            self._into = self.said
        elif tag == "div":
            self._into = None
        elif tag == "b":
            self.bold.append("")
            self._strong = True
        elif tag == "button":
            self.presses.append(given["value"] or "")
            self.labels.append("")
            self._into = self.labels

    def handle_endtag(self, tag: str) -> None:
        if tag in {"div", "button"}:
            self._into = None
        elif tag == "b":
            self._strong = False

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into[-1] += data
            if self._strong:
                self.bold[-1] += data
