"""Slips of the finger: the words that are one or two letters away."""

from collections.abc import Iterable
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

FEWEST: Final = 5
"""A slip is forgiven in words of so many letters, two of them from `LONG` on."""
LONG: Final = 10
SHORT: Final = 7
"""In a word with fewer letters one that was changed makes another word: *lapar* is not *lapor*."""


class Slips:
    """Some words, found again where a letter was lost, added or changed, or two were swapped."""

    def __init__(self, words: Iterable[str]) -> None:
        self._without: dict[str, list[str]] = {}
        self._long: dict[int, list[str]] = {}
        for word in sorted(words):
            if len(word) >= FEWEST - 1:
                for form in {word, *_without_one(word)}:
                    self._without.setdefault(form, []).append(word)
            if len(word) >= LONG - 1:
                for letters in (len(word) - 1, len(word), len(word) + 1):
                    self._long.setdefault(letters, []).append(word)

    def nearest(self, said: str) -> list[str]:
        """The words that *said* is most likely a slip of."""
        if len(said) < FEWEST or not said.isalpha():
            return []
        forms = [said, *_without_one(said)]
        near = {word for form in forms for word in self._without.get(form, ())}
        one = [word for word in near if _is_one_slip(said, word)]
        if one or len(said) < LONG:
            return one
        far = process.extract(
            said, self._long.get(len(said), ()), scorer=OSA.distance, score_cutoff=2, processor=None
        )
        return [word for word, _, _ in far]


def _without_one(word: str) -> list[str]:
    """*word* without each of its letters."""
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


def _is_one_slip(said: str, word: str) -> bool:
    swapped = len(said) == len(word) and sorted(said) == sorted(word)
    if not swapped and (said[0] != word[0] or (len(said) < SHORT and len(said) == len(word))):
        return False
    return OSA.distance(said, word, score_cutoff=1) <= 1
