"""WAHA's webhook as events: private messages that somebody else wrote. Pure.

Shapes: WAHA, webhooks and the event ``message`` (devlikeapro/waha, src/structures, 2026).
"""

import hashlib
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from bot.channels.layout import typed
from data.store import NewEvent
from flows.events import ENCODER, Crowd, Event, Text, Unfit

CHANNEL = "waha"

KINDS: Final = {"@c.us": "wa", "@lid": "lid", "@g.us": "group"}
"""Endings of ids, and the kinds of name that they are: of people with a number, and without one,
and of groups."""

UNFIT_TYPES: Final = {"audio": "voice", "video": "video"}
"""First parts of media types that no form takes."""


class Hosted(Struct, frozen=True):
    """``media`` of a message: where the server keeps the file."""

    url: str | None = None
    mimetype: str | None = None
    filename: str | None = None


class Payload(Struct, frozen=True):
    """``payload`` of the event ``message``, as far as we read it."""

    id: str
    sender: str = field(name="from")
    fromMe: bool = False
    body: str | None = None
    hasMedia: bool = False
    media: Hosted | None = None
    location: Any = None
    vCards: list[Any] | None = None


class Delivery(Struct, frozen=True):
    """One call of the webhook."""

    event: str
    session: str = ""
    payload: msgspec.Raw = msgspec.Raw(b"null")


class FileRef(Struct, frozen=True, omit_defaults=True):
    """What `NewEvent.media` says of a file, as JSON."""

    url: str
    name: str = ""
    mime: str = ""


class Heard(Struct, frozen=True):
    """A message under the *name* ``wa:<number>``, ``lid:<id>`` or ``group:<id>``."""

    id: str
    name: str
    event: Event
    file: FileRef | None = None


def understand(body: bytes, session: str) -> Heard | None:
    """What a delivery says to us; None when it says nothing, or is of another session.

    A group is heard once: all that is said there has the same id. Raises `msgspec.MsgspecError` for
    what cannot be read.
    """
    delivery = msgspec.json.decode(body, type=Delivery)
    if delivery.event != "message" or delivery.session != session:
        return None
    said = msgspec.json.decode(delivery.payload, type=Payload)
    if said.fromMe:
        return None
    who, at, host = said.sender.rpartition("@")
    kind = KINDS.get(at + host)
    if kind is None or not who:  # a broadcast, a status, a channel: nobody who could be answered
        return None
    if kind == "group":  # its id may hold somebody's number
        return Heard(f"group:{hashlib.sha256(who.encode()).hexdigest()}", f"{kind}:{who}", Crowd())
    event, file = _said(said)
    return Heard(said.id, f"{kind}:{who}", event, file)


def decode(heard: Heard, *, chat: str, received_at: int) -> NewEvent:
    """The event of what was *heard* in *chat*."""
    return NewEvent(
        channel=CHANNEL,
        provider_id=heard.id,
        chat=chat,
        body=ENCODER.encode(heard.event),
        received_at=received_at,
        due_at=received_at,
        media=msgspec.json.encode(heard.file).decode() if heard.file else "",
    )


def unreadable(body: bytes, problem: Exception, *, received_at: int) -> NewEvent:
    """A delivery with a good signature that cannot be read: it is kept, and blocks nobody."""
    return NewEvent(
        channel=CHANNEL,
        provider_id=hashlib.sha256(body).hexdigest(),
        chat=f"{CHANNEL}:?",
        body=body,
        received_at=received_at,
        due_at=received_at,
        dead=f"unreadable: {type(problem).__name__}",
    )


def chat_id(name: str) -> str:
    """The address of a name: ``wa:62812`` is ``62812@c.us``."""
    kind, _, who = name.partition(":")
    return who + next(ending for ending, known in KINDS.items() if known == kind)


def _said(said: Payload) -> tuple[Event, FileRef | None]:
    if said.hasMedia:
        return _media(said.media or Hosted())
    if said.location is not None:
        return Unfit(why="location"), None
    if said.vCards:
        return Unfit(why="other"), None
    return Text(typed(said.body or "")), None


def _media(media: Hosted) -> tuple[Event, FileRef | None]:
    kind = UNFIT_TYPES.get((media.mimetype or "").partition("/")[0])
    if kind:
        return Unfit(why=kind), None
    lost = Unfit(why="lost")
    if not media.url:  # the server was told not to download, or failed to
        return lost, None
    return lost, FileRef(
        url=media.url, name=typed(media.filename or ""), mime=typed(media.mimetype or "")
    )
