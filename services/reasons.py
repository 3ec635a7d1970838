"""Coded reasons: why a request was finished, corrected, refused or handed on, for statistics."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec
import yaml

from services.refusals import Refused

FILE: Final = Path(__file__).resolve().parents[1] / "data" / "reference" / "reasons.yaml"
VERBS: Final = ("finish", "ask_correction", "refuse", "transfer")


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reason as officers pick it: *say* in the list, *text* what the participant reads.

    *services* are the codes that have it; without any, all have.
    """

    say: str
    text: str
    services: tuple[str, ...] = ()


class Reasons:
    """The reasons of each verb, by code."""

    def __init__(self, verbs: Mapping[str, Mapping[str, Reason]]) -> None:
        self._verbs = verbs

    @classmethod
    def load(cls, file: Path = FILE) -> "Reasons":
        """Read *file*; raises msgspec.ValidationError, and ValueError for an unknown verb."""
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        verbs = msgspec.convert(data, dict[str, dict[str, Reason]])
        if unknown := verbs.keys() - set(VERBS):
            raise ValueError(f"{file.name}: unknown verb {', '.join(sorted(unknown))}")
        return cls(verbs)

    def of(self, verb: str, service: str) -> Mapping[str, Reason]:
        """What can be picked for *verb* of a request of *service*: its own reasons first."""
        fit = {
            code: reason
            for code, reason in self._verbs.get(verb, {}).items()
            if not reason.services or service in reason.services
        }
        return dict(sorted(fit.items(), key=lambda one: not one[1].services))

    def pick(self, verb: str, service: str, code: str) -> Reason:
        """The reason called *code*; raises `Refused` (``konsol.pilihan``) for any other."""
        try:
            return self.of(verb, service)[code]
        except KeyError:
            raise Refused("konsol.pilihan") from None

    def say(self, code: str) -> str:
        """How officers pick the reason called *code*, whatever the verb; '' for none."""
        return next((verb[code].say for verb in self._verbs.values() if code in verb), "")

    def codes(self) -> Sequence[tuple[str, str]]:
        """Every verb and code."""
        return [(verb, code) for verb, reasons in self._verbs.items() for code in reasons]
