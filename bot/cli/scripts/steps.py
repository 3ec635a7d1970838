"""The steps of a scripted conversation, as data."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

PARTICIPANT: Final = "peserta"
"""Who speaks where a step does not say otherwise."""


class Place(msgspec.Struct, frozen=True):
    """Where a step stands; *path* leads to it from the top of its file."""

    file: Path
    line: int
    path: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class User(msgspec.Struct, frozen=True):
    """A participant types."""

    place: Place
    text: str
    who: str = PARTICIPANT


class Press(msgspec.Struct, frozen=True):
    """A participant presses what is offered now, or (*old*) what an earlier message offered."""

    place: Place
    what: str
    who: str = PARTICIPANT
    old: bool = False


class Thing(msgspec.Struct, frozen=True):
    """Something that is not text. *value* is a path for files, a number for a contact.

    *of* names whose contact it is, '' for the sender's own.
    """

    kind: str
    value: str
    of: str = ""


class Send(msgspec.Struct, frozen=True):
    """A participant sends things, several in one go as an album."""

    place: Place
    things: tuple[Thing, ...]
    who: str = PARTICIPANT


class Again(msgspec.Struct, frozen=True):
    """The provider delivers the participant's last message *times* times more."""

    place: Place
    times: int
    who: str = PARTICIPANT


class Bot(msgspec.Struct, frozen=True):
    """Each pattern occurs in what was said since the last action, in this order.

    *listed* tells that they are written as a list.
    """

    place: Place
    patterns: tuple[str, ...]
    listed: bool = False


class Silent(msgspec.Struct, frozen=True):
    """Nothing was said in this turn."""

    place: Place


class Expect(msgspec.Struct, frozen=True):
    """How the session or the latest request of *who* must stand."""

    place: Place
    wanted: Mapping[str, Any]
    who: str = ""


class Restart(msgspec.Struct, frozen=True):
    """Everything that is not in the store is forgotten."""

    place: Place


class Clock(msgspec.Struct, frozen=True):
    """The clock moves to *at*, or by *by*; what falls due meanwhile happens."""

    place: Place
    at: datetime | None = None
    by: timedelta = timedelta()


class Officer(msgspec.Struct, frozen=True):
    """An officer acts; *words* are the details of the action."""

    place: Place
    name: str
    do: str
    words: Mapping[str, str]


class Refused(msgspec.Struct, frozen=True):
    """The officer's action before was refused with these words."""

    place: Place
    patterns: tuple[str, ...]


class Include(msgspec.Struct, frozen=True):
    """The steps of a part come here."""

    place: Place
    part: str


Step = User | Press | Send | Again | Bot | Silent | Expect | Restart | Clock | Officer | Refused
Written = Step | Include
