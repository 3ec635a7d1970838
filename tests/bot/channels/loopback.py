"""ASGI applications on a loopback port that the system picks."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

SECONDS_TO_END = 1.0


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """The address of *app* while it is served; whatever is still being answered is cancelled.

    The steps of `uvicorn.Server.serve` without its pauses, which are longer than most tests.
    """
    settings = uvicorn.Config(app, log_level="error", lifespan="off", ws="none")
    settings.load()
    server = uvicorn.Server(settings)
    server.lifespan = settings.lifespan_class(settings)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        await server.startup(sockets=[listener])
        await server.on_tick(0)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            await _stopped(server)


async def _stopped(server: uvicorn.Server) -> None:
    for listening in server.servers:
        listening.close()
    answers = set(server.server_state.tasks)
    for answer in answers:
        answer.cancel()
    if answers:
        await asyncio.wait(answers, timeout=SECONDS_TO_END)
    for connection in list(server.server_state.connections):
        connection.transport.close()
