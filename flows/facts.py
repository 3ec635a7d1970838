"""What a turn decides: facts for the runtime to act on, in this order, in one transaction."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from flows.events import TakeOver
from forms.choices import Option
from forms.fields import Document


class Line(msgspec.Struct, frozen=True):
    """One line of a list of answers: its number, the name of the answer, the answer as shown.

    An empty *value* means that nothing was filled in.
    """

    number: int
    label: str
    value: str


class Say(msgspec.Struct, frozen=True):
    """Say the sentence *key* with *values*, offering *options*.

    *put* is the serial of the question, 0 when nothing is asked; a press carries it back, so that
    a button of an older message can be told from a fresh one. *expects* is what the channel may
    offer for input (``text``, ``choice``, ``photo``, ``contact``). *values* as in
    ``flows.sentences``: rendering happens after the facts before it have been carried out.
    """

    key: str
    values: Mapping[str, Any] = {}
    options: tuple[Option, ...] = ()
    put: int = 0
    expects: str = "text"


class Consented(msgspec.Struct, frozen=True):
    """The participant agreed to the processing of data for *service*.

    What was shown is the sentence *key* with *values*.
    """

    service: str
    key: str
    values: Mapping[str, Any] = {}


class Filed(msgspec.Struct, frozen=True):
    """A report is complete and sent.

    *submission* is unique to this journey: filing it again gives the same ticket. *answers* are
    the reported answers in form order; *flags* name what the officer must look at (skipped
    answers, an unknown facility, a mismatch that was confirmed); an *urgent* one goes first.
    """

    submission: str
    service: str
    digest: str
    branch: str
    answers: Mapping[str, Any]
    flags: tuple[str, ...] = ()
    urgent: bool = False


class Wrote(msgspec.Struct, frozen=True):
    """The participant wrote to the officer who serves *ticket*; *body* is text or a document."""

    ticket: str
    body: Any


class Corrected(msgspec.Struct, frozen=True):
    """The participant gave the corrected answers that an officer asked for, the last to *step*.

    *also* are the steps before it. *flags* are the marks of the answers to all of them as they are
    now; those of before are gone.
    """

    ticket: str
    service: str
    step: str
    answers: Mapping[str, Any]
    flags: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


class Brought(msgspec.Struct, frozen=True):
    """The participant sent a document that no question asked for: perhaps a promised one.

    *more*: others of the same album came before it, and were answered.
    """

    document: Document
    more: bool = False


class Reopen(msgspec.Struct, frozen=True):
    """The participant wants the ended *ticket* opened again; *reason* is '' for none."""

    ticket: str
    reason: str = ""


class AskedStatus(msgspec.Struct, frozen=True):
    """Tell the state of *ticket*; when empty, of the latest request, of *service* if that is named.

    Nothing is told where *service* has no request (any more). *elsewhere* is the network where the
    requests of this chat went: told whatever was asked for, when it is not here.
    """

    ticket: str = ""
    service: str = ""
    elsewhere: str = ""


class AskedHours(msgspec.Struct, frozen=True):
    """Tell where and when people help: hours of *branch* ('' when none is known)."""

    branch: str = ""


class Rescheduled(msgspec.Struct, frozen=True):
    """The branch changed its hours: tell when *ticket* is served, unless that was told already."""

    ticket: str


class QueueMoved(msgspec.Struct, frozen=True):
    """Tell where *ticket* stands in its queue, where that means something else than was told."""

    ticket: str


class SetTimer(msgspec.Struct, frozen=True):
    """Wake this session at *at* with `TimerFired(kind)`; a timer of the same kind is replaced."""

    kind: str
    at: datetime


class DropTimer(msgspec.Struct, frozen=True):
    """The timer of *kind* is no longer wanted."""

    kind: str


class Rated(msgspec.Struct, frozen=True):
    """The participant rated how *ticket* was served: *score* 3 good, 2 fair, 1 poor."""

    ticket: str
    score: int
    text: str = ""


class Abandoned(msgspec.Struct, frozen=True):
    """A form was left for good at the question *step*; *how* is ``expired`` or ``cancelled``."""

    service: str
    step: str
    branch: str
    how: str


class Blocked(msgspec.Struct, frozen=True):
    """From now on nothing that is said arrives, or (*blocked* is false) it does again."""

    blocked: bool


class AskedCode(msgspec.Struct, frozen=True):
    """The participant wants to go on in another chat: give a code for it."""


class GaveCode(msgspec.Struct, frozen=True):
    """The participant wrote a code that another chat was given."""

    code: str


class HandedOver(msgspec.Struct, frozen=True):
    """The requests of this chat go on in the chat *to*; *taken* is what was known of them here."""

    to: str
    taken: TakeOver


Fact = (
    Say
    | Consented
    | Filed
    | Wrote
    | Corrected
    | Brought
    | Reopen
    | AskedStatus
    | AskedHours
    | Rescheduled
    | QueueMoved
    | SetTimer
    | DropTimer
    | Rated
    | Abandoned
    | Blocked
    | AskedCode
    | GaveCode
    | HandedOver
)

REACHING: Final = (GaveCode, HandedOver)
"""Facts that put something into the inbox of another chat."""
