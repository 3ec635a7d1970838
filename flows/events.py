"""What can happen to a session: everything that a turn is called with."""

from typing import Any

import msgspec

from flows.session import Correction, Ticket
from forms.fields import ContactCard, Document


class Text(msgspec.Struct, frozen=True, tag="text"):
    """The participant typed something (up to 4,096 characters; channels cut longer ones)."""

    text: str


class Press(msgspec.Struct, frozen=True, tag="press"):
    """A button was pressed: *value* of the option, *put* the serial of its message's question."""

    value: str
    put: int


class Sent(msgspec.Struct, frozen=True, tag="sent"):
    """A document was sent, fetched and checked."""

    document: Document


class Unfit(msgspec.Struct, frozen=True, tag="unfit"):
    """Something arrived that cannot be used.

    *why* is ``voice``, ``sticker``, ``video``, ``location``, ``foreign_contact``, ``too_big``,
    ``too_many_pixels``, ``wrong_type``, ``lost`` (could not be fetched), ``other``. *values* fill
    the sentence (sizes, limits).
    """

    why: str
    values: dict[str, Any] = {}


class Contact(msgspec.Struct, frozen=True, tag="card"):
    """The participant sent a telephone number by button."""

    card: ContactCard


class Edited(msgspec.Struct, frozen=True, tag="edited"):
    """The participant changed an earlier message; nothing is applied."""


class Opened(msgspec.Struct, frozen=True, tag="opened"):
    """The participant opened the chat by a link or /start; *start* is the link's parameter."""

    start: str = ""


class Crowd(msgspec.Struct, frozen=True, tag="crowd"):
    """Somebody wrote to us, or took us in, where several people read; their words are not kept."""


class Blocking(msgspec.Struct, frozen=True, tag="blocking"):
    """The participant blocked us, or (*blocked* is false) lets us write again."""

    blocked: bool


class TimerFired(msgspec.Struct, frozen=True, tag="timer"):
    """A timer that an earlier turn set is due; *kind* as in `flows.facts.SetTimer`."""

    kind: str


class Desk(msgspec.Struct, frozen=True, tag="desk"):
    """An officer did something with a request of this participant.

    *action* is ``claimed``, ``replied``, ``correction``, ``transferred``, ``released``,
    ``refused``, ``finished``, ``expired`` (a correction never came), ``withdrawn`` (by its
    participant, who hears nothing), ``rescheduled`` (the branch changed its hours), ``moved`` (it
    stands elsewhere in its queue), ``reopened`` (by the participant where *officer* is ''). *text*
    is what the officer wrote, *step* the step to correct, *branch* the branch that serves the
    request now.
    """

    action: str
    ticket: str
    service: str
    branch: str
    officer: str = ""
    text: str = ""
    step: str = ""
    values: dict[str, Any] = {}


class HandOver(msgspec.Struct, frozen=True, tag="hand_over"):
    """The participant goes on in the chat *to*: what they have filed is handed over to it."""

    to: str


class TakeOver(msgspec.Struct, frozen=True, tag="take_over", omit_defaults=True):
    """Requests of another chat go on in this one.

    *tickets* are all that came along, the newest last; the rest is what the session of that chat
    knew of them, by the names of `flows.session.Session`.
    """

    tickets: list[str] = []
    open: list[Ticket] = []
    ended: list[Ticket] = []
    serving: list[Ticket] = []
    corrections: list[Correction] = []
    rating: Ticket | None = None


class TooMany(msgspec.Struct, frozen=True, tag="too_many"):
    """The participant sent more than is taken at a time; some of it was not stored."""


Event = (
    Text
    | Press
    | Sent
    | Unfit
    | Contact
    | Edited
    | Opened
    | Crowd
    | Blocking
    | TimerFired
    | Desk
    | HandOver
    | TakeOver
    | TooMany
)

ENCODER = msgspec.json.Encoder()
DECODER: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
