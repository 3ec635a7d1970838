"""Messages as Bot API requests (pure), and what Telegram's refusals mean for the outbox."""

import html
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import Response, SendMessage, TelegramMethod
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from aiohttp import ClientConnectorError

from bot.channels import layout
from bot.channels.offer import choices, columns
from bot.channels.posting import DOWN
from bot.runtime.messages import Outbound
from bot.runtime.ports import Failing, Throttled, Uncertain, Unreachable
from forms.language import Words, words

Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove

PAUSE_UNCONNECTED = 3.0
"""Seconds before the next try when Telegram could not be reached at all."""

PAUSE_REFUSED_TOKEN = 60.0
"""Seconds before the next try when Telegram does not know our token: somebody must repair it."""


def number_of(chat: str) -> int:
    """Telegram's number of a chat of ours, ``telegram:81``."""
    return int(chat.partition(":")[2])


def is_group(chat: str) -> bool:
    """Whether several people read *chat*: such chats have negative numbers."""
    return number_of(chat) < 0


def requests(chat: str, message: Outbound, contact_label: Words) -> list[SendMessage]:
    """The requests that show *message*: one, or more for a text above the limit.

    The keyboard hangs under the last part.
    """
    said = [
        SendMessage(
            chat_id=number_of(chat),
            text=layout.marked(part, _escape, lambda run: f"<b>{run}</b>"),
            parse_mode="HTML",
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        for part in layout.parts(message.text)
    ]
    said[-1].reply_markup = keyboard(message, contact_label)
    return said


def keyboard(message: Outbound, contact_label: Words) -> Keyboard:
    """Inline buttons; a reply keyboard only where a telephone number may be sent by button."""
    if message.expects == "contact":
        send = words(contact_label, message.language)
        ask = [KeyboardButton(text=send, request_contact=True)]
        others = [[KeyboardButton(text=option.label)] for option in message.options]
        return ReplyKeyboardMarkup(
            keyboard=[ask, *others], resize_keyboard=True, one_time_keyboard=True
        )
    if not message.options:
        return ReplyKeyboardRemove(remove_keyboard=True)
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=one.title, callback_data=one.data) for one in row]
            for row in columns(choices(message))
        ]
    )


class Down(TelegramServerError):
    """Telegram, or what stands before it, is failing itself."""


class Session(AiohttpSession):
    """Reads answers by their status first: in an outage their body is a page for people."""

    def check_response(
        self, bot: Bot, method: TelegramMethod[Any], status_code: int, content: str
    ) -> Response[Any]:
        if status_code in DOWN:
            raise Down(method=method, message=f"HTTP {status_code}")
        return super().check_response(bot, method, status_code, content)


def meaning(problem: TelegramAPIError) -> Exception:
    """Which exception of the channel port a refusal is.

    Telegram's own words stay out of it: they may quote what somebody wrote.
    """
    match problem:
        case TelegramRetryAfter():
            return Throttled(problem.retry_after)
        case TelegramUnauthorizedError() | TelegramNotFound():
            return Throttled(PAUSE_REFUSED_TOKEN)
        case Down():
            return Failing()
        case TelegramNetworkError() | TelegramServerError():
            unconnected = isinstance(problem.__cause__, ClientConnectorError)
            return Throttled(PAUSE_UNCONNECTED) if unconnected else Uncertain()
        case _:
            return Unreachable(_reason(problem))


def was_taken(problem: ClientDecodeError) -> bool:
    """Tell whether an answer that aiogram cannot read still says that the message was taken."""
    return isinstance(problem.data, dict) and problem.data.get("ok") is True


def _reason(problem: TelegramAPIError) -> str:
    if isinstance(problem, TelegramForbiddenError):
        return "blocked"
    if isinstance(problem, TelegramMigrateToChat):
        return "moved"  # what was meant for one chat is said in no other
    return "chat_not_found" if "chat not found" in problem.message.lower() else "refused"


def _escape(text: str) -> str:
    return html.escape(layout.unmarked(text), quote=False)
