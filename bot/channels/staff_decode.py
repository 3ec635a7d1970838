"""Updates of the officers' bot as events: each one by itself, so that a bad one blocks nobody.

Pure: raw JSON in, `NewEvent` out. Only private chats are served: of a group nothing is kept
but that it turned to us.
"""

import json
from typing import Any, Final

from msgspec.structs import replace
from telegram import Bot, Chat, Message, Update

from bot.channels.button_data import read_data
from bot.channels.layout import typed
from bot.channels.raw_updates import as_event
from data.store import NewEvent
from flows.events import ENCODER, Crowd, Event, Opened, Press, Text, Unfit

CHANNEL: Final = "staff"

ALLOWED_UPDATES: Final = ["message", "callback_query"]

GROUPS: Final = (Chat.GROUP, Chat.SUPERGROUP)

START: Final = "/start"


def decode(raw: Any, *, bot: Bot, bot_id: int, received_at: int) -> list[NewEvent]:
    """The events of one update: one, or none where nothing was said to us.

    An update that the library cannot read becomes a dead letter, which keeps its raw JSON.
    """
    event = as_event(raw, CHANNEL, bot_id=bot_id, received_at=received_at)
    try:
        heard = understand(Update.de_json(raw, bot))
    except Exception as problem:
        # Whatever a library trips over: this update must not hold up the ones behind it.
        body = json.dumps(raw).encode()
        return [replace(event, body=body, dead=f"unreadable: {type(problem).__name__}")]
    if heard is None:
        return []
    chat, said = heard
    return [replace(event, chat=f"{CHANNEL}:{chat}", body=ENCODER.encode(said))]


def understand(update: Update) -> tuple[int, Event] | None:
    """Which chat said what, None when nothing was said."""
    if query := update.callback_query:
        if query.message and query.message.chat.type != Chat.PRIVATE:
            return None
        # The message may be too old to be shown; a private chat has its person's id.
        value, put = read_data(query.data or "")
        return query.from_user.id, Press(value=value, put=put)
    if message := update.message:
        if message.chat.type == Chat.PRIVATE:
            return message.chat.id, _said(message)
        # A group goes on under another number, under which we are told of it again.
        is_crowd = message.chat.type in GROUPS and not message.migrate_to_chat_id
        return (message.chat.id, Crowd()) if is_crowd else None
    return None


def _said(message: Message) -> Event:
    if message.text is None:
        return Unfit(why="other")
    text = typed(message.text)
    command, _, rest = text.strip().partition(" ")
    if command.partition("@")[0] == START:
        return Opened(start=rest.strip())
    return Text(text)
