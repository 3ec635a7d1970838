"""What a turn decides: facts for the runtime to act on, in this order, in one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from forms.choices import Option
from forms.fields import Document


@dataclass(frozen=True)
class Line:
    """One line of a list of answers: its number, the name of the answer, the answer as shown.

    An empty *value* means that nothing was filled in.
    """

    number: int
    label: str
    value: str


@dataclass(frozen=True)
class Say:
    """Say the sentence *key* with *values*, offering *options*.

    *put* is the serial of the question, 0 when nothing is asked; a press carries it back, so that
    a button of an older message can be told from a fresh one. *expects* is what the channel may
    offer for input (``text``, ``choice``, ``photo``, ``contact``). *values* as in
    ``flows.sentences``: rendering happens after the facts before it have been carried out.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    put: int = 0
    expects: str = "text"


@dataclass(frozen=True)
class Consented:
    """The participant agreed to the processing of data for *service*.

    What was shown is the sentence *key* with *values*.
    """

    service: str
    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Filed:
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


@dataclass(frozen=True)
class Wrote:
    """The participant wrote to the officer who serves *ticket*; *body* is text or a document."""

    ticket: str
    body: Any


@dataclass(frozen=True)
class Corrected:
    """The participant gave the corrected answer that an officer asked for.

    *flags* are the marks of the answers to *step* as they are now; those of before are gone.
    """

    ticket: str
    service: str
    step: str
    answers: Mapping[str, Any]
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Brought:
    """The participant sent a document that no question asked for: perhaps a promised one."""

    document: Document


@dataclass(frozen=True)
class AskedStatus:
    """Tell the state of *ticket*; when empty, of the latest request, of *service* if that is named.

    Nothing is told where *service* has no request (any more).
    """

    ticket: str = ""
    service: str = ""


@dataclass(frozen=True)
class AskedHours:
    """Tell where and when people help: hours of *branch* ('' when none is known)."""

    branch: str = ""


@dataclass(frozen=True)
class SetTimer:
    """Wake this session at *at* with `TimerFired(kind)`; a timer of the same kind is replaced."""

    kind: str
    at: datetime


@dataclass(frozen=True)
class DropTimer:
    """The timer of *kind* is no longer wanted."""

    kind: str


@dataclass(frozen=True)
class Rated:
    """The participant rated how *ticket* was served: *score* 3 good, 2 fair, 1 poor."""

    ticket: str
    score: int
    text: str = ""


Fact = (
    Say
    | Consented
    | Filed
    | Wrote
    | Corrected
    | Brought
    | AskedStatus
    | AskedHours
    | SetTimer
    | DropTimer
    | Rated
)
