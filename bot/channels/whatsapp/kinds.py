"""The kinds of messages that people send on WhatsApp, as events. Pure."""

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.channels.button_data import FOREIGN, read_data
from bot.channels.layout import typed
from flows.events import Contact, Edited, Event, Opened, Press, Text, Unfit
from forms.fields import ContactCard

UNFIT = {
    "audio": "voice",
    "video": "video",
    "sticker": "sticker",
    "location": "location",
}
"""Kinds that no form takes; those not named here are ``other``."""

FILES = ("image", "document")

SILENT = frozenset({"reaction", "ephemeral"})
"""Kinds that say nothing which could be answered."""


class Ignored(Exception):
    """A message that asks for no answer."""


class NotServed(Exception):
    """A message from where we do not talk; says why."""


class FileRef(msgspec.Struct, frozen=True, omit_defaults=True):
    """What `NewEvent.media` says of a file, as JSON; *sha256* is of its bytes, in base64."""

    id: str
    name: str = ""
    mime: str = ""
    sha256: str = ""


class Said(msgspec.Struct, frozen=True):
    """What a message says. *own_number* is the sender's telephone number where they sent it."""

    event: Event
    file: FileRef | None = None
    own_number: str = ""


def said(message: Mapping[str, Any], *, own: str) -> Said:
    """What *message* says, whose sender's least firm name is *own*.

    Raises `Ignored` where there is nothing to answer, and whatever a broken message leads to. The
    event of a file is what its turn learns when fetching fails; the fetcher replaces it.
    """
    kind = message["type"]
    if kind in SILENT:
        raise Ignored
    if kind in FILES:
        return Said(Unfit(why="lost"), _file(message[kind]))
    if kind == "contacts":
        return _contact(message["contacts"], own)
    return Said(_event(kind, message))


def _event(kind: str, message: Mapping[str, Any]) -> Event:
    event: Event = Unfit(why=UNFIT.get(kind, "other"))
    match kind:
        case "text":
            event = Text(typed(message["text"]["body"]))
        case "interactive":
            event = _interactive(message["interactive"])
        case "button":
            event = _button(message["button"])
        case "edit" | "revoke":
            event = Edited()
        case "request_welcome":
            event = Opened()
    return event


def _interactive(chosen: Mapping[str, Any]) -> Event:
    kind = chosen["type"]
    if kind not in ("button_reply", "list_reply"):
        return Unfit(why="other")
    value, put = read_data(typed(chosen[kind]["id"]))
    return Press(value=value, put=put)


def _button(button: Mapping[str, Any]) -> Event:
    """A button of a message template: one of ours, or else the words on it."""
    value, put = read_data(typed(str(button.get("payload", ""))))
    return Text(typed(button["text"])) if put == FOREIGN else Press(value=value, put=put)


def _contact(cards: Any, own: str) -> Said:
    card = cards[0]
    phone = next(iter(card.get("phones") or ()), None)
    if phone is None:
        return Said(Unfit(why="other"))
    number = str(phone.get("wa_id") or phone.get("phone") or "")
    asked = card.get("origin") == "contact_request"
    mine = asked or own == f"wa:{number}"
    told = typed(str(phone.get("phone") or number))
    return Said(Contact(ContactCard(phone=told, own=mine)), own_number=number if asked else "")


def _file(file: Mapping[str, Any]) -> FileRef:
    return FileRef(
        id=typed(file["id"]),
        name=typed(str(file.get("filename") or "")),
        mime=typed(str(file.get("mime_type") or "")),
        sha256=typed(str(file.get("sha256") or "")),
    )
