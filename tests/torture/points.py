"""Where a life can be ended: seams of the product, wrapped from outside."""

import asyncio
import os
import signal
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from inspect import iscoroutinefunction
from typing import Any

ARRIVALS = (1, 2, 5, 9)


def die() -> None:
    """End this process as the machine would: nothing is flushed, nothing is closed."""
    os.kill(os.getpid(), signal.SIGKILL)


class Killer:
    """Dies at the *arrival*-th time that *point* is reached."""

    def __init__(self, point: str, arrival: int) -> None:
        self._point = point
        self._left = arrival

    def at(self, point: str) -> None:
        """This point is reached."""
        if point == self._point:
            self._left -= 1
            if self._left == 0:
                die()

    def before(self, point: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """*function*, with the point before it."""

        @wraps(function)
        def call(*args: Any, **values: Any) -> Any:
            self.at(point)
            return function(*args, **values)

        return call

    def after(self, point: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The coroutine function *function*, with the point after it, when it did something."""

        @wraps(function)
        async def call(*args: Any, **values: Any) -> Any:
            result = await function(*args, **values)
            if result:
                self.at(point)
            return result

        return call

    def when_done(self, point: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """*function*, a coroutine function on one engine only, with the point after it."""
        if iscoroutinefunction(function):
            return self.after(point, function)

        @wraps(function)
        def call(*args: Any, **values: Any) -> Any:
            result = function(*args, **values)
            self.at(point)
            return result

        return call


def plant(killer: Killer, store: Any) -> None:
    """Put the points of the store and of the turn into this process."""
    turns: Any = import_module("bot.runtime.turns")
    turns.turn = killer.before("turn begun", turns.turn)
    turns.messages = killer.before("facts carried out", turns.messages)
    for engine in ("data.sqlite", "data.postgres"):
        module: Any = import_module(engine)
        module.run_turns = killer.when_done("turn written", module.run_turns)
        module.receive = killer.when_done("turn written", module.receive)
    store.ingest = killer.after("ingested", store.ingest)
    store.receive = killer.after("received", store.receive)
    store.turns = killer.after("turn committed", store.turns)
    store.claim_sends = killer.after("sending marked", store.claim_sends)
    store.sent = _around(killer, store.sent)
    store.fetched = killer.before("file fetched", store.fetched)


def _around(killer: Killer, sent: Callable[..., Any]) -> Callable[..., Any]:
    async def recorded(stored: asyncio.Future[None]) -> None:
        await stored
        killer.at("recorded")

    def call(*given: Any, **how: Any) -> asyncio.Future[None]:
        killer.at("about to record")
        return asyncio.ensure_future(recorded(sent(*given, **how)))

    return call


def plant_in_migrations(killer: Killer) -> None:
    """Every statement of a migration is an arrival."""
    import sqlalchemy

    def reached(*_: Any) -> None:
        killer.at("migrating")

    sqlalchemy.event.listen(sqlalchemy.Engine, "before_cursor_execute", reached)


POINTS = (
    "ingested",
    "before the acknowledgement",
    "acknowledged",
    "turn begun",
    "facts carried out",
    "turn written",
    "turn committed",
    "provider called",
    "about to record",
    "recorded",
    "fetching",
    "file fetched",
)
"""Every point of a message's way, in its order; *migrating* and *sending marked*, which only a
message of a dead process meets, have tests of their own."""

AT_ONCE = (
    "turn begun",
    "facts carried out",
    "turn written",
    "received",
    "before the acknowledgement",
    "acknowledged",
    "provider called",
    "about to record",
    "recorded",
)
"""The points of a message that has its turn as it arrives."""
