"""What invented people write, from data/demo/sayings.yaml."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
import yaml

from bot.cli import ROOT

FILE: Final = ROOT / "data" / "demo" / "sayings.yaml"

Lines = Sequence[str]


class Sayings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sentences by occasion; *words* answer questions of that name, *otherwise* all others."""

    words: Mapping[str, Lines]
    otherwise: Lines
    outcomes: Lines
    refusals: Lines
    corrections: Lines
    replies: Lines
    questions: Lines
    notes: Lines
    transfers: Lines
    reopenings: Lines
    complaints: Lines


def load_sayings(file: Path = FILE) -> Sayings:
    """Read the file; raises `msgspec.ValidationError` for what is missing or unknown."""
    found: Any = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return msgspec.convert(found, Sayings)
