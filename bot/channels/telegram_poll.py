"""The line of the participants' bot: getUpdates by aiogram, without reading what is in them."""

from collections.abc import Sequence
from typing import Any, ClassVar

from aiogram import Bot
from aiogram.exceptions import TelegramConflictError, TelegramRetryAfter
from aiogram.methods import DeleteWebhook, TelegramMethod

from bot.channels.polling import WAIT_FOR_NEWS
from bot.channels.telegram_decode import ALLOWED_UPDATES


class GetRawUpdates(TelegramMethod[list[Any]]):
    """getUpdates without reading what is in the updates."""

    __returning__: ClassVar[Any] = list[Any]
    __api_method__: ClassVar[str] = "getUpdates"

    offset: int | None = None
    timeout: int = WAIT_FOR_NEWS
    allowed_updates: list[str] = ALLOWED_UPDATES


class AiogramLine:
    """A `bot.channels.polling.Line` by aiogram."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def begin(self) -> None:
        await self._bot(DeleteWebhook())

    async def ask(self, offset: int | None) -> Sequence[Any]:
        return await self._bot(GetRawUpdates(offset=offset), request_timeout=WAIT_FOR_NEWS + 15)

    def wait(self, problem: Exception) -> float | None:
        return float(problem.retry_after) if isinstance(problem, TelegramRetryAfter) else None

    def is_rival(self, problem: Exception) -> bool:
        return isinstance(problem, TelegramConflictError)
