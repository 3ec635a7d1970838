"""What the words of a message mean: one plain word for every spelling, synonym and slip."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

from flows.understanding.affixes import stem
from flows.understanding.slips import Slips
from forms import cleaning, plain_yaml

FILE: Final = Path(__file__).with_name("lexicon.yaml")

DRAWN_OUT: Final = re.compile(r"([^\W\d])\1{2,}")
TWICE: Final = re.compile(r"([^\W\d])\1")
REPEATED: Final = re.compile(r"([^\W\d])\1+")
VOWELS: Final = str.maketrans("", "", "aeiou")
LONG_IDLE: Final = 6
"""An idle word may be a slip's only from more letters on: short ones are near to everything."""
REMEMBERED: Final = 8192
"""Words whose meaning is remembered."""
MOST_WORDS: Final = 80
"""Words that are looked at; longer stories say what they want before that."""


BESIDE_AGES: Final = frozenset({"tahun", "umur"})
"""Beside one of these a number is an age."""


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
        idle = dict.fromkeys(str(data["idle"]).split(), "")
        ordinary = {word: word for word in str(data["ordinary"]).split()}
        self._plain: dict[str, str] = {**idle, **ordinary, **plain}
        self.light = frozenset(str(data["light"]).split())
        self.questions = frozenset(str(data["questions"]).split())
        self._ages = {word: (int(a), int(b)) for word, (a, b) in data["ages"].items()}
        self.meaning = lru_cache(REMEMBERED)(self._meaning)
        self._leading = cache(self._all_leading)
        self._bones: dict[str, list[str]] = {}
        self._meant = {word for word, meaning in self._plain.items() if meaning}
        for word in own:
            if word not in self._plain and not stem(word, self._meant):
                self._plain[word] = word
                self._meant.add(word)
        for word in sorted(self._meant):
            self._bones.setdefault(word.translate(VOWELS), []).append(word)
        self._slips = Slips(w for w, m in self._plain.items() if m or len(w) > LONG_IDLE)
        self._together: dict[tuple[str, str], list[tuple[list[str], str]]] = {}
        for name, patterns in data["together"].items():
            for pattern in patterns:
                parts = self._words(pattern)
                if len(parts) > 1:
                    self._together.setdefault((parts[0], parts[1]), []).append((parts, name))
        for several in self._together.values():
            several.sort(key=lambda one: -len(one[0]))
        self._kinds: dict[str, list[str]] = {}
        for kind, members in data["kinds"].items():
            for member in members:
                self._kinds.setdefault(member, []).append(kind)

    def says(self, text: str, wanted: frozenset[str]) -> bool:
        """Whether *text* says one of the plain words *wanted*.

        It is read only where one of its words may be one of them, or the beginning of one.
        """
        said = map(self.meaning, cleaning.words(text)[:MOST_WORDS])
        if self._leading(wanted).isdisjoint(said):
            return False
        return not wanted.isdisjoint([one.word for one in self.read(text)])

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

    def _all_leading(self, wanted: frozenset[str]) -> frozenset[str]:
        """The words without which nothing becomes one of *wanted*: they and what begins them."""
        found: set[str] = set()
        more = {*wanted}
        while more:
            found |= more
            firsts = {
                parts[0]
                for patterns in self._together.values()
                for parts, name in patterns
                if name in found
            }
            more = firsts - found
        return frozenset(found if found.isdisjoint(self._ages) else found | BESIDE_AGES)

    def _words(self, text: str) -> list[str]:
        """The plain words of a pattern; a word with a line below is one already."""
        found = (part if "_" in part else self._meaning(part) for part in text.split())
        return [word for word in found if word]

    def _meaning(self, said: str) -> str:
        """The plain word for *said*: '' where it tells nothing, *said* itself where unknown."""
        if said in self._plain:
            return self._plain[said]
        drawn, forms = said, [said]
        if said[-1] == "2" or TWICE.search(said):
            drawn, short = DRAWN_OUT.sub(r"\1", said), REPEATED.sub(r"\1", said)
            forms = list(dict.fromkeys((said.rstrip("2"), drawn, short, short.rstrip("2"))))
        for form in forms:
            if found := stem(form, self._meant):
                return self._plain[found]
        meant = self._shortened(said) or self._only(self._slips.nearest(drawn))
        return said if meant is None else meant

    def _shortened(self, said: str) -> str | None:
        """What the only word means that *said* is without some vowels: ``byi``, ``dftar``."""
        bones = said.translate(VOWELS)
        if bones not in self._bones or len(said) < 3 or 3 * (len(said) - len(bones)) > len(said):
            return None
        return self._only(
            word for word in self._bones[bones] if word[0] == said[0] and _is_within(said, word)
        )

    def _only(self, words: Iterable[str]) -> str | None:
        """What *words* mean, None where that is not one thing."""
        meant = {self._plain[word] for word in words}
        return meant.pop() if len(meant) == 1 else None

    def _joined(self, heard: list[Heard]) -> list[Heard]:
        """Words that mean one thing together become one."""
        words = [one.word for one in heard]
        pairs = list(pairwise(words))
        if self._together.keys().isdisjoint(pairs):
            return heard
        pairs.append(("", ""))
        found: list[Heard] = []
        at = 0
        while at < len(heard):
            for parts, name in self._together.get(pairs[at], ()):
                if words[at : at + len(parts)] == parts:
                    here = heard[at : at + len(parts)]
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
            if beside & BESIDE_AGES and len(one.word) <= 3:
                for name, (first, last) in self._ages.items():
                    if first <= int(one.word) < last:
                        heard[at] = Heard(name, one.said)
        return heard


def _is_within(said: str, word: str) -> bool:
    """Whether the letters of *said* stand in *word* in this order."""
    letters = iter(word)
    return all(letter in letters for letter in said)


def load(own: Iterable[str] = ()) -> Lexicon:
    """The lexicon of ``lexicon.yaml``."""
    return Lexicon(plain_yaml.read(FILE), own)
