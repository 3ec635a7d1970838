"""Telegram updates as events: each update is decoded on its own, so that a bad one blocks nobody.

Pure: raw JSON in, `NewEvent` out. Only private chats are served: of a group nothing is kept
but that it turned to us, of a channel nothing at all.
"""

import json
import re
from typing import Any

import msgspec
from aiogram.enums import ChatMemberStatus, ChatType
from aiogram.types import ChatMemberUpdated, Message, Update
from msgspec.structs import replace

from bot.channels.button_data import read_data
from bot.channels.layout import typed
from bot.channels.raw_updates import as_event
from data.store import NewEvent
from flows.events import (
    ENCODER,
    Blocking,
    Contact,
    Crowd,
    Edited,
    Event,
    Opened,
    Press,
    Text,
    Unfit,
)
from forms.fields import ContactCard

CHANNEL = "telegram"

ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"]

GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)

COMMAND = re.compile(r"/(?P<name>\w{1,32})(?:@\w+)?(?:\s+(?P<rest>.*))?", re.DOTALL)

UNFIT_KINDS = {
    "voice": "voice",
    "audio": "voice",
    "video_note": "video",
    "video": "video",
    "animation": "video",
    "sticker": "sticker",
    "dice": "sticker",
    "venue": "location",
    "location": "location",
}
"""Parts of a message that no form takes; an animation is a document too, so they go first."""


class FileRef(msgspec.Struct, frozen=True, omit_defaults=True):
    """What `NewEvent.media` says of a file, as JSON. *size* is in bytes, 0 when not told."""

    id: str
    name: str = ""
    mime: str = ""
    size: int = 0
    album: str = ""


class Heard(msgspec.Struct, frozen=True):
    """What we were told in a chat: by one person in private, or by a group."""

    chat: int
    event: Event
    file: FileRef | None = None


def decode(raw: Any, *, bot_id: int, received_at: int) -> list[NewEvent]:
    """The events of one update: one, or none where nothing was said to us.

    An update that aiogram cannot read becomes a dead letter, which keeps its raw JSON.
    """
    event = as_event(raw, CHANNEL, bot_id=bot_id, received_at=received_at)
    try:
        heard = understand(raw)
        if heard is None:
            return []
        return [
            replace(
                event,
                chat=f"{CHANNEL}:{heard.chat}",
                body=ENCODER.encode(heard.event),
                media=msgspec.json.encode(heard.file).decode() if heard.file else "",
                album=heard.file.album if heard.file else "",
            )
        ]
    except Exception as problem:
        # Whatever a library trips over: this update must not hold up the ones behind it.
        body = json.dumps(raw).encode()
        return [replace(event, body=body, dead=f"unreadable: {type(problem).__name__}")]


def understand(raw: Any) -> Heard | None:
    """What *raw* says to us, None when it says nothing. Raises what aiogram does.

    The body of a file is what its turn learns when fetching fails; the fetcher replaces it.
    """
    update = Update.model_validate(raw)
    if query := update.callback_query:
        if query.message and query.message.chat.type != ChatType.PRIVATE:
            return None
        # The message may be deleted or too old to be shown; a private chat has its person's id.
        value, put = read_data(query.data or "")
        return Heard(query.from_user.id, Press(value=value, put=put))
    if changed := update.edited_message:
        # A shared live location is edited every few seconds; nobody changed what they said.
        unsaid = changed.location or changed.chat.type != ChatType.PRIVATE
        return None if unsaid else Heard(changed.chat.id, Edited())
    if change := update.my_chat_member:
        return _membership(change)
    if message := update.message:
        return _message(message)
    return None


def _message(message: Message) -> Heard | None:
    if message.chat.type in GROUPS:
        # The group goes on under another number, under which we are told of it again.
        return None if message.migrate_to_chat_id else Heard(message.chat.id, Crowd())
    if message.chat.type != ChatType.PRIVATE:
        return None
    if file := _file(message):
        return Heard(message.chat.id, Unfit(why="lost"), file)
    return Heard(message.chat.id, _said(message))


def _membership(change: ChatMemberUpdated) -> Heard | None:
    """Somebody blocked us or no longer does; or a group took us in."""
    there = change.new_chat_member.status not in (ChatMemberStatus.LEFT, ChatMemberStatus.KICKED)
    if change.chat.type == ChatType.PRIVATE:
        return Heard(change.chat.id, Blocking(blocked=not there))
    return Heard(change.chat.id, Crowd()) if there and change.chat.type in GROUPS else None


def _said(message: Message) -> Event:
    if message.text is not None:
        return _command(message.text) or Text(typed(message.text))
    if message.contact:
        card = message.contact
        own = message.from_user is not None and card.user_id == message.from_user.id
        return Contact(ContactCard(phone=typed(card.phone_number), own=own))
    kinds = (kind for part, kind in UNFIT_KINDS.items() if getattr(message, part))
    return Unfit(why=next(kinds, "other"))


def _command(text: str) -> Event | None:
    found = COMMAND.fullmatch(text.strip())
    if not found:
        return None
    name, rest = found["name"].lower(), typed(found["rest"] or "")
    if name == "start":
        return Opened(start=rest)
    # Alone it keeps its slash: some words count only as a command.
    return Text(f"{name} {rest}" if rest else f"/{name}")


def _file(message: Message) -> FileRef | None:
    if any(getattr(message, part) for part in UNFIT_KINDS):
        return None
    album = message.media_group_id or ""
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return FileRef(id=largest.file_id, size=largest.file_size or 0, album=album)
    if message.document:
        sent = message.document
        return FileRef(
            id=sent.file_id,
            name=typed(sent.file_name or ""),
            mime=typed(sent.mime_type or ""),
            size=sent.file_size or 0,
            album=album,
        )
    return None
