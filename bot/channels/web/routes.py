"""The routes of the web chat: a form post in, a page or a live fragment out."""

import asyncio
import contextlib
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from itsdangerous import BadSignature, URLSafeSerializer
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.channels.web.bubbles import Page, page_of
from bot.channels.web.channel import WebChannel
from bot.runtime.ports import Receive
from data.instants import Clock, to_us
from data.store import NewEvent, Store, StoreBusy
from flows.events import ENCODER, Event, Opened, Press, Text, Unfit

HERE = Path(__file__).parent
COOKIE = "chika"
COOKIE_DAYS = 180
MOST_FILES = 10
MOST_TEXT = 50_000
ANSWER_WITHIN = 3.0
"""Seconds a page without JavaScript waits for the answer before it is shown without it."""

BEAT = 15.0
"""Seconds between two comments that keep a live connection open."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

NONCE = re.compile(r"[A-Za-z0-9_-]{8,64}\Z")


@dataclass(frozen=True)
class WebChat:
    """Everything the routes need."""

    channel: WebChannel
    store: Store
    receive: Receive
    clock: Clock
    secret: str
    secure: bool
    demo: bool

    def routes(self) -> list[BaseRoute]:
        """The routes to mount at the root of the site."""
        return [
            Route("/chat", self._page, methods=["GET"]),
            Route("/chat", self._post, methods=["POST"]),
            Route("/chat/isi", self._fragment, methods=["GET"]),
            Route("/chat/peristiwa", self._live, methods=["GET"]),
            Mount("/chat/static", StaticFiles(directory=HERE / "static")),
        ]

    async def _page(self, request: Request) -> Response:
        visitor = self._visitor(request)
        fresh = visitor is None
        visitor = visitor or secrets.token_urlsafe(16)
        chat = f"web:{visitor}"
        page = await self._read(chat)
        if not page.bubbles and not page.waiting:
            start = request.query_params.get("mulai", "")[:64]
            async with self.channel.watching(chat) as said:
                await self._take(visitor, "opened", Opened(start=start))
                await self._answered(said)
            page = await self._read(chat)
        response = HTMLResponse(self._render("chat.html", page), headers=HEADERS)
        if fresh:
            response.set_cookie(
                COOKIE,
                self._signer().dumps(visitor),
                max_age=COOKIE_DAYS * 86400,
                httponly=True,
                samesite="lax",
                secure=self.secure,
                path="/chat",
            )
        return response

    async def _fragment(self, request: Request) -> Response:
        visitor = self._visitor(request)
        if visitor is None:
            return PlainTextResponse("Muat ulang halaman ini.", 403, headers=HEADERS)
        page = await self._read(f"web:{visitor}")
        return HTMLResponse(self._render("isi.html", page), headers=HEADERS)

    async def _post(self, request: Request) -> Response:
        visitor = self._visitor(request)
        if visitor is None or not _same_origin(request):
            return PlainTextResponse("Muat ulang halaman ini.", 403, headers=HEADERS)
        if int(request.headers.get("content-length") or 0) > self._most_bytes():
            return PlainTextResponse("Berkas terlalu besar.", 413, headers=HEADERS)
        chat = f"web:{visitor}"
        async with self.channel.watching(chat) as said:
            try:
                stored = await self._deliver(request, visitor)
            except StoreBusy:
                return PlainTextResponse(
                    "Belum tersimpan. Coba lagi sebentar.", 503, headers=HEADERS
                )
            if stored:
                await self._answered(said)
        if "application/json" in request.headers.get("accept", ""):
            return JSONResponse({"nonce": _nonce()}, headers=HEADERS)
        return RedirectResponse("/chat#tulis", 303, headers=HEADERS)

    async def _deliver(self, request: Request, visitor: str) -> bool:
        async with request.form(max_files=MOST_FILES, max_part_size=self._most_bytes()) as form:
            nonce = str(form.get("nonce") or "")
            if press := str(form.get("press") or ""):
                put, _, value = press.partition("|")
                number = int(put) if put.isdigit() and len(put) < 10 else 0
                return await self._take(visitor, f"press:{press}", Press(value=value, put=number))
            if not NONCE.match(nonce):
                nonce = _nonce()
            stored = False
            text = str(form.get("text") or "")[:MOST_TEXT].strip()
            if text:
                stored = await self._take(visitor, f"text:{nonce}", Text(text))
            files = [file for file in form.getlist("file") if isinstance(file, UploadFile)]
            for number, file in enumerate(file for file in files if file.filename):
                data = await file.read(self.channel.spool.max_bytes + 1)
                media = await self.channel.spool.keep(data, file.filename or "", nonce)
                key = f"file:{nonce}:{number}"
                stored |= await self._take(visitor, key, Unfit(why="lost"), media=media)
            return stored

    async def _take(self, visitor: str, key: str, event: Event, media: str = "") -> bool:
        now = to_us(self.clock.now())
        [fresh] = await self.receive(
            [
                NewEvent(
                    channel="web",
                    provider_id=f"{visitor}:{key}",
                    chat=f"web:{visitor}",
                    body=ENCODER.encode(event),
                    received_at=now,
                    due_at=now,
                    media=media,
                )
            ]
        )
        return fresh

    async def _answered(self, said: asyncio.Event) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_WITHIN):
                await said.wait()

    async def _live(self, request: Request) -> Response:
        visitor = self._visitor(request)
        if visitor is None:
            return PlainTextResponse("", 403, headers=HEADERS)

        async def stream() -> AsyncIterator[str]:
            async with self.channel.watching(f"web:{visitor}") as said:
                yield "retry: 3000\nevent: baru\ndata: \n\n"
                while True:
                    try:
                        async with asyncio.timeout(BEAT):
                            await said.wait()
                    except TimeoutError:
                        yield ": \n\n"
                    else:
                        said.clear()
                        yield "event: baru\ndata: \n\n"

        return StreamingResponse(stream(), media_type="text/event-stream", headers=HEADERS)

    async def _read(self, chat: str) -> Page:
        async with self.store.read() as tx:
            return await page_of(tx, chat)

    def _render(self, template: str, page: Page) -> str:
        return _TEMPLATES.get_template(template).render(page=page, nonce=_nonce(), demo=self.demo)

    def _visitor(self, request: Request) -> str | None:
        try:
            visitor = self._signer().loads(request.cookies.get(COOKIE, ""))
        except BadSignature:
            return None
        return visitor if isinstance(visitor, str) else None

    def _signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret, salt="chat")

    def _most_bytes(self) -> int:
        return self.channel.spool.max_bytes * MOST_FILES + MOST_TEXT * 4


def _same_origin(request: Request) -> bool:
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host")


def _nonce() -> str:
    return secrets.token_urlsafe(12)


def _bold(text: str) -> Markup:
    escaped = str(escape(text))
    return Markup(escaped.replace("\x02", "<b>").replace("\x03", "</b>"))  # noqa: S704


_TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
)
_TEMPLATES.filters["bold"] = _bold
