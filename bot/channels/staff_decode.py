"""Updates of the officers' bot as events: each one by itself, so that a bad one blocks nobody.

Pure: raw JSON in, `NewEvent` out. Only private chats are served: what a group reads is nobody's
business in particular.
"""

import json
from typing import Any, Final

from msgspec.structs import replace
from telegram import Bot, Chat, Message, Update

from bot.channels.button_data import read_data
from bot.channels.layout import typed
from bot.channels.raw_updates import as_event
from data.store import NewEvent
from flows.events import ENCODER, Event, Opened, Press, Text, Unfit

CHANNEL: Final = "staff"

ALLOWED_UPDATES: Final = ["message", "callback_query"]

START: Final = "/start"


class NotServed(Exception):
    """An update from where we do not talk; says why."""


def decode(raw: Any, *, bot: Bot, bot_id: int, received_at: int) -> list[NewEvent]:
    """The events of one update: one, or none where nothing was said to us.

    An update that the library cannot read, or that comes from a group, becomes a dead letter; only
    the unreadable ones keep their raw JSON.
    """
    event = as_event(raw, CHANNEL, bot_id=bot_id, received_at=received_at)
    try:
        heard = understand(Update.de_json(raw, bot))
    except NotServed as reason:
        return [replace(event, dead=str(reason))]
    except Exception as problem:
        # Whatever a library trips over: this update must not hold up the ones behind it.
        body = json.dumps(raw).encode()
        return [replace(event, body=body, dead=f"unreadable: {type(problem).__name__}")]
    if heard is None:
        return []
    chat, said = heard
    return [replace(event, chat=f"{CHANNEL}:{chat}", body=ENCODER.encode(said))]


def understand(update: Update) -> tuple[int, Event] | None:
    """Which chat said what, None when nothing was said. Raises `NotServed`."""
    if query := update.callback_query:
        # The message may be too old to be shown; a private chat has its person's id.
        _require_private(query.message.chat if query.message else None)
        value, put = read_data(query.data or "")
        return query.from_user.id, Press(value=value, put=put)
    if message := update.message:
        _require_private(message.chat)
        return message.chat.id, _said(message)
    return None


def _require_private(chat: Chat | None) -> None:
    if chat and chat.type != Chat.PRIVATE:
        raise NotServed("not a private chat")


def _said(message: Message) -> Event:
    if message.text is None:
        return Unfit(why="other")
    text = typed(message.text)
    command, _, rest = text.strip().partition(" ")
    if command.partition("@")[0] == START:
        return Opened(start=rest.strip())
    return Text(text)
