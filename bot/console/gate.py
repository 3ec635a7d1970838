"""The gate of the console: who is signed in, and whether a form really came from our page."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.console.deps import Deps
from services import sign_in
from services.officers import Officer
from services.preferences import ORDINARY, Preferences

COOKIE = "chika_petugas"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # not no-referrer: with it browsers send "Origin: null" along with our own forms
    "Referrer-Policy": "same-origin",
}


@dataclass(frozen=True)
class Entry:
    """A line of the menu; *here* is the page that is shown."""

    word: str
    address: str
    here: bool


@dataclass(frozen=True)
class Visit:
    """A signed-in officer; *csrf* belongs into every form of the page, *menu* on its top."""

    officer: Officer
    csrf: str
    preferences: Preferences = ORDINARY
    menu: Sequence[Entry] = ()


async def visit_of(deps: Deps, request: HTTPConnection) -> Visit | None:
    """The visit behind the session cookie, None when nobody is signed in."""
    session = request.cookies.get(COOKIE, "")
    if not session:
        return None
    async with deps.store.read() as tx:
        who = await sign_in.who(tx, session, now=deps.clock.now())
    return Visit(who.officer, _csrf(deps.secret, session), who.preferences) if who else None


def is_own_form(request: Request, visit: Visit, given: str) -> bool:
    """Whether the form carries the visit's token and comes from this site."""
    return hmac.compare_digest(visit.csrf.encode(), given.encode()) and is_own_site(request)


def is_own_site(request: Request) -> bool:
    """Browsers name the origin of a post; a foreign one is refused, scripts may leave it out."""
    origin = request.headers.get("origin")
    return origin is None or origin.partition("://")[2] == request.headers.get("host")


def remember(response: Response, deps: Deps, request: Request, session: str) -> None:
    """Keep the session in the browser, out of reach of scripts and other sites."""
    response.set_cookie(
        COOKIE,
        session,
        max_age=int(sign_in.SESSION_LASTS.total_seconds()),
        path="/admin",
        httponly=True,
        samesite="lax",
        secure=deps.secure or request.url.scheme == "https",
    )


def forget(response: Response) -> None:
    response.delete_cookie(COOKIE, path="/admin")


class Guarded:
    """ASGI wrapper: every answer carries `HEADERS`, and only static files may be kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if "/static/" not in scope["path"]:
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, guarded)


def _csrf(secret: str, session: str) -> str:
    return hmac.new(secret.encode(), session.encode(), hashlib.sha256).hexdigest()
