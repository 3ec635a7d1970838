"""After a tap: the button stops waiting, and its message is closed once (ux.md 1.3.25).

All of it is courtesy: nothing here may fail a turn, and nothing is tried twice.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import structlog
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

from bot.channels.button_data import read_data

CHATS_REMEMBERED = 10_000

log = structlog.get_logger(__name__)

Courtesy = TelegramMethod[Any]


class NewestQuestions:
    """The serial of the newest question of each chat that was written to lately.

    A tap under that question is the answer to it; any other tap came too late, or we do not know.
    """

    def __init__(self, room: int = CHATS_REMEMBERED) -> None:
        self._puts: OrderedDict[str, int] = OrderedDict()
        self._room = room

    def asked(self, chat: str, put: int) -> None:
        """A message with the question *put* was sent to *chat*."""
        if put:
            self._puts[chat] = put
            self._puts.move_to_end(chat)
            if len(self._puts) > self._room:
                self._puts.popitem(last=False)

    def is_newest(self, chat: str, put: int) -> bool:
        """Tell whether *put* is the question on the table in *chat*."""
        return self._puts.get(chat) == put


@dataclass(frozen=True)
class Tap:
    """A pressed button, and whether it answered the question on the table."""

    query: CallbackQuery
    fresh: bool


def taps(raws: Iterable[Any], newest: NewestQuestions) -> list[Tap]:
    """The taps among raw updates; looked at before their turns ask the next question."""
    found: list[Tap] = []
    for raw in raws:
        if isinstance(raw, dict) and raw.get("callback_query"):
            try:
                query = CallbackQuery.model_validate(raw["callback_query"])
            except ValidationError:
                continue  # decoding has put it among the dead letters
            _, put = read_data(query.data or "")
            found.append(Tap(query, newest.is_newest(f"telegram:{query.from_user.id}", put)))
    return found


def courtesies(tap: Tap) -> list[Courtesy]:
    """What to ask of Telegram: end the wait, then close the message.

    The choice is written under its question only when the question took it.
    """
    query = tap.query
    asked: list[Courtesy] = [AnswerCallbackQuery(callback_query_id=query.id)]
    message = query.message
    if not isinstance(message, Message) or message.reply_markup is None:
        return asked
    where: dict[str, Any] = {"chat_id": message.chat.id, "message_id": message.message_id}
    label = _label(message, query.data)
    if tap.fresh and label and message.text:
        text = f"{message.text}\n✓ {label}"
        asked.append(EditMessageText(**where, text=text, entities=message.entities))
    else:
        asked.append(EditMessageReplyMarkup(**where))
    return asked


async def attend(bot: Bot, tap: Tap) -> None:
    """Carry out the courtesies of one tap; refusals are only counted in the log."""
    for courtesy in courtesies(tap):
        try:
            await bot(courtesy)
        except AiogramError as problem:
            log.info("tap", request=courtesy.__api_method__, error=type(problem).__name__)


def _label(message: Message, data: str | None) -> str | None:
    rows = message.reply_markup.inline_keyboard if message.reply_markup else []
    return next(
        (button.text for row in rows for button in row if button.callback_data == data), None
    )
