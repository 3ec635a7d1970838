"""What becomes of an error in a page: the log gets its kind and place, the reader a sentence."""

import traceback
from pathlib import Path

import structlog
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SORRY = "Ada gangguan di sistem kami. Coba lagi sebentar."

log = structlog.get_logger(__name__)


class Mishaps:
    """ASGI wrapper around everything that is served.

    A server would log an error with its message, and messages quote what people wrote.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as problem:
            log.error("page failed", error=type(problem).__name__, where=_where(problem))
            if not begun:
                await PlainTextResponse(SORRY, 500)(scope, receive, send)


def _where(problem: Exception) -> str:
    """The innermost place of *problem*, such as ``ticket_page.py:81``."""
    [*_, innermost] = traceback.extract_tb(problem.__traceback__)
    return f"{Path(innermost.filename).name}:{innermost.lineno}"
