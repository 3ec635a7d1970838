"""The routes of the web chat: a form post in, a page or a live signal out."""

import asyncio
import contextlib
import re
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
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

from bot.channels.layout import LONGEST_TEXT, marked, unmarked
from bot.channels.web.bubbles import EMPTY, Page, page_of
from bot.channels.web.channel import WebChannel
from bot.channels.web.decode import Posted, chat_of, decode, opened
from bot.channels.web.labels import labels
from bot.channels.web.pace import Pace
from bot.channels.web.visitors import Visitors
from bot.runtime.ports import Receive
from data.instants import Clock, to_us
from data.store import Store, StoreBusy

HERE = Path(__file__).parent
MOST_FILES = 10
MOST_FIELDS = 50_000 * 12
"""Bytes of a post beside its files: 50,000 percent-encoded characters arrive and are cut."""

ANSWER_WITHIN = 3.0
"""Seconds a page without JavaScript waits for the answer before it is shown without it."""

BUSY_SECONDS = 5
"""When a post is welcome again that a busy store refused."""

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


class _NotTaken(Exception):
    """A post of which nothing was stored; *notice* names the label that tells why and what to do.

    *seconds* is how long to wait before the next one, 0 where that is not known.
    """

    def __init__(self, status: int, notice: str, seconds: int = 0) -> None:
        super().__init__(notice)
        self.status = status
        self.notice = notice
        self.seconds = seconds
        self.typed = ""
        self.nonce = ""

    @property
    def headers(self) -> dict[str, str]:
        """What the answer tells the browser besides."""
        return {"Retry-After": str(self.seconds)} if self.seconds else {}

    def words(self, language: str) -> str:
        """What the visitor is told in *language*."""
        return labels(language)(self.notice).format(seconds=self.seconds, files=MOST_FILES)


