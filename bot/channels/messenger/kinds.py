"""The kinds of things that people do on Messenger, as events. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import msgspec

from bot.channels.button_data import FOREIGN, read_data
from bot.channels.layout import typed
from flows.events import Contact, Edited, Event, Opened, Press, Text, Unfit
from forms.fields import ContactCard

GET_STARTED: Final = "GET_STARTED"
"""What the button brings that opens a first chat with the page."""

UNFIT: Final[Mapping[str, str]] = {"audio": "voice", "video": "video", "location": "location"}
"""Kinds of attachments that no form takes; those not named here are ``other``."""

FILES: Final = frozenset({"image", "file"})

PHONE: Final = re.compile(r"\+?[0-9][0-9 ().-]{5,30}")
"""What the button with one's own telephone number brings back."""

LONGEST_START: Final = 64
"""Characters of a link's parameter, as on the other channels."""


class FileRef(msgspec.Struct, frozen=True, omit_defaults=True):
    """What `NewEvent.media` says of a file, as JSON. *album* groups what was sent in one go."""

    url: str
    name: str = ""
    album: str = ""


Said = tuple[Event, FileRef | None]


def said(one: Mapping[str, Any]) -> Sequence[Said]:
    """What an item of a delivery says; nothing where there is nothing to answer.

    Raises whatever a broken item leads to. The event of a file is what its turn learns when
    fetching fails; the fetcher replaces it.
    """
    match one:
        case {"message": message}:
            return _message(message)
        case {"postback": postback}:
            return [(_postback(postback), None)]
        case {"referral": referral}:
            return [(_opened(referral), None)]
        case {"message_edit": _}:
            return [(Edited(), None)]
        case _:
            return []


def _message(message: Mapping[str, Any]) -> Sequence[Said]:
    if message.get("is_deleted"):
        return []
    if "quick_reply" in message:
        return [(_quick_reply(message), None)]
    attached = message.get("attachments") or ()
    album = message["mid"] if len(attached) > 1 else ""
    if text := message.get("text"):
        # a shared link comes as its words and an attachment that shows it
        files = [_attachment(one, album) for one in attached if _is_file(one)]
        return [(Text(typed(text)), None), *files]
    return [_attachment(one, album) for one in attached] or [(Unfit(why="other"), None)]


def _quick_reply(message: Mapping[str, Any]) -> Event:
    """A button of ours, the own telephone number, or else the words on it."""
    payload = str(message["quick_reply"].get("payload") or "")
    value, put = read_data(typed(payload))
    if put != FOREIGN:
        return Press(value=value, put=put)
    if PHONE.fullmatch(payload):
        return Contact(ContactCard(phone=typed(payload), own=True))
    return Text(typed(message["text"]))


def _postback(postback: Mapping[str, Any]) -> Event:
    payload = str(postback.get("payload") or "")
    if payload == GET_STARTED:
        return _opened(postback.get("referral") or {})
    value, put = read_data(typed(payload))
    return Text(typed(postback["title"])) if put == FOREIGN else Press(value=value, put=put)


def _opened(referral: Mapping[str, Any]) -> Event:
    return Opened(start=typed(str(referral.get("ref") or "")[:LONGEST_START]))


def _is_file(attachment: Mapping[str, Any]) -> bool:
    return attachment["type"] in FILES and "sticker_id" not in (attachment.get("payload") or {})


def _attachment(attachment: Mapping[str, Any], album: str) -> Said:
    if _is_file(attachment):
        url = attachment["payload"]["url"]
        name = unquote(urlsplit(url).path.rpartition("/")[2])
        return Unfit(why="lost"), FileRef(url=url, name=typed(name), album=album)
    if "sticker_id" in (attachment.get("payload") or {}):
        return Unfit(why="sticker"), None
    return Unfit(why=UNFIT.get(attachment["type"], "other")), None
