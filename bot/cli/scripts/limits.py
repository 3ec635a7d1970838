"""How much a service may ask and say: ``question_limits.yaml``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from flows import source
from flows.spec import Source

FILE: Final = Path(__file__).with_name("question_limits.yaml")


class Family(msgspec.Struct, frozen=True):
    """Typed questions of a service without its members, and of one member."""

    typed: int
    member: int


class Messages(msgspec.Struct, frozen=True):
    """Messages for each question, and some more."""

    each: int
    more: int


class Limits(msgspec.Struct, frozen=True):
    """The file; *families* by the code of the service."""

    source: Source
    typed: int
    families: Mapping[str, Family]
    messages: Messages

    def typed_of(self, code: str) -> int:
        """Typed questions of the service *code*, without members of a family."""
        return self.families[code].typed if code in self.families else self.typed

    def messages_for(self, questions: int) -> int:
        """Messages of the bot for so many questions of any kind."""
        return self.messages.each * questions + self.messages.more


def load_limits() -> Limits:
    """Raises ValueError where the file does not say what it should."""
    file = source.Source.read(FILE.name, FILE.read_text("utf-8"))
    found = file.fill(Limits, file.data, ())
    if found is None:
        raise ValueError("\n".join(map(str, file.problems)))
    return found
