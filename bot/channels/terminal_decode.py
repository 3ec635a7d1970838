"""Lines typed on the terminal as events; ``:words`` send what a keyboard cannot. Pure."""

import json
import re

import msgspec

from bot.channels.layout import typed
from bot.runtime.messages import Outbound
from data.store import NewEvent
from flows.events import ENCODER, Contact, Edited, Event, Opened, Press, Text, Unfit
from forms.fields import ContactCard

CHANNEL = "terminal"

COLON_WORD = re.compile(r":(?P<word>[a-z]+)(?:\s+(?P<rest>.*))?")

UNFIT_WORDS = {
    "suara": "voice",
    "stiker": "sticker",
    "video": "video",
    "lokasi": "location",
}

SENDING_WORDS = {
    "foto": ":foto FILE",
    "tekan": ":tekan N",
    "kontak": ":kontak NOMOR",
    "sunting": ":sunting",
    "mulai": ":mulai KODE",
    **{word: f":{word}" for word in UNFIT_WORDS},
}
"""Words that send something, and how each is written."""


class Unusable(ValueError):
    """A ``:word`` that cannot be sent as it stands; says how it is written."""


class Line(msgspec.Struct, frozen=True):
    """One typed line: its serial, unique for ever, and what the participant saw before it."""

    serial: str
    text: str
    shown: Outbound | None = None


def colon_word(text: str) -> tuple[str, str] | None:
    """(word, rest) of ``:word rest``, None for anything else, such as a smiley."""
    found = COLON_WORD.fullmatch(text.strip())
    return (found["word"], (found["rest"] or "").strip()) if found else None


def decode(line: Line, *, chat: str, received_at: int) -> list[NewEvent]:
    """The one event of a line. Raises `Unusable`."""
    asked = colon_word(line.text)
    media = ""
    event: Event = Text(typed(line.text))
    if asked and asked[0] in SENDING_WORDS:
        word, rest = asked
        event = _event(word, rest, line.shown)
        media = json.dumps({"path": rest}) if word == "foto" else ""
    return [
        NewEvent(
            channel=CHANNEL,
            provider_id=line.serial,
            chat=chat,
            body=ENCODER.encode(event),
            received_at=received_at,
            due_at=received_at,
            media=media,
        )
    ]


def _event(word: str, rest: str, shown: Outbound | None) -> Event:
    match word:
        case "foto" if rest:
            return Unfit(why="lost")  # what the turn learns when the file cannot be read
        case "tekan" if shown and rest.isdecimal() and 1 <= int(rest) <= len(shown.options):
            return Press(value=shown.options[int(rest) - 1].value, put=shown.put)
        case "kontak" if rest:
            return Contact(ContactCard(phone=typed(rest), own=True))
        case "mulai":
            return Opened(start=typed(rest))
        case "sunting":
            return Edited()
        case _ if word in UNFIT_WORDS:
            return Unfit(why=UNFIT_WORDS[word])
        case _:
            raise Unusable(SENDING_WORDS[word])
