"""What the words of a message mean: one plain word for every spelling, synonym and slip."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml
from rapidfuzz import process
from rapidfuzz.distance import OSA

from flows.understanding.affixes import stem
from forms import cleaning

FILE: Final = Path(__file__).with_name("lexicon.yaml")

DRAWN_OUT: Final = re.compile(r"([^\W\d])\1{2,}")
TWICE: Final = re.compile(r"([^\W\d])\1+")
VOWELS: Final = re.compile("[aeiou]")
SLIPS: Final = {5: 1, 10: 2}
"""Slips of the finger that are forgiven, from so many letters of a word on."""
SHORT: Final = 6
"""In a word with fewer letters one that was changed makes another word: *lapar* is not *lapor*."""
REMEMBERED: Final = 8192
"""Words whose meaning is remembered."""
MOST_WORDS: Final = 80
"""Words that are looked at; longer stories say what they want before that."""


class Heard(NamedTuple):
    """One thing that was said: the plain *word*, and *said*, what stood there."""

    word: str
    said: str


class Lexicon:
    """Plain words for what people write.

    *own* are the words of phrases, stems first; they count as far as no list explains them.
    """

    def __init__(self, data: Mapping[str, Any], own: Iterable[str] = ()) -> None:
        plain: dict[str, str] = {
            spelling: word
            for word, spellings in data["words"].items()
            for spelling in (word, *str(spellings).split())
        }
        idle = str(data["idle"]).split()
        self._plain: dict[str, str] = {**dict.fromkeys(idle, ""), **plain}
        self.light = frozenset(str(data["light"]).split())
        self.questions = frozenset(str(data["questions"]).split())
        self._ages = {word: (int(a), int(b)) for word, (a, b) in data["ages"].items()}
        self.meaning = lru_cache(REMEMBERED)(self._meaning)
        self._meant = {word for word, meaning in self._plain.items() if meaning}
        for word in own:
            if word not in self._plain and not stem(word, self._meant):
                self._plain[word] = word
                self._meant.add(word)
        self._bones: dict[str, list[str]] = {}
        for word in sorted(self._meant):
            self._bones.setdefault(VOWELS.sub("", word), []).append(word)
        likely = [w for w, meaning in self._plain.items() if meaning or len(w) > SHORT]
        self._choices = {n: [w for w in likely if abs(len(w) - n) <= 1] for n in range(5, 16)}
        self._together: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name, patterns in data["together"].items():
            for pattern in patterns:
                parts = tuple(self._words(pattern))
                if len(parts) > 1:
                    self._together.setdefault(parts[0], []).append((parts, name))
        for several in self._together.values():
            several.sort(key=lambda one: -len(one[0]))
        self._kinds: dict[str, list[str]] = {}
        for kind, members in data["kinds"].items():
            for member in members:
                self._kinds.setdefault(member, []).append(kind)

    def read(self, text: str) -> list[Heard]:
        """What *text* says, in order, without the words that tell nothing."""
        heard = [
            Heard(word, said)
            for said in cleaning.words(text)[:MOST_WORDS]
            if (word := self.meaning(said))
        ]
        joined = self._joined(heard)
        if len(joined) < len(heard):
            joined = self._joined(joined)
        return self._aged(joined)

    def kinds(self, word: str) -> list[str]:
        """The kinds that *word* is a member of."""
        return self._kinds.get(word, [])

    def members(self, kind: str) -> list[str]:
        """The words of which *kind* may be said."""
        return [word for word, kinds in self._kinds.items() if kind in kinds]

    def knows(self, word: str) -> bool:
        """Whether *word* means anything here."""
        return word in self._plain or word in self._kinds

    def _words(self, text: str) -> list[str]:
        """The plain words of a pattern; a word with a line below is one already."""
        found = (part if "_" in part else self._meaning(part) for part in text.split())
        return [word for word in found if word]

    def _meaning(self, said: str) -> str:
        """The plain word for *said*: '' where it tells nothing, *said* itself where unknown."""
        if said in self._plain:
            return self._plain[said]
        short = TWICE.sub(r"\1", said)
        drawn = DRAWN_OUT.sub(r"\1", said)
        for form in (said.rstrip("2"), drawn, short, short.rstrip("2")):
            if found := stem(form, self._meant):
                return self._plain[found]
        meant = self._shortened(said) or self._near(drawn)
        return said if meant is None else meant

    def _shortened(self, said: str) -> str | None:
        """What the only word means that *said* is without some vowels: ``byi``, ``dftar``."""
        bones = VOWELS.sub("", said)
        if len(said) < 3 or 3 * (len(said) - len(bones)) > len(said):
            return None
        meant = {
            self._plain[word]
            for word in self._bones.get(bones, ())
            if word[0] == said[0] and _is_within(said, word)
        }
        return meant.pop() if len(meant) == 1 else None

    def _near(self, said: str) -> str | None:
        """What the only word within a slip or two means."""
        slips = max((slips for letters, slips in SLIPS.items() if len(said) >= letters), default=0)
        if not slips or not said.isalpha():
            return None
        choices = self._choices.get(len(said), [])
        found = process.extract(
            said, choices, scorer=OSA.distance, score_cutoff=slips, limit=6, processor=None
        )
        found = [one for one in found if len(said) >= SHORT or _is_not_another(said, one[0])]
        best = min((distance for _, distance, _ in found), default=0)
        meant = {self._plain[word] for word, distance, _ in found if distance == best}
        return meant.pop() if len(meant) == 1 else None

    def _joined(self, heard: list[Heard]) -> list[Heard]:
        """Words that mean one thing together become one."""
        if self._together.keys().isdisjoint([one.word for one in heard]):
            return heard
        found: list[Heard] = []
        at = 0
        while at < len(heard):
            for parts, name in self._together.get(heard[at].word, ()):
                here = heard[at : at + len(parts)]
                if tuple(one.word for one in here) == parts:
                    found.append(Heard(name, " ".join(one.said for one in here)))
                    at += len(parts)
                    break
            else:
                found.append(heard[at])
                at += 1
        return found

    def _aged(self, heard: list[Heard]) -> list[Heard]:
        """A number beside *tahun* or *umur* is an age."""
        for at, one in enumerate(heard):
            if not one.word.isdecimal():
                continue
            beside = {other.word for other in heard[max(0, at - 1) : at + 2]}
            if beside & {"tahun", "umur"} and len(one.word) <= 3:
                for name, (first, last) in self._ages.items():
                    if first <= int(one.word) < last:
                        heard[at] = Heard(name, one.said)
        return heard


def _is_within(said: str, word: str) -> bool:
    """Whether the letters of *said* stand in *word* in this order."""
    letters = iter(word)
    return all(letter in letters for letter in said)


def _is_not_another(said: str, word: str) -> bool:
    """Whether a letter was lost, added or swapped, none changed."""
    return len(said) != len(word) or sorted(said) == sorted(word)


def load(own: Iterable[str] = ()) -> Lexicon:
    """The lexicon of ``lexicon.yaml``."""
    data = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CBaseLoader)  # noqa: S506  text only
    return Lexicon(data, own)
