"""What becomes of an error in a page: the log gets its kind and place, the reader a sentence."""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.runtime.logger import Logger
from bot.runtime.trouble import told

SORRY = "Ada gangguan di sistem kami. Coba lagi sebentar."

log = Logger(__name__)


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
            log.error("page failed", **told(problem))
            if not begun:
                await PlainTextResponse(SORRY, 500)(scope, receive, send)
