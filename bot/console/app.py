"""The console under ``/admin``: its doors, and what becomes of refusals and errors."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
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
    live,
    presence,
    queue_page,
    quick_replies_page,
    report_file,
    ticket_forms,
    ticket_page,
    trail_page,
    unsent_page,
)
from bot.console.answers import BUSY, MISSING, message, on_to
from bot.console.deps import Deps
from bot.console.doors import Door
from bot.console.gate import Guarded, Visit, is_own_form, is_own_site, visit_of
from bot.console.menu import menu_of
from data.store import StoreBusy
from services.officers import check
from services.refusals import NotFound

STATIC = Path(__file__).parent / "static"
AS_THEY_ARE = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/pdf")
"""Types of content that compressing would not make smaller."""
MOST_FIELD_BYTES = 64_000
MOST_FIELDS = 20

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
    *live.DOORS,
    *calendar_page.DOORS,
    *calendar_change.DOORS,
    *entrance.DOORS,
)
"""Every door that needs a signed-in officer; the first that fits an address answers."""


def console_routes(deps: Deps) -> list[BaseRoute]:
    """The routes to mount at the root of the site."""

    async def sign_in_page(request: Request) -> Response:
        return await entrance.sign_in_page(deps, request)

    async def take_sign_in(request: Request) -> Response:
        return await entrance.take_sign_in(deps, request, await _fields(request))

    app = Starlette(
        routes=[
            Route("/masuk", sign_in_page, methods=["GET"]),
            Route("/masuk", take_sign_in, methods=["POST"]),
            *(_route(deps, door) for door in DOORS),
            Mount("/static", StaticFiles(directory=STATIC)),
        ],
        middleware=[
            Middleware(GZipMiddleware, exclude_content_types=AS_THEY_ARE),
            Middleware(Guarded),
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


def _route(deps: Deps, door: Door) -> Route:
    if door.show is not None:
        return Route(door.path, _shown(deps, door), methods=["GET"])
    return Route(door.path, _taken(deps, door), methods=["POST"])


def _shown(deps: Deps, door: Door) -> Endpoint:
    show = door.show
    assert show is not None

    async def endpoint(request: Request) -> Response:
        visit = await _visit(deps, door, request)
        return await show(deps, visit, request) if visit else on_to("/admin/masuk")

    return endpoint


def _taken(deps: Deps, door: Door) -> Endpoint:
    take = door.take
    assert take is not None

    async def endpoint(request: Request) -> Response:
        visit = await _visit(deps, door, request)
        if visit is None:
            return on_to("/admin/masuk")
        fields = await _fields(request)
        if not is_own_form(request, visit, fields.get("csrf", "")):
            own = fields if is_own_site(request) else {}
            return message("Halaman ini tidak berlaku lagi. Buka sekali lagi.", 403, own)
        return await take(deps, visit, request, fields)

    return endpoint


async def _visit(deps: Deps, door: Door, request: Request) -> Visit | None:
    """The visit, None without a session; raises `NotFound` for a door that is not the officer's."""
    visit = await visit_of(deps, request)
    if visit is None:
        return None
    check(visit.officer, door.needs)
    return replace(visit, menu=menu_of(DOORS, visit.officer, door.path))


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
