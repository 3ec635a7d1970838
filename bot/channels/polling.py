"""Polling Telegram: a loop on raw JSON, which moves on only after the durable commit.

A library's own polling acknowledges before anything is stored, and asks for ever for the same
batch when one update in it cannot be read.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Protocol

from bot.channels.raw_updates import next_offset
from bot.runtime.logger import Logger

WAIT_FOR_NEWS: Final = 25
"""Seconds that Telegram keeps one request open when there is nothing new."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between tries after trouble: doubled each time, up to the longest."""

PAUSE_OF_RIVALS: Final = 30.0
"""Seconds before the next try when somebody else polls with our token, or has set a webhook.

Each try of one ends that of the other: what one hears the other does not.
"""

log = Logger(__name__)

Take = Callable[[Sequence[Any]], Awaitable[None]]
"""Store raw updates durably; raises `data.store.StoreBusy` when it could not."""

Pause = Callable[[float], Awaitable[None]]


class Line(Protocol):
    """One bot's line to Telegram, by whichever library."""

    async def begin(self) -> None:
        """Make ready; Telegram refuses getUpdates while a webhook is set."""

    async def ask(self, offset: int | None) -> Sequence[Any]:
        """The raw updates from *offset* on; what is before it is acknowledged."""

    def wait(self, problem: Exception) -> float | None:
        """How many seconds Telegram itself wants us to wait, None when it did not say."""

    def is_rival(self, problem: Exception) -> bool:
        """Whether somebody who is none of our processes uses this token."""


async def poll(line: Line, take: Take, *, pause: Pause = asyncio.sleep) -> None:
    """Hand every update to *take*, in order, until cancelled. Trouble is waited out."""
    offset: int | None = None
    troubles = 0
    while True:
        try:
            if offset is None:
                await line.begin()
            raws = await line.ask(offset)
            if raws:
                await take(raws)
            offset = next_offset(offset, raws)
            troubles = 0
        except Exception as problem:
            # Whatever it was, the people who write to us must be heard again.
            told = line.wait(problem)
            seconds = min(FIRST_PAUSE * 2.0 ** min(troubles, 10), LONGEST_PAUSE)
            seconds = seconds if told is None else told
            troubles += 1
            if line.is_rival(problem):
                seconds = PAUSE_OF_RIVALS
                log.error("somebody else uses this token", again_in=seconds)
            else:
                log.warning("polling failed", error=type(problem).__name__, again_in=seconds)
            await pause(seconds)
