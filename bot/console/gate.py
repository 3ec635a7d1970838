"""The gate of the console: who is signed in, and whether a form really came from our page."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import msgspec
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.console.deps import Deps
from services import sessions
from services.officers import Officer
from services.preferences import ORDINARY, Preferences
from services.sessions import Wanting

COOKIE = "chika_petugas"
HOST_COOKIE = f"__Host-{COOKIE}"
"""Its name where there is https: browsers take it from this host alone, for all of it."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Content-Type-Options": "nosniff",
    # not no-referrer: with it browsers send "Origin: null" along with our own forms
    "Referrer-Policy": "same-origin",
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


class Entry(msgspec.Struct, frozen=True):
    """A line of the menu; *here* is the page that is shown."""

    word: str
    address: str
    here: bool


@dataclass(frozen=True)
class Visit:
    """A signed-in officer; *csrf* belongs into every form of the page, *menu* on its top.

    *session* is the token in the cookie, *seen_at* when the officer last did something in it,
    *wanting* what must be seen to first. *has_password* and *totp_secret* say how they sign in.
    """

    officer: Officer
    csrf: str
    preferences: Preferences = ORDINARY
    menu: Sequence[Entry] = ()
    session: str = field(default="", repr=False)
    seen_at: datetime | None = None
    wanting: Wanting = ""
    has_password: bool = False
    totp_secret: str = field(default="", repr=False)


async def visit_of(deps: Deps, request: HTTPConnection) -> Visit | None:
    """The visit behind the session cookie, None when nobody is signed in."""
    session = session_of(deps, request)
    if not session:
        return None
    now = deps.clock.now()
    asked = partial(sessions.who, session=session, now=now, rules=deps.accounts)
    who = await deps.store.glance(asked)
    if who is None:
        return None
    return Visit(
        officer=who.officer,
        csrf=_csrf(deps.secret, session),
        preferences=who.preferences,
        session=session,
        seen_at=who.seen_at,
        wanting=who.wanting,
        has_password=who.has_password,
        totp_secret=who.totp_secret,
    )


def session_of(deps: Deps, request: HTTPConnection) -> str:
    """The token of the session in the browser, '' for none."""
    return request.cookies.get(HOST_COOKIE if is_secure(deps, request) else COOKIE, "")


def is_secure(deps: Deps, request: HTTPConnection) -> bool:
    """Whether the browser reaches us by https."""
    return deps.secure or request.scope.get("scheme") == "https"


def is_own_form(request: Request, visit: Visit, given: str) -> bool:
    """Whether the form carries the visit's token and comes from this site."""
    return hmac.compare_digest(visit.csrf.encode(), given.encode()) and is_own_site(request)


def is_own_site(request: Request) -> bool:
    """Browsers name the origin of a post; a foreign one is refused, scripts may leave it out."""
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host")


def remember(response: Response, deps: Deps, request: Request, session: str) -> None:
    """Keep the session in the browser, out of reach of scripts and other sites."""
    secure = is_secure(deps, request)
    response.set_cookie(
        HOST_COOKIE if secure else COOKIE,
        session,
        max_age=int(deps.accounts.session.total_seconds()),
        path="/" if secure else "/admin",
        httponly=True,
        samesite="lax",
        secure=secure,
    )


def forget(response: Response, deps: Deps, request: Request) -> None:
    """Take the session out of the browser."""
    secure = is_secure(deps, request)
    response.delete_cookie(
        HOST_COOKIE if secure else COOKIE, path="/" if secure else "/admin", secure=secure
    )


class Guarded:
    """ASGI wrapper: every answer carries `HEADERS`, and only static files may be kept."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._secure = secure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        secure = self._secure or scope.get("scheme") == "https"
        wanted = HEADERS | HTTPS_ONLY if secure else HEADERS

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in wanted.items():
                    headers.setdefault(name, value)
                if "/static/" not in scope["path"]:
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, guarded)


def _csrf(secret: str, session: str) -> str:
    return hmac.new(secret.encode(), session.encode(), hashlib.sha256).hexdigest()
