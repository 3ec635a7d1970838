"""Signed webhooks: a body is read up to a limit, proved to be theirs, and only then looked at.

Whatever is refused is told as JSON with ``code``, ``message`` and ``fix``.
"""

from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.bounded import body_within
from bot.runtime.logger import Logger
from data.store import StoreBusy

BUSY_SECONDS = 5
"""When a delivery is welcome again that a busy store refused."""

log = Logger(__name__)


class Refused(Exception):
    """A delivery that is not taken: *code* is for programs, *message* and *fix* are for people."""

    def __init__(self, status: int, code: str, message: str, fix: str) -> None:
        super().__init__(message)
        self.status = status
        self.told = {"code": code, "message": message, "fix": fix}


Prove = Callable[[Headers, bytes], None]
"""Look at the signature of a body; raises `Refused`."""

Take = Callable[[bytes], Awaitable[Response]]
"""Store a body durably and answer; raises `Refused`, or `data.store.StoreBusy`."""


def hook(path: str, channel: str, prove: Prove, take: Take, largest: int) -> Route:
    """The route of one webhook: no byte is parsed before *prove* was content.

    A body of more than *largest* bytes gets 413 and is not read to its end; a busy store 503.
    """

    async def delivered(request: Request) -> Response:
        try:
            body = await _body(request, largest)
            prove(request.headers, body)
            return await take(body)
        except Refused as refused:
            log.warning("delivery refused", channel=channel, error=refused.told["code"])
            return JSONResponse(refused.told, refused.status)
        except StoreBusy:
            told = {
                "code": "busy",
                "message": "Nothing was stored: the database cannot be written right now.",
                "fix": f"Send the same again in {BUSY_SECONDS} seconds.",
            }
            return JSONResponse(told, 503, {"Retry-After": str(BUSY_SECONDS)})

    return Route(path, delivered, methods=["POST"])


async def _body(request: Request, largest: int) -> bytes:
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) <= largest:
        body = await body_within(request, largest)
        if body is not None:
            return body
    raise Refused(
        413,
        "too_large",
        f"One call holds at most {largest} bytes.",
        "Send fewer events in one call, and each file in a call of its own.",
    )
