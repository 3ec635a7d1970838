"""How a message goes out on Meta's networks: through the window, and in a form that is taken."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.channels.graph.answers import REFUSED, WINDOW_CLOSED
from bot.channels.window import Gate
from bot.runtime.logger import Logger
from bot.runtime.messages import Outbound
from bot.runtime.ports import Unreachable

Body = dict[str, Any]
Bodies = Sequence[Body]
"""The parts of a message, as its network wants them posted."""

Say = Callable[[Bodies], Awaitable[str]]
"""Post the parts of a message; the reference of the last."""

Post = Callable[[Body, bool], Awaitable[str]]
"""Post one part, and whether it is the last one; its reference."""

KEPT = 1000
"""Messages of which it is remembered how much was taken, before the first is forgotten."""

log = Logger(__name__)


class Taken:
    """What was taken of messages that are tried again: nobody is to read it at each try.

    In memory alone: after a restart, or in another process, a message begins anew.
    """

    def __init__(self) -> None:
        self._parts: dict[int, Bodies] = {}

    async def say(self, row: int, bodies: Bodies, post: Post) -> str:
        """Post what was not taken yet of *bodies*, the outbox's *row*; the reference of the last.

        A message that its window shuts in begins anew: it is read hours later.
        """
        taken = self._parts.pop(row, ())
        done = 0
        while done < min(len(taken), len(bodies) - 1) and taken[done] == bodies[done]:
            done += 1
        try:
            for body in bodies[done:-1]:
                await post(body, False)
                done += 1
            return await post(bodies[-1], True)
        except Exception as problem:
            if not (isinstance(problem, Unreachable) and problem.reason == WINDOW_CLOSED):
                self._keep(row, bodies[:done])
            raise

    def _keep(self, row: int, parts: Bodies) -> None:
        if row and parts:
            self._parts[row] = parts
        if len(self._parts) > KEPT:
            del self._parts[next(iter(self._parts))]


async def through(
    gate: Gate,
    chat: str,
    message: Outbound,
    say: Say,
    bodies: Bodies,
    plain: Callable[[Outbound], Bodies],
) -> str:
    """Say *message* as *bodies*, or as it is *plain* where those are refused for their buttons.

    Raises as `bot.runtime.ports.Channel.send` does.
    """
    window = await gate.check(chat, message)
    try:
        return await say(bodies)
    except Unreachable as refused:
        if refused.reason == WINDOW_CLOSED:
            await gate.shut(chat, message, window)
        if refused.reason != REFUSED or not (message.options or message.expects == "contact"):
            raise
    # what may not be shown there is read as numbered lines instead of not at all
    log.warning("shown without buttons", channel=chat.partition(":")[0])
    return await say(plain(message))
