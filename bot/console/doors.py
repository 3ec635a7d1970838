"""Doors: the pages and forms of the console, each declared by the module that answers it."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from bot.console.deps import Deps
from bot.console.gate import Visit
from services.rights import STRICTEST, Right

Show = Callable[[Deps, Visit, Request], Awaitable[Response]]
"""Answers a signed-in officer who asks for a page."""

Take = Callable[[Deps, Visit, Request, dict[str, str]], Awaitable[Response]]
"""Answers a signed-in officer who posted the fields of a form of ours."""


class Door(NamedTuple):
    """An address below ``/admin`` and what answers there: *show* a page, or *take* a form.

    Only who has the right *needs* finds it. *menu* is its word in the menu, '' for none. One that
    *cures* is open while the visit is wanting something: there it is seen to, or left.
    To one that is *passive* the page posts by itself: it is no deed of the officer.
    """

    path: str
    show: Show | None = None
    take: Take | None = None
    needs: Right = STRICTEST
    menu: str = ""
    cures: bool = False
    passive: bool = False


class OpenDoor(NamedTuple):
    """An address that answers without a session, to a GET and to a POST from our own site."""

    path: str
    show: Callable[[Deps, Request], Awaitable[Response]]
    take: Callable[[Deps, Request, dict[str, str]], Awaitable[Response]]


def page(
    path: str, show: Show, needs: Right = STRICTEST, menu: str = "", *, cures: bool = False
) -> Door:
    """A page: a GET of *path*."""
    return Door(path, show=show, needs=needs, menu=menu, cures=cures)


def form(
    path: str,
    take: Take,
    needs: Right = STRICTEST,
    *,
    cures: bool = False,
    passive: bool = False,
) -> Door:
    """A form: a POST to *path*, which came from a page of this visit."""
    return Door(path, take=take, needs=needs, cures=cures, passive=passive)
