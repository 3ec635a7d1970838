"""Messages of the officers' bot as Bot API parameters (pure), and what its refusals mean."""

import html
import os
from typing import Any, Final

import httpx
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from bot.channels import layout
from bot.channels.offer import choices, columns
from bot.channels.posting import DOWN
from bot.runtime.messages import Outbound
from bot.runtime.ports import Failing, Throttled, Uncertain, Unreachable

# The library's next form of what it tells of time; without it every flood is a deprecation warning.
os.environ.setdefault("PTB_TIMEDELTA", "true")

PAUSE_UNCONNECTED: Final = 3.0
PAUSE_REFUSED_TOKEN: Final = 60.0
"""Seconds before the next try: Telegram could not be reached at all, or does not know our token."""

NEVER_WRITTEN: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def number_of(chat: str) -> int:
    """Telegram's number of a chat of ours, ``staff:81``; those of groups are negative."""
    return int(chat.partition(":")[2])


def requests(chat: str, message: Outbound) -> list[dict[str, Any]]:
    """What sendMessage is called with: once, or more often for a text above the limit.

    The keyboard hangs under the last part.
    """
    said: list[dict[str, Any]] = [
        {
            "chat_id": number_of(chat),
            "text": layout.marked(part, _escape, lambda run: f"<b>{run}</b>"),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
        for part in layout.parts(message.text)
    ]
    if message.options:
        said[-1]["reply_markup"] = keyboard(message)
    return said


def keyboard(message: Outbound) -> InlineKeyboardMarkup:
    """Inline buttons in one column or two."""
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(one.title, callback_data=one.data) for one in row]
            for row in columns(choices(message))
        ]
    )


def meaning(problem: TelegramError) -> Exception:
    """Which exception of the channel port a refusal is.

    Telegram's own words stay out of it: they may quote what somebody wrote.
    """
    match problem:
        case RetryAfter():
            return Throttled(seconds(problem))
        case InvalidToken():
            return Throttled(PAUSE_REFUSED_TOKEN)
        case Down():
            return Failing()
        case NetworkError() if not isinstance(problem, BadRequest):
            unwritten = isinstance(problem.__cause__, NEVER_WRITTEN)
            return Throttled(PAUSE_UNCONNECTED) if unwritten else Uncertain()
        case _:
            return Unreachable(_reason(problem))


class Down(NetworkError):
    """Telegram, or what stands before it, is failing itself."""


class Line(HTTPXRequest):
    """Reads answers by their status first: in an outage their body is a page for people."""

    async def do_request(self, *args: Any, **values: Any) -> tuple[int, bytes]:
        status, body = await super().do_request(*args, **values)
        if status in DOWN:
            raise Down(f"HTTP {status}")
        return status, body


def seconds(problem: RetryAfter) -> float:
    """How long Telegram wants us to wait."""
    after = problem.retry_after
    return float(after if isinstance(after, int) else after.total_seconds())


def _reason(problem: TelegramError) -> str:
    if isinstance(problem, Forbidden):
        return "blocked"
    if isinstance(problem, ChatMigrated):
        return "moved"  # what was meant for one chat is said in no other
    return "chat_not_found" if "chat not found" in problem.message.lower() else "refused"


def _escape(text: str) -> str:
    return html.escape(layout.unmarked(text), quote=False)
