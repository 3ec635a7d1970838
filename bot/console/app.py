"""The console under ``/admin``: its doors, and what becomes of refusals and errors."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.console import (
    calendar_change,
    calendar_page,
    dashboard_page,
    documents,
    entrance,
    export_page,
    flows_page,
    live,
    presence,
    profile_page,
    queue_page,
    quick_replies_page,
    report_file,
    second_step_page,
    staff_page,
    system_page,
    telegram_page,
    ticket_forms,
    ticket_page,
    trail_page,
    unsent_page,
)
from bot.console.answers import BUSY, MISSING, message, on_to
from bot.console.deps import Deps
from bot.console.doors import Door, OpenDoor
from bot.console.gate import Guarded, Visit, is_own_form, is_own_site, visit_of
from bot.console.menu import menu_of
from data.store import StoreBusy
from services import sessions
from services.officers import check
from services.refusals import NotFound

STATIC = Path(__file__).parent / "static"
AS_THEY_ARE = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/pdf")
"""Types of content that compressing would not make smaller."""
EFFORT = 6
"""Of 9, with which a page would be a hundredth smaller and take twice the time."""
MOST_FIELD_BYTES = 64_000
MOST_FIELDS = 60

NOTED = timedelta(minutes=1)
"""How exactly it is known when an officer last did something."""
FIRST: Mapping[str, str] = {
    "password": "/admin/profil/sandi",
    "second_step": "/admin/profil/langkah-kedua",
}
"""Where a visit goes that is wanting something."""

Endpoint = Callable[[Request], Awaitable[Response]]

DOORS: tuple[Door, ...] = (
    *queue_page.DOORS,
    *ticket_page.DOORS,
    *documents.DOORS,
    *report_file.DOORS,
    *presence.DOORS,
    *unsent_page.DOORS,
    *quick_replies_page.DOORS,
    *ticket_forms.DOORS,
    *dashboard_page.DOORS,
    *export_page.DOORS,
    *trail_page.DOORS,
    *flows_page.DOORS,
    *system_page.DOORS,
    *live.DOORS,
    *calendar_page.DOORS,
    *calendar_change.DOORS,
    *staff_page.DOORS,
    *profile_page.DOORS,
    *telegram_page.DOORS,
    *second_step_page.DOORS,
    *entrance.DOORS,
)
"""Every door that needs a signed-in officer; the first that fits an address answers."""


def console_routes(deps: Deps) -> list[BaseRoute]:
    """The routes to mount at the root of the site."""

    app = Starlette(
        routes=[
            *(route for door in entrance.OPEN for route in _open_routes(deps, door)),
            *(_route(deps, door) for door in DOORS),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[
            Middleware(GZipMiddleware, compresslevel=EFFORT, exclude_content_types=AS_THEY_ARE),
            Middleware(Guarded, secure=deps.secure),
        ],
        exception_handlers={
            404: _missing,
            NotFound: _missing,
            StoreBusy: _busy,
            HTTPException: _broken,
            Exception: _broken,
        },
    )
    return [Mount("/admin", app=app)]


def _open_routes(deps: Deps, door: OpenDoor) -> list[Route]:
    async def shown(request: Request) -> Response:
        return await door.show(deps, request)

    async def taken(request: Request) -> Response:
        fields = await _fields(request)
        if not is_own_site(request):
            return message("Halaman masuk harus dibuka dari alamatnya sendiri.", 403)
        return await door.take(deps, request, fields)

    return [Route(door.path, shown, methods=["GET"]), Route(door.path, taken, methods=["POST"])]


def _route(deps: Deps, door: Door) -> Route:
    if door.show is not None:
        return Route(door.path, _shown(deps, door), methods=["GET"])
    return Route(door.path, _taken(deps, door), methods=["POST"])


def _shown(deps: Deps, door: Door) -> Endpoint:
    show = door.show
    assert show is not None

    async def endpoint(request: Request) -> Response:
        visit = await _visit(deps, door, request)
        return visit if isinstance(visit, Response) else await show(deps, visit, request)

    return endpoint


def _taken(deps: Deps, door: Door) -> Endpoint:
    take = door.take
    assert take is not None

    async def endpoint(request: Request) -> Response:
        visit = await _visit(deps, door, request)
        if isinstance(visit, Response):
            return visit
        fields = await _fields(request)
        if not is_own_form(request, visit, fields.get("csrf", "")):
            own = fields if is_own_site(request) else {}
            return message("Halaman ini tidak berlaku lagi. Buka sekali lagi.", 403, own)
        return await take(deps, visit, request, fields)

    return endpoint


async def _visit(deps: Deps, door: Door, request: Request) -> Visit | Response:
    """The visit, or where it must go first; raises `NotFound` for a door that is not the officer's.

    This is the one place that asks for the right of a page.
    """
    visit = await visit_of(deps, request)
    if visit is None:
        return on_to("/admin/masuk")
    check(visit.officer, door.needs)
    if visit.wanting and not door.cures:
        return on_to(FIRST[visit.wanting])
    if not door.passive:
        await _seen(deps, visit, request)
    return replace(visit, menu=menu_of(DOORS, visit.officer, door.path))


async def _seen(deps: Deps, visit: Visit, request: Request) -> None:
    """Note that the officer did something; what the page fetches by itself is no deed."""
    fetched = request.headers.get("sec-fetch-dest", "document") != "document"
    now = deps.clock.now()
    if (fetched and request.method == "GET") or (visit.seen_at and now - visit.seen_at < NOTED):
        return
    with suppress(StoreBusy):  # the next deed is noted then
        await deps.store.write(lambda tx: sessions.touch(tx, visit.officer, visit.session, now=now))


async def _fields(request: Request) -> dict[str, str]:
    async with request.form(
        max_files=0, max_fields=MOST_FIELDS, max_part_size=MOST_FIELD_BYTES
    ) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


async def _missing(request: Request, error: Exception) -> Response:
    return message(MISSING, 404)


async def _busy(request: Request, error: Exception) -> Response:
    return message(BUSY, 503)


async def _broken(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return message("Permintaan ini tidak bisa dilayani.", status)
