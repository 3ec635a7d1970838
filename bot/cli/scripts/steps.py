"""The steps of a scripted conversation, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

PARTICIPANT: Final = "peserta"
"""Who speaks where a step does not say otherwise."""


@dataclass(frozen=True)
class Place:
    """Where a step stands; *path* leads to it from the top of its file."""

    file: Path
    line: int
    path: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class User:
    """A participant types."""

    place: Place
    text: str
    who: str = PARTICIPANT


@dataclass(frozen=True)
class Press:
    """A participant presses what is offered now, or (*old*) what an earlier message offered."""

    place: Place
    what: str
    who: str = PARTICIPANT
    old: bool = False


@dataclass(frozen=True)
class Thing:
    """Something that is not text. *value* is a path for files, a number for a contact.

    *of* names whose contact it is, '' for the sender's own.
    """

    kind: str
    value: str
    of: str = ""


@dataclass(frozen=True)
class Send:
    """A participant sends things, several in one go as an album."""

    place: Place
    things: tuple[Thing, ...]
    who: str = PARTICIPANT


@dataclass(frozen=True)
class Again:
    """The provider delivers the participant's last message *times* times more."""

    place: Place
    times: int
    who: str = PARTICIPANT


@dataclass(frozen=True)
class Bot:
    """Each pattern occurs in what was said since the last action, in this order.

    *listed* tells that they are written as a list.
    """

    place: Place
    patterns: tuple[str, ...]
    listed: bool = False


@dataclass(frozen=True)
class Silent:
    """Nothing was said in this turn."""

    place: Place


@dataclass(frozen=True)
class Expect:
    """How the session or the latest request of *who* must stand."""

    place: Place
    wanted: Mapping[str, Any]
    who: str = ""


@dataclass(frozen=True)
class Restart:
    """Everything that is not in the store is forgotten."""

    place: Place


@dataclass(frozen=True)
class Clock:
    """The clock moves to *at*, or by *by*; what falls due meanwhile happens."""

    place: Place
    at: datetime | None = None
    by: timedelta = timedelta()


@dataclass(frozen=True)
class Officer:
    """An officer acts; *words* are the details of the action."""

    place: Place
    name: str
    do: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class Refused:
    """The officer's action before was refused with these words."""

    place: Place
    patterns: tuple[str, ...]


@dataclass(frozen=True)
class Include:
    """The steps of a part come here."""

    place: Place
    part: str


Step = User | Press | Send | Again | Bot | Silent | Expect | Restart | Clock | Officer | Refused
Written = Step | Include
