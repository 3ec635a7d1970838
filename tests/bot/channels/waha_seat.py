"""A participant on WhatsApp behind a WAHA server, of which only the wire is played."""

import hashlib
import hmac
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.channels.layout import WHATSAPP_MARKS
from bot.channels.waha.channel import Waha, WahaSettings
from bot.runtime.ports import Receive
from data.instants import Clock
from data.sqlite import SqliteStore
from tests.bot.channels.echo import Echo

SECRET = "rahasia waha untuk uji, rahasia waha"
KEY = "kunci-api-uji"
SERVER = "http://waha.example:3000"
NUMBER = "6281200000142@c.us"


ALIKE = str.maketrans({shown: mark for mark, shown in WHATSAPP_MARKS.items()})


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """The headers of WAHA's webhook."""
    proof = hmac.new(secret.encode(), body, hashlib.sha512).hexdigest()
    return {"X-Webhook-Hmac": proof, "X-Webhook-Hmac-Algorithm": "sha512"}


class WahaSeat:
    """WAHA's webhook and API as they look from our side. *sent* are the posts to sendText."""

    def __init__(self, receive: Receive, store: SqliteStore, clock: Clock, largest: int) -> None:
        self.sent: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.answers: list[Response] = []
        self.asked: list[str] = []
        self.elsewhere = ""
        server = Starlette(
            routes=[
                Route("/api/sendText", self._send_text, methods=["POST"]),
                Route("/api/files/{name}", self._file),
            ]
        )
        settings = WahaSettings(
            url=SERVER,
            session="default",
            api_key=KEY,
            secret=SECRET,
            largest_file=largest,
        )
        self.channel = Waha(settings, store, clock, transport=httpx.ASGITransport(server))
        routes = Starlette(routes=self.channel.routes(receive))
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(routes), base_url="http://bot.example"
        )
        self._ids = itertools.count(1)
        self._echo = receive

    @property
    def chat(self) -> str:
        assert isinstance(self._echo, Echo)
        return self._echo.events[0].chat

    async def aclose(self) -> None:
        await self.client.aclose()
        await self.channel.aclose()

    async def say(self, text: str) -> None:
        await self._do(body=text)

    async def tap(self, number: int) -> None:
        """There are no buttons: who would tap types the number."""
        await self.say(str(number))

    async def send_photo(self, data: bytes) -> None:
        self.files["ktp.jpg"] = data
        media = {"url": f"{SERVER}/api/files/ktp.jpg", "mimetype": "image/jpeg", "filename": None}
        await self._do(body="", hasMedia=True, media=media)

    async def reads(self, count: int) -> list[str]:
        assert len(self.sent) >= count, self.sent
        return [one["text"].replace("*", "").translate(ALIKE) for one in self.sent]

    def options(self) -> str:
        return str(self.sent[-1]["text"]).rpartition("\n")[2]

    def bold(self) -> list[str]:
        """What stands between two marks; all others were made to look like marks only."""
        return str(self.sent[-1]["text"]).split("*")[1::2]

    def message(self, **about: Any) -> dict[str, Any]:
        """A webhook call with a fresh message."""
        payload = {
            "id": f"false_{NUMBER}_{next(self._ids):020}",
            "timestamp": 1_764_000_000,
            "from": NUMBER,
            "fromMe": False,
            "source": "app",
            "to": "6281200000001@c.us",
            "body": "halo",
            "hasMedia": False,
            "media": None,
            "ack": 1,
            "vCards": [],
            "_data": {},
            **about,
        }
        return {
            "id": "evt_01",
            "timestamp": 1_764_000_000_123,
            "event": "message",
            "session": "default",
            "me": {"id": "6281200000001@c.us", "pushName": "CHIKA"},
            "engine": "WEBJS",
            "environment": {"version": "2026.1.1", "engine": "WEBJS", "tier": "CORE"},
            "payload": payload,
        }

    async def post(self, call: dict[str, Any], secret: str = SECRET) -> httpx.Response:
        body = json.dumps(call).encode()
        return await self.client.post("/waha/events", content=body, headers=signed(body, secret))

    async def _do(self, **about: Any) -> None:
        call = self.message(**about)
        answer = await self.post(call)
        while answer.status_code == 503:
            answer = await self.post(call)
        assert answer.status_code == 200, answer.text

    async def _send_text(self, request: Request) -> Response:
        assert request.headers["X-Api-Key"] == KEY
        if self.answers:
            return self.answers.pop(0)
        self.sent.append(await request.json())
        return JSONResponse({"id": f"true_{NUMBER}_{len(self.sent)}"}, 201)

    async def _file(self, request: Request) -> Response:
        self.asked.append(str(request.url))
        assert request.headers["X-Api-Key"] == KEY
        if self.elsewhere:
            return RedirectResponse(self.elsewhere)
        return Response(self.files[request.path_params["name"]])


@asynccontextmanager
async def waha_seat(
    echo: Echo, clock: Clock, folder: Path, largest: int
) -> AsyncIterator[WahaSeat]:
    """Somebody who talks with the echo on WhatsApp."""
    store = SqliteStore(folder / "waha.db")
    await store.open()
    seat = WahaSeat(echo, store, clock, largest)
    echo.over(seat.channel)
    try:
        yield seat
    finally:
        await seat.aclose()
        await store.close()
