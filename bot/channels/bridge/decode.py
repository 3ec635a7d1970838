"""Calls of a bridge as events. Pure: bytes in, `NewEvent` out."""

import msgspec

from bot.channels.bridge.wire import (
    AnyItem,
    Batch,
    ContactItem,
    MediaItem,
    OpenedItem,
    PressItem,
    TextItem,
    UnfitItem,
)
from bot.channels.layout import typed
from bot.channels.signed import Refused
from data.store import NewEvent
from flows.events import ENCODER, Contact, Event, Opened, Press, Text, Unfit
from forms.fields import ContactCard

CHANNEL = "bridge"

_BATCH = msgspec.json.Decoder(Batch)
_ITEM: msgspec.json.Decoder[AnyItem] = msgspec.json.Decoder(AnyItem)


class Bad(msgspec.Struct, frozen=True):
    """An event that cannot be read; *id* as far as it can, *why* in words."""

    id: str
    why: str


class _Named(msgspec.Struct):
    id: str = ""


def items(body: bytes) -> list[AnyItem | Bad]:
    """The events of a call, each read on its own; raises `Refused` where there are none."""
    try:
        batch = _BATCH.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as problem:
        raise Refused(
            400,
            "unreadable",
            f"The body is no batch of events: {problem}",
            'Send JSON like {"events": [...]}, as docs/bridge-openapi.yaml has it.',
        ) from None
    return [_item(raw) for raw in batch.events]


def decode(item: AnyItem, *, chat: str, media: str = "", received_at: int) -> NewEvent:
    """The event of *item* in *chat*; *media* is the reference of its file."""
    return NewEvent(
        channel=CHANNEL,
        provider_id=item.id,
        chat=chat,
        body=ENCODER.encode(_event(item)),
        received_at=received_at,
        due_at=received_at,
        rank=item.sequence,
        media=media,
        album=item.album if isinstance(item, MediaItem) else "",
    )


def _item(raw: msgspec.Raw) -> AnyItem | Bad:
    try:
        return _ITEM.decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as problem:
        return Bad(_id_of(raw), str(problem))


def _id_of(raw: msgspec.Raw) -> str:
    try:
        return msgspec.json.decode(raw, type=_Named).id[:128]
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return ""


def _event(item: AnyItem) -> Event:
    match item:
        case TextItem(text=text):
            return Text(typed(text))
        case PressItem(value=value, put=put):
            return Press(value=typed(value), put=put)
        case ContactItem(phone=phone, own=own):
            return Contact(ContactCard(phone=typed(phone), own=own))
        case OpenedItem(start=start):
            return Opened(start=typed(start))
        case UnfitItem(kind=kind):
            return Unfit(why=kind)
        case MediaItem():
            return Unfit(why="lost")  # what the turn learns when the file is lost meanwhile
