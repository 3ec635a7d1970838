"""How a message goes out on Meta's networks: through the window, and in a form that is taken."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import structlog

from bot.channels.graph.answers import WINDOW_CLOSED
from bot.channels.window import Gate
from bot.runtime.messages import Outbound
from bot.runtime.ports import Unreachable

Bodies = Sequence[dict[str, Any]]
"""The parts of a message, as its network wants them posted."""

Say = Callable[[Bodies], Awaitable[str]]
"""Post the parts of a message; the reference of the last."""

log = structlog.get_logger(__name__)


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
        if refused.reason != "refused" or not (message.options or message.expects == "contact"):
            raise
    # what may not be shown there is read as numbered lines instead of not at all
    log.warning("shown without buttons", channel=chat.partition(":")[0])
    return await say(plain(message))
