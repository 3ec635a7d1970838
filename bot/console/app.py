"""The console under ``/admin``: its routes, and what becomes of refusals and errors."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.console.actions import ACTIONS, LEAVING, Form, act
from bot.console.deps import Deps
from bot.console.documents import document
from bot.console.gate import (
    COOKIE,
    Guarded,
    Visit,
    forget,
    is_own_form,
    is_own_site,
    remember,
    visit_of,
)
from bot.console.live import live_counts
from bot.console.queue_page import queue_page
from bot.console.report_file import report_file
from bot.console.ticket_page import Attempt, ticket_page
from bot.console.words import render, written
from data.store import StoreBusy
from services import queue, reveals, sign_in
from services.refusals import NotFound, Refused

STATIC = Path(__file__).parent / "static"
MOST_FIELD_BYTES = 64_000
MOST_FIELDS = 20

MISSING = "Halaman atau permintaan itu tidak ada."
BUSY = "Belum tersimpan. Coba lagi sebentar."

Page = Callable[[Visit, Request], Awaitable[Response]]
Post = Callable[[Visit, Request, dict[str, str]], Awaitable[Response]]


def console_routes(deps: Deps) -> list[BaseRoute]:
    """The routes to mount at the root of the site."""
    console = _Console(deps)
    app = Starlette(
        routes=console.routes(),
        middleware=[Middleware(Guarded)],
        exception_handlers={
            404: _missing,
            NotFound: _missing,
            StoreBusy: _busy,
            HTTPException: _broken,
            Exception: _broken,
        },
    )
    return [Mount("/admin", app=app)]


class _Console:
    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    def routes(self) -> list[BaseRoute]:
        page, post = self._page, self._post
        return [
            Route("/", page(self._home)),
            Route("/masuk", self._sign_in_page, methods=["GET"]),
            Route("/masuk", self._sign_in, methods=["POST"]),
            Route("/keluar", post(self._sign_out), methods=["POST"]),
            Route("/antrean", page(self._queue)),
            Route("/antrean/isi", page(self._queue)),
            Route("/antrean/berikutnya", post(self._take_next), methods=["POST"]),
            Route("/tiket/{number}", page(self._ticket)),
            Route("/tiket/{number}/lihat", post(self._reveal), methods=["POST"]),
            Route("/tiket/{number}/berkas/{sha256}", page(self._document)),
            Route("/tiket/{number}/formulir/{variant}", page(self._report)),
            Route("/tiket/{number}/{action}", post(self._act), methods=["POST"]),
            Route("/peristiwa", page(self._live)),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]

    def _page(self, show: Page) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            visit = await visit_of(self._deps, request)
            return await show(visit, request) if visit else _to("/admin/masuk")

        return endpoint

    def _post(self, act: Post) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            visit = await visit_of(self._deps, request)
            if visit is None:
                return _to("/admin/masuk")
            fields = await _fields(request)
            if not is_own_form(request, visit, fields.get("csrf", "")):
                own = fields if is_own_site(request) else {}
                return _message("Halaman ini tidak berlaku lagi. Buka sekali lagi.", 403, own)
            return await act(visit, request, fields)

        return endpoint

    async def _home(self, visit: Visit, request: Request) -> Response:
        return _to("/admin/antrean")

    async def _sign_in_page(self, request: Request) -> Response:
        # a second press, because programs that preview links would use the key up
        key = request.query_params.get("kunci", "")
        return HTMLResponse(render("masuk.html", key=key, alert=""))

    async def _sign_in(self, request: Request) -> Response:
        if not is_own_site(request):
            return _message("Halaman masuk harus dibuka dari alamatnya sendiri.", 403)
        key, now = (await _fields(request)).get("kunci", ""), self._deps.clock.now()
        try:
            _, session = await self._deps.store.write(lambda tx: sign_in.use_link(tx, key, now=now))
        except Refused as refused:
            return HTMLResponse(
                render("masuk.html", key="", alert=self._deps.sentence(refused)), 403
            )
        response = _to("/admin/antrean")
        remember(response, self._deps, request, session)
        return response

    async def _sign_out(self, visit: Visit, request: Request, fields: dict[str, str]) -> Response:
        session = request.cookies[COOKIE]
        await self._deps.store.write(lambda tx: sign_in.sign_out(tx, session))
        response = _to("/admin/masuk")
        forget(response)
        return response

    async def _queue(self, visit: Visit, request: Request) -> Response:
        return await queue_page(self._deps, visit, request)

    async def _take_next(self, visit: Visit, request: Request, fields: dict[str, str]) -> Response:
        deps, branch = self._deps, fields.get("cabang", "")
        try:
            taken = await deps.store.write(
                lambda tx: queue.claim_next(
                    tx,
                    visit.officer,
                    branch,
                    now=deps.clock.now(),
                    calendar=deps.calendar,
                    rules=deps.rules,
                )
            )
        except Refused as refused:
            return await queue_page(deps, visit, request, alert=deps.sentence(refused), status=409)
        deps.wake()
        if taken is None:
            return await queue_page(deps, visit, request, alert="Tidak ada lagi yang menunggu.")
        return _to(f"/admin/tiket/{taken.number}")

    async def _ticket(self, visit: Visit, request: Request) -> Response:
        return await ticket_page(self._deps, visit, request.path_params["number"])

    async def _reveal(self, visit: Visit, request: Request, fields: dict[str, str]) -> Response:
        deps, number = self._deps, request.path_params["number"]
        now = deps.clock.now()
        await deps.store.write(lambda tx: reveals.reveal(tx, visit.officer, number, now=now))
        return _to(f"/admin/tiket/{number}")

    async def _document(self, visit: Visit, request: Request) -> Response:
        path = request.path_params
        return await document(self._deps, visit, path["number"], path["sha256"])

    async def _report(self, visit: Visit, request: Request) -> Response:
        path = request.path_params
        return await report_file(self._deps, visit, path["number"], path["variant"])

    async def _act(self, visit: Visit, request: Request, fields: dict[str, str]) -> Response:
        deps, number = self._deps, request.path_params["number"]
        name = request.path_params["action"]
        if name not in ACTIONS:
            raise NotFound("action")
        form = Form(deps, visit.officer, number, fields, deps.clock.now())
        try:
            await deps.store.write(lambda tx: act(tx, name, form))
        except Refused as refused:
            return await self._refused(visit, request, fields, refused)
        except NotFound:
            return _message(MISSING, 404, fields)
        except StoreBusy:
            return _message(BUSY, 503, fields)
        deps.wake()
        return _to("/admin/antrean" if name in LEAVING else f"/admin/tiket/{number}")

    async def _refused(
        self, visit: Visit, request: Request, fields: dict[str, str], refused: Refused
    ) -> Response:
        """A lost claim leads back to the list; anything else to the ticket with what was typed."""
        alert = self._deps.sentence(refused)
        number, name = request.path_params["number"], request.path_params["action"]
        if name == "ambil":
            return await queue_page(self._deps, visit, request, alert=alert, status=409)
        attempt = Attempt(name, alert, fields)
        return await ticket_page(self._deps, visit, number, attempt=attempt)

    async def _live(self, visit: Visit, request: Request) -> Response:
        return StreamingResponse(live_counts(self._deps, request), media_type="text/event-stream")


async def _fields(request: Request) -> dict[str, str]:
    async with request.form(
        max_files=0, max_fields=MOST_FIELDS, max_part_size=MOST_FIELD_BYTES
    ) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


def _to(address: str) -> RedirectResponse:
    return RedirectResponse(address, 303)


def _message(text: str, status: int, fields: Mapping[str, str] | None = None) -> Response:
    """A page with one sentence, and what was typed where it could not be taken."""
    return HTMLResponse(render("pesan.html", text=text, written=written(fields or {})), status)


async def _missing(request: Request, error: Exception) -> Response:
    return _message(MISSING, 404)


async def _busy(request: Request, error: Exception) -> Response:
    return _message(BUSY, 503)


async def _broken(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return _message("Permintaan ini tidak bisa dilayani.", status)