class WebChat(msgspec.Struct, frozen=True):
    """Everything the routes need. *site* is the address people open, where a proxy hides it."""

    channel: WebChannel
    store: Store
    receive: Receive
    clock: Clock
    secret: str
    secure: bool
    demo: bool
    site: str = ""
    pace: Pace = msgspec.field(default_factory=Pace)

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
        visitor = self._visitors.known(request)
        if visitor is None:
            visitor = self._visitors.new()
        start = request.query_params.get("mulai", "")
        try:
            page = await self._opened(visitor, start)
        except StoreBusy:
            notice = labels(EMPTY.language)("belum_siap")
            return HTMLResponse(self._chat(EMPTY, notice), 503, headers=HEADERS)
        if start:  # the address without it: a reload does not begin again
            response: Response = RedirectResponse("/chat", 303, headers=HEADERS)
        else:
            response = HTMLResponse(self._chat(page), headers=HEADERS)
        self._visitors.remember(response, visitor)
        return response

    async def _opened(self, visitor: str, start: str) -> Page:
        """The page of *visitor*, who is greeted the first time and whenever a link chose.

        A link that is opened faster than anybody could is only a look at the page.
        """
        chat, now = chat_of(visitor), self.clock.now()
        page = await self._read(chat)
        if start and self.pace.seconds_to_wait(visitor, now):
            start = ""
        if start or not (page.bubbles or page.waiting):
            key = secrets.token_urlsafe(6) if start else "first"
            async with self.channel.watching(chat) as said:
                await self.receive([opened(visitor, key, start, received_at=to_us(now))])
                await _answered(said)
            page = await self._read(chat)
        return page

    async def _fragment(self, request: Request) -> Response:
        visitor = self._visitors.known(request)
        if visitor is None:
            return PlainTextResponse(labels(EMPTY.language)("cookie"), 403, headers=HEADERS)
        try:
            page = await self._read(chat_of(visitor))
        except StoreBusy:
            return PlainTextResponse(labels(EMPTY.language)("belum_siap"), 503, headers=HEADERS)
        headers = HEADERS | {"Content-Language": page.language}
        return HTMLResponse(_render("isi.html", page), headers=headers)

    async def _post(self, request: Request) -> Response:
        live = "application/json" in request.headers.get("accept", "")
        visitor = self._visitors.known(request)
        try:
            if visitor is None:
                raise _NotTaken(403, "cookie")
            self._let_in(request, visitor)
            await self._take(request, visitor, wait=not live)
        except _NotTaken as refused:
            return await self._told(refused, visitor, live)
        if live:
            return JSONResponse({"nonce": _nonce()}, headers=HEADERS)
        return RedirectResponse("/chat#baru", 303, headers=HEADERS)

    def _let_in(self, request: Request, visitor: str) -> None:
        """Refuse by what the headers say; nothing of the body has been read."""
        if not self._is_ours(request):
            raise _NotTaken(403, "asing")
        length = request.headers.get("content-length", "")
        if not length.isdecimal():
            raise _NotTaken(411, "tak_terbaca")
        if int(length) > self.channel.spool.max_bytes * MOST_FILES + MOST_FIELDS:
            raise _NotTaken(413, "terlalu_besar")

    async def _take(self, request: Request, visitor: str, *, wait: bool) -> None:
        """Store what was posted; a page that hears of nothing else waits a moment for the answer.

        To an officer there is none: who wrote would look at a sent message for seconds.
        """
        try:
            form = await request.form(max_files=100, max_fields=10, max_part_size=MOST_FIELDS)
        except HTTPException:
            raise _NotTaken(400, "tak_terbaca") from None
        try:
            async with self.channel.watching(chat_of(visitor)) as said:
                if await self._deliver(form, visitor) and wait:
                    await _answered(said)
        except _NotTaken as refused:
            refused.typed = str(form.get("text") or "")[:LONGEST_TEXT]
            refused.nonce = str(form.get("nonce") or "")
            raise
        finally:
            await form.close()

    async def _deliver(self, form: FormData, visitor: str) -> bool:
        now = self.clock.now()
        if wait := self.pace.seconds_to_wait(visitor, now):
            raise _NotTaken(429, "terlalu_cepat", wait)
        nonce = str(form.get("nonce") or "")
        nonce = nonce if NONCE.match(nonce) else _nonce()
        files = [file for file in form.getlist("file") if isinstance(file, UploadFile)]
        files = [file for file in files if file.filename]
        if len(files) > MOST_FILES:
            raise _NotTaken(400, "terlalu_banyak")
        album = nonce if len(files) > 1 else ""
        posted = Posted(
            visitor=visitor,
            nonce=nonce,
            press=str(form.get("press") or ""),
            after=str(form.get("setelah") or ""),
            text=str(form.get("text") or "").strip(),
            files=[await self.channel.spool.keep(file, album, now) for file in files],
        )
        try:
            return any(await self.receive(decode(posted, received_at=to_us(now))))
        except StoreBusy:
            raise _NotTaken(503, "sibuk", BUSY_SECONDS) from None

    async def _told(self, refused: _NotTaken, visitor: str | None, live: bool) -> Response:
        """Say why nothing was stored; what was typed stays in its box."""
        headers = HEADERS | refused.headers
        page = EMPTY
        if visitor is not None:
            with contextlib.suppress(StoreBusy):
                page = await self._read(chat_of(visitor))
        words = refused.words(page.language)
        if live or visitor is None or refused.status == 403:
            return PlainTextResponse(words, refused.status, headers=headers)
        nonce = refused.nonce if NONCE.match(refused.nonce) else _nonce()
        shown = self._chat(page, words, refused.typed, nonce)
        return HTMLResponse(shown, refused.status, headers=headers)

    async def _live(self, request: Request) -> Response:
        visitor = self._visitors.known(request)
        if visitor is None:
            return PlainTextResponse("", 403, headers=HEADERS)

        async def stream() -> AsyncIterator[str]:
            async with self.channel.watching(chat_of(visitor)) as said:
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

    def _chat(self, page: Page, notice: str = "", typed: str = "", nonce: str = "") -> str:
        nonce = nonce or _nonce()
        return _render("chat.html", page, notice=notice, typed=typed, nonce=nonce, demo=self.demo)

    def _is_ours(self, request: Request) -> bool:
        """Whether the page that posted is ours; browsers say where it came from."""
        origin = request.headers.get("origin")
        hosts = {request.headers.get("host"), urlsplit(self.site).netloc or None}
        return origin is None or urlsplit(origin).netloc in hosts

    @property
    def _visitors(self) -> Visitors:
        return Visitors(self.secret, self.secure)


async def _answered(said: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(ANSWER_WITHIN):
            await said.wait()


def _nonce() -> str:
    return secrets.token_urlsafe(12)


def _render(template: str, page: Page, **values: object) -> str:
    label = labels(page.language)
    return _TEMPLATES.get_template(template).render(values, page=page, label=label)


def _bold(text: str) -> Markup:
    """What we said, with its bold; everything in it is escaped."""
    plain = marked(text, lambda run: str(escape(unmarked(run))), lambda run: f"<b>{run}</b>")
    return Markup(plain)  # noqa: S704


_TEMPLATES = Environment(
    loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
)
_TEMPLATES.filters["bold"] = _bold
_TEMPLATES.filters["plain"] = unmarked
