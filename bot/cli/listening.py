"""Listening: the port is taken first, then uvicorn serves on it until it is told to stop."""

import contextlib
import errno
import socket
from collections.abc import Awaitable, Callable

import uvicorn
from starlette.types import ASGIApp

from bot.config.settings import Web

GRACE = 3
"""Seconds that requests under way get at a stop."""


class CannotListen(Exception):
    """The address cannot be listened on; says why and what to do."""


def listener(web: Web) -> socket.socket:
    """A socket that listens where *web* says; raises `CannotListen`."""
    family = socket.AF_INET6 if ":" in web.host else socket.AF_INET
    try:
        return socket.create_server((web.host, web.port), family=family, backlog=2048)
    except OSError as problem:
        reason, fix = "", "check web.host in config.yaml"
        if problem.errno == errno.EADDRINUSE:
            reason, fix = "another program has it", "end that one, or choose another: --port 9000"
        elif problem.errno == errno.EACCES:
            reason, fix = "it needs special rights", "choose a port from 1024 on: --port 9000"
        said = reason or str(problem.strerror).partition(" (")[0]
        raise CannotListen(f"port {web.port} of {web.host}: {said}; {fix}") from None


class Server(uvicorn.Server):
    """uvicorn that tells when it serves, and leaves signals and logs to us."""

    def __init__(self, app: ASGIApp, listening: Callable[[], Awaitable[None]]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=GRACE,
            )
        )
        self._listening = listening

    # uvicorn would raise a signal again after its own stop, before ours has ended
    capture_signals = contextlib.nullcontext  # type: ignore[assignment]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        await self._listening()
