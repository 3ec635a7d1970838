"""Search phrases: how each intent may be asked for, read out of flows, answers and small talk.

A phrase is held when all its words are said, in any order. ``a/b`` means either word; ``-a`` means
that the phrase is not meant where *a* is said too.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any

import msgspec

from flows.information import INFORMATION
from flows.spec import Flow
from flows.understanding.talk import TALK
from forms import cleaning


class Meant(msgspec.Struct, frozen=True):
    """What somebody may want.

    *label* is its name in the figures. One of the others tells what to do: begin the *service* with
    *answers* given already, give the *answer* of that key, or do as the small *talk* asks.
    """

    label: str
    service: str = ""
    answers: tuple[tuple[str, Any], ...] = ()
    answer: str = ""
    talk: str = ""


class Phrase(msgspec.Struct, frozen=True):
    """One phrase of an intent: *text* as written, and what must and must not be said."""

    meant: Meant
    text: str
    words: tuple[str, ...]
    without: tuple[str, ...] = ()


def collect(flows: Mapping[str, Flow]) -> list[Phrase]:
    """Every phrase of the services, the answers and the small talk."""
    found: list[Phrase] = []
    for code, flow in flows.items():
        found += _each(Meant(flow.label or code, service=code), flow.phrases)
        for name, case in flow.cases.items():
            label = case.label or f"{code}.{name}"
            meant = Meant(label, service=code, answers=tuple(case.answers.items()))
            found += _each(meant, case.phrases)
    for key, answer in INFORMATION.items():
        found += _each(Meant(answer.label, answer=key), answer.phrases)
    for label, talk in TALK.items():
        found += _each(Meant(label, talk=label), talk.phrases)
    return found


def _each(meant: Meant, written: Iterable[str]) -> Iterator[Phrase]:
    for text in written:
        parts = [part.split("/") for part in text.split()]
        without = tuple(part[0][1:] for part in parts if part[0].startswith("-"))
        for words in product(*(part for part in parts if not part[0].startswith("-"))):
            yield Phrase(meant, text, tuple(one for part in words for one in _words(part)), without)


def _words(text: str) -> list[str]:
    """A word with a line below is a plain word of the lexicon already."""
    return [text] if "_" in text else [*cleaning.words(text)]
