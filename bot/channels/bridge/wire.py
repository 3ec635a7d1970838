"""What goes over the bridge, in and out; docs/bridge-openapi.yaml says the same for others."""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from bot.channels.layout import title
from forms.choices import Option

MOST_EVENTS = 100

Name = Annotated[str, Meta(min_length=1, max_length=128, pattern=r"^[!-~]+$")]
"""An id of the bridge's own making: printable ASCII without spaces."""

Sequence53 = Annotated[int, Meta(ge=0, lt=2**53)]


class Item(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type"):
    """Something that somebody did. *id* is unique for ever: what has it already is known.

    *sequence* puts events of one user in order that arrived out of it and still wait.
    """

    id: Name
    user: Name
    sequence: Sequence53 = 0


class TextItem(Item, frozen=True, kw_only=True, tag="text"):
    """Typed; cut after 4,096 characters."""

    text: str


class PressItem(Item, frozen=True, kw_only=True, tag="press"):
    """An option of a message was chosen: its *value* and *put*."""

    value: Annotated[str, Meta(max_length=256)]
    put: Annotated[int, Meta(ge=0, lt=2**31)]


class MediaItem(Item, frozen=True, kw_only=True, tag="media"):
    """A photo or PDF. *data* is base64; above the limit *size* in bytes goes alone.

    *album* groups what was sent in one go.
    """

    data: bytes = b""
    name: Annotated[str, Meta(max_length=255)] = ""
    mime: Annotated[str, Meta(max_length=255)] = ""
    album: Annotated[str, Meta(max_length=128)] = ""
    size: Annotated[int, Meta(ge=0, lt=2**53)] = 0


class ContactItem(Item, frozen=True, kw_only=True, tag="contact"):
    """A telephone number by button; *own* unless it is somebody else's card."""

    phone: Annotated[str, Meta(min_length=1, max_length=64)]
    own: bool = True


class OpenedItem(Item, frozen=True, kw_only=True, tag="opened"):
    """The chat was opened, by a link with the parameter *start*."""

    start: Annotated[str, Meta(max_length=64)] = ""


class UnfitItem(Item, frozen=True, kw_only=True, tag="unfit"):
    """Something that no form takes; the participant is told so."""

    kind: Literal["voice", "sticker", "video", "location", "other"]


AnyItem = TextItem | PressItem | MediaItem | ContactItem | OpenedItem | UnfitItem


class Batch(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a call: each event is read on its own, so that a bad one blocks no other."""

    events: Annotated[list[msgspec.Raw], Meta(min_length=1, max_length=MOST_EVENTS)]


class Result(Struct, frozen=True, omit_defaults=True):
    """What became of one event: ``stored``, ``known`` or ``refused``.

    ``known`` came before, or is more than one person may send, who is then told so.
    """

    id: str
    outcome: str
    message: str = ""


class Choice(Struct, frozen=True):
    """An option: typed as *number*, or pressed as (*value*, *put*)."""

    number: str
    label: str
    value: str
    put: int


class Message(Struct, frozen=True, tag_field="type", tag="message"):
    """What is said to *user*. *id* is the same for every try of one message.

    *bold* are stretches of *text*, from one code point to before another. *listed* says that the
    text already has its options as numbered lines.
    """

    id: str
    chat: str
    user: str
    text: str
    bold: Sequence[tuple[int, int]]
    options: Sequence[Choice]
    expects: str
    listed: bool
    language: str


class Ping(Struct, frozen=True, tag_field="type", tag="ping"):
    """A signed call that says nothing: `doctor --online` asks whether anybody hears us."""


class Receipt(Struct, frozen=True):
    """What a bridge may answer to a message: its own *reference*."""

    reference: str = ""


def choices(options: Sequence[Option], put: int) -> list[Choice]:
    """Options as they are typed, shown and pressed."""
    return [
        Choice(
            number=option.key or str(number),
            label=title(option),
            value=option.value,
            put=put,
        )
        for number, option in enumerate(options, 1)
    ]
