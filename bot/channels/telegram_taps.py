"""After a tap: the button stops waiting, and its message is closed once (ux.md 1.3.25).

All of it is courtesy: nothing here may fail a turn, and nothing is tried twice.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from aiogram import Bot
from aiogram.exceptions import AiogramError
from aiogram.methods import (
    AnswerCallbackQuery,
    EditMessageReplyMarkup,
    EditMessageText,
    TelegramMethod,
)
from aiogram.types import CallbackQuery, Message
from pydantic import ValidationError

from bot.channels import layout
from bot.channels.button_data import read_data
from bot.channels.telegram_decode import CHANNEL
from bot.runtime.logger import Logger
from bot.runtime.question import OnTable

log = Logger(__name__)

Courtesy = TelegramMethod[Any]


class Tap(msgspec.Struct, frozen=True):
    """A pressed button, and whether it answered the question on the table."""

    query: CallbackQuery
    fresh: bool


async def taps(raws: Sequence[Any], on_table: OnTable) -> list[Tap]:
    """The taps among raw updates; looked at before their turns ask the next question."""
    found: list[Tap] = []
    for raw in raws:
        if isinstance(raw, dict) and raw.get("callback_query"):
            try:
                query = CallbackQuery.model_validate(raw["callback_query"])
            except ValidationError:
                continue  # decoding has put it among the dead letters
            found.append(Tap(query, await _is_fresh(query, on_table)))
    return found


async def _is_fresh(query: CallbackQuery, on_table: OnTable) -> bool:
    _, put = read_data(query.data or "")
    try:
        return put > 0 and put == await on_table(f"{CHANNEL}:{query.from_user.id}")
    except Exception as problem:
        log.info("courtesy", error=type(problem).__name__)
        return False  # then no choice is claimed


def courtesies(tap: Tap) -> list[Courtesy]:
    """What to ask of Telegram: end the wait, then close the message.

    The choice is written under its question only when that was on the table, and has room for it.
    """
    query = tap.query
    asked: list[Courtesy] = [AnswerCallbackQuery(callback_query_id=query.id)]
    message = query.message
    if not isinstance(message, Message) or message.reply_markup is None:
        return asked
    where: dict[str, Any] = {"chat_id": message.chat.id, "message_id": message.message_id}
    label = _label(message, query.data)
    text = f"{message.text}\n✓ {label}"
    if tap.fresh and message.text and label and len(text) <= layout.LONGEST_TEXT:
        asked.append(EditMessageText(**where, text=text, entities=message.entities))
    else:
        asked.append(EditMessageReplyMarkup(**where))
    return asked


async def attend(bot: Bot, requests: Sequence[Courtesy]) -> None:
    """Carry out courtesies; refusals are only counted in the log."""
    for courtesy in requests:
        try:
            await bot(courtesy)
        except AiogramError as problem:
            log.info("courtesy", request=courtesy.__api_method__, error=type(problem).__name__)


def _label(message: Message, data: str | None) -> str:
    rows = message.reply_markup.inline_keyboard if message.reply_markup else []
    return next((button.text for row in rows for button in row if button.callback_data == data), "")
