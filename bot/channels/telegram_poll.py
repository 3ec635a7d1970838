"""Polling: our own getUpdates loop on raw JSON, which moves on only after the durable commit.

A library's own polling acknowledges before anything is stored, and asks for ever for the same
batch when one update in it cannot be read.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError, TelegramRetryAfter
from aiogram.methods import DeleteWebhook, TelegramMethod

from bot.channels.telegram_decode import ALLOWED_UPDATES, number_of

WAIT_FOR_NEWS = 25
"""Seconds that Telegram keeps one request open when there is nothing new."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds between tries after trouble: doubled each time, up to the longest."""

log = structlog.get_logger(__name__)

Take = Callable[[Sequence[Any]], Awaitable[None]]
"""Store raw updates durably; raises `data.store.StoreBusy` when it could not."""

Pause = Callable[[float], Awaitable[None]]


class GetRawUpdates(TelegramMethod[list[Any]]):
    """getUpdates without reading what is in the updates."""

    __returning__: ClassVar[Any] = list[Any]
    __api_method__: ClassVar[str] = "getUpdates"

    offset: int | None = None
    timeout: int = WAIT_FOR_NEWS
    allowed_updates: list[str] = ALLOWED_UPDATES


async def poll(bot: Bot, take: Take, *, pause: Pause = asyncio.sleep) -> None:
    """Hand every update to *take*, in order, until cancelled. Trouble is waited out."""
    offset: int | None = None
    troubles = 0
    while True:
        try:
            if offset is None:
                await bot(DeleteWebhook())  # Telegram refuses getUpdates while a webhook is set
            raws = await bot(GetRawUpdates(offset=offset), request_timeout=WAIT_FOR_NEWS + 15)
            if raws:
                await take(raws)
            # One past the newest; before the first news, 0 asks for all that is kept for us.
            offset = max([(offset or 0), *(number_of(raw) + 1 for raw in raws)])
            troubles = 0
        except Exception as problem:
            # Whatever it was, the people who write to us must be heard again.
            seconds = _seconds(problem, troubles)
            troubles += 1
            if isinstance(problem, TelegramConflictError):
                log.error("another process polls with this token", again_in=seconds)
            else:
                log.warning("polling failed", error=type(problem).__name__, again_in=seconds)
            await pause(seconds)


def _seconds(problem: Exception, troubles: int) -> float:
    if isinstance(problem, TelegramRetryAfter):
        return float(problem.retry_after)
    return min(FIRST_PAUSE * 2.0 ** min(troubles, 10), LONGEST_PAUSE)
