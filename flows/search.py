"""Plain words in the menu: which service they ask for."""

from collections.abc import Mapping
from typing import Final

from rapidfuzz.distance import OSA

from flows.spec import Flow
from forms.cleaning import words

SLIP_FROM: Final = 5
"""One slip of the finger is forgiven in words of at least so many letters."""


def wanted(said: str, flows: Mapping[str, Flow]) -> str:
    """The code of the one service whose search phrase *said* holds, '' for none or several.

    A phrase is held when all its words occur, in any order; the longest phrase decides.
    """
    heard = words(said)
    held = {
        code: max(
            (len(phrase) for phrase in map(words, flow.phrases) if _in(phrase, heard)), default=0
        )
        for code, flow in flows.items()
    }
    longest = max(held.values(), default=0)
    found = [code for code, length in held.items() if length == longest]
    return found[0] if longest and len(found) == 1 else ""


def _in(phrase: list[str], heard: list[str]) -> bool:
    return all(any(_same(word, other) for other in heard) for word in phrase)


def _same(word: str, other: str) -> bool:
    return word == other or (len(word) >= SLIP_FROM and OSA.distance(word, other) <= 1)
