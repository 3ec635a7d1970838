"""A participant behind somebody's own bridge program, which keeps to docs/bridge-openapi.yaml."""

import asyncio
import base64
import hashlib
import hmac
import itertools
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.bridge.channel import Bridge, BridgeSettings
from bot.channels.spool import Spool
from bot.runtime.ports import Receive
from data.instants import Clock
from data.sqlite import SqliteStore
from tests.bot.channels.echo import Echo
from tests.bot.channels.openapi import check

SECRET = "hanya untuk uji, hanya untuk uji, uji"
USER = "peserta-81"
CALLBACK = "http://bridge.example/pesan"


def signed(body: bytes, second: int, secret: str = SECRET) -> dict[str, str]:
    """The headers of a call, as docs/bridges.md tells others to make them."""
    made = hmac.new(secret.encode(), f"{second}.".encode() + body, hashlib.sha256)
    return {"X-Chika-Timestamp": str(second), "X-Chika-Signature": f"sha256={made.hexdigest()}"}


class BridgeSeat:
    """Carries what one person does into the bot, and keeps what comes back."""

    def __init__(self, receive: Receive, store: SqliteStore, clock: Clock, spool: Spool) -> None:
        self.calls: list[dict[str, Any]] = []
        self.answers: list[Response] = []
        callback = Starlette(routes=[Route("/pesan", self._called, methods=["POST"])])
        self.channel = Bridge(
            BridgeSettings(SECRET, CALLBACK),
            store,
            spool,
            clock,
            transport=httpx.ASGITransport(callback),
        )
        routes = Starlette(routes=self.channel.routes(receive))
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(routes), base_url="http://bot.example"
        )
        self._clock = clock
        self._ids = itertools.count(1)
        self._called_now = asyncio.Event()

    @property
    def chat(self) -> str:
        return str(self.calls[0]["chat"])

    async def aclose(self) -> None:
        await self.client.aclose()
        await self.channel.aclose()

    async def say(self, text: str) -> None:
        await self._do(type="text", text=text)

    async def tap(self, number: int) -> None:
        option = self._shown["options"][number - 1]
        await self._do(type="press", value=option["value"], put=option["put"])

    async def send_photo(self, data: bytes) -> None:
        encoded = base64.b64encode(data).decode()
        await self._do(type="media", data=encoded, name="ktp.jpg", mime="image/jpeg")

    async def send_contact(self, phone: str) -> None:
        await self._do(type="contact", phone=phone)

    async def send_voice(self) -> None:
        await self._do(type="unfit", kind="voice")

    async def send_sticker(self) -> None:
        await self._do(type="unfit", kind="sticker")

    async def reads(self, count: int) -> list[str]:
        assert len(self.calls) >= count, self.calls
        return [call["text"] for call in self.calls]

    async def until(self, condition: Callable[[], bool], seconds: float) -> None:
        """Wait until *condition* holds; it is looked at after every call of the bot."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._called_now.clear()
                await self._called_now.wait()

    def options(self) -> str:
        return "  ".join(option["label"] for option in self._shown["options"])

    def bold(self) -> list[str]:
        last = self.calls[-1]
        return [last["text"][start:end] for start, end in last["bold"]]

    def event(self, **about: Any) -> dict[str, Any]:
        """An event with a fresh id."""
        return {"id": f"p-{next(self._ids)}", "user": USER, **about}

    async def deliver(self, *events: dict[str, Any], **how: Any) -> httpx.Response:
        """Post *events* signed; *how* may change ``second`` and ``secret``."""
        body = json.dumps({"events": events}).encode()
        return await self.post(body, **how)

    async def post(
        self, body: bytes, second: int | None = None, secret: str = SECRET
    ) -> httpx.Response:
        second = int(self._clock.now().timestamp()) if second is None else second
        return await self.client.post(
            "/bridge/events", content=body, headers=signed(body, second, secret)
        )

    async def _do(self, **about: Any) -> None:
        event = self.event(**about)
        check("Batch", {"events": [event]})
        answer = await self.deliver(event)
        while answer.status_code == 503:
            check("Error", answer.json())
            answer = await self.deliver(event)
        assert answer.status_code == 200, answer.text
        check("Results", answer.json())

    async def _called(self, request: Request) -> Response:
        body = await request.body()
        second = int(request.headers["X-Chika-Timestamp"])
        proof = signed(body, second)["X-Chika-Signature"]
        assert hmac.compare_digest(request.headers["X-Chika-Signature"], proof)
        if self.answers:
            return self.answers.pop(0)
        call = json.loads(body)
        check("Call", call)
        self.calls.append(call)
        self._called_now.set()
        return JSONResponse({"reference": f"r{len(self.calls)}"})

    @property
    def _shown(self) -> dict[str, Any]:
        return next(call for call in reversed(self.calls) if call["options"])


@asynccontextmanager
async def bridge_seat(
    echo: Echo, clock: Clock, folder: Path, largest: int
) -> AsyncIterator[BridgeSeat]:
    """Somebody who talks with the echo over a bridge."""
    store = SqliteStore(folder / "bridge.db")
    await store.open()
    seat = BridgeSeat(echo, store, clock, Spool(folder / "incoming", largest))
    echo.over(seat.channel)
    try:
        yield seat
    finally:
        await seat.aclose()
        await store.close()
