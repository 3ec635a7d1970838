"""Pages that listen for news for as long as they are open are let go when the process stops."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

STREAM = (b"content-type", b"text/event-stream")


class Hangup:
    """ASGI wrapper that ends live answers when *stopping* is set; browsers come back by themselves.

    Without it every stop would wait its whole time of grace for them.
    """

    def __init__(self, app: ASGIApp, stopping: asyncio.Event) -> None:
        self._app = app
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        watch: asyncio.Task[None] | None = None
        page = asyncio.current_task()

        async def watched(message: Message) -> None:
            nonlocal watch
            await send(message)
            if page is not None and _begins_stream(message):
                watch = asyncio.create_task(self._end(page))

        try:
            await self._app(scope, receive, watched)
        except asyncio.CancelledError:
            if not self._stopping.is_set():
                raise
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            if watch is not None:
                watch.cancel()

    async def _end(self, page: "asyncio.Task[object]") -> None:
        await self._stopping.wait()
        page.cancel()


def _begins_stream(message: Message) -> bool:
    return message["type"] == "http.response.start" and any(
        name == STREAM[0] and value.startswith(STREAM[1]) for name, value in message["headers"]
    )
