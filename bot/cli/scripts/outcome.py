"""How a script went: what was said on the way, and the step that failed, if one did."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from bot.cli.scripts.script import Script
from bot.cli.scripts.steps import Place
from flows.journey import Move


class StepFailed(Exception):
    """A step that did not go as the script says.

    *expected* and *found* are texts to compare; *better* is what the script could say instead, by
    the path of the value that is wrong, and nothing where only a person can know.
    """

    def __init__(
        self,
        why: str,
        *,
        expected: str = "",
        found: str = "",
        better: Mapping[tuple[str, ...], str] | None = None,
    ) -> None:
        super().__init__(why)
        self.why = why
        self.expected = expected
        self.found = found
        self.better = dict(better or {})


class Failure(msgspec.Struct, frozen=True):
    """Where and how a script failed: the step *number* of *count* at *place*."""

    place: Place
    number: int
    count: int
    state: str
    problem: StepFailed


class Spoken(msgspec.Struct, frozen=True):
    """One line of the conversation as it went: *who* is ``bot``, a participant or an officer."""

    who: str
    text: str


@dataclass
class Outcome:
    """How a script went on one channel; *way* is '' as it is written, or one of `ways.WAYS`."""

    script: Script
    channel: str
    way: str = ""
    failure: Failure | None = None
    spoken: list[Spoken] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    seconds: float = 0.0
