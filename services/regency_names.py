"""Regencies by name: what a typed kabupaten or kota may mean, ranked."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import OSA

from data.facts import Facts
from data.places import Regency
from services.place_names import KINDS, Reading, compact, readings, without_fillers, words

EXACT = 100.0
OTHER_KIND = 92.0  # ``kab manado``: the name is right, what it is called is not
PART = 2.0  # taken off where only a part of the text is the name: ``Malalayang, Manado``
BEGINNING = 80.0  # the text is how a name begins; up to 8 more the more of it was typed
WHOLE_WORDS = 85.0  # ... and ends with one of its words: ``jakarta``
LIKENESS = 0.6  # least share of letters in place for a misspelling
REACH = 20.0  # matches this far behind the best are not worth showing
LONGEST = 120  # characters of a text that are looked at
AFTER_LETTERS = "\x7f"  # sorts after everything that a compact name holds
MOST_EQUALS = 6  # equally good matches shown although more than asked for


class RegencyMatch(msgspec.Struct, frozen=True):
    """A regency that a text may mean; *name* is as lists show it, *score* 100 is an exact name."""

    code: str
    name: str
    score: float


class Name(msgspec.Struct, frozen=True):
    """One of the names of a regency; *kind* restricts it to texts that say ``kabupaten`` or so."""

    words: tuple[str, ...]
    code: str
    kind: str


class RegencyNames:
    """All names of all regencies, and what a text means by them. Pure, in memory."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._provinces: dict[str, str] = {}
        self._names: dict[str, list[Name]] = defaultdict(list)
        self._learn_provinces()
        self._learn_regencies()
        self._sorted = sorted(self._names)

    def find(self, text: str, limit: int = 3) -> tuple[RegencyMatch, ...]:
        """Regencies that *text* may mean, best first: one when it can only mean one.

        At most *limit*, unless further ones fit exactly as well (at most six then).
        """
        best: dict[str, float] = {}
        for code, score in self._scored(text.strip()[:LONGEST]):
            best[code] = max(score, best.get(code, 0.0))
        ranked = sorted(best, key=lambda code: (-best[code], self._order(code)))
        exact = [code for code in ranked if best[code] == EXACT]
        if len(exact) == 1:
            ranked = exact
        elif exact:
            named = tuple(self._words(self._facts.regencies[exact[0]].short_name))
            ranked = exact + [code for code in ranked if self._continues(code, named)]
        shown = [code for code in ranked if best[code] > best[ranked[0]] - REACH]
        while limit < min(len(shown), MOST_EQUALS) and best[shown[limit]] == best[shown[limit - 1]]:
            limit += 1
        regencies = self._facts.regencies
        return tuple(RegencyMatch(c, regencies[c].label, best[c]) for c in shown[:limit])

    def _words(self, text: str) -> list[str]:
        return words(text, self._facts.place_words)

    def _learn_provinces(self) -> None:
        for province in self._facts.provinces.values():
            for name in (province.name, province.short_name):
                self._provinces[compact(self._words(name))] = province.code
        for alias in self._facts.aliases:
            if alias.code in self._facts.provinces:
                self._provinces[compact(self._words(alias.name))] = alias.code

    def _learn_regencies(self) -> None:
        for regency in self._facts.regencies.values():
            self._learn(regency.short_name, regency.code)
        for regency in self._facts.regencies.values():
            self._learn_without_islands(regency)
        for alias in self._facts.aliases:
            if alias.code in self._facts.regencies:
                self._learn(alias.name, alias.code)
        for branch in self._facts.branches.values():
            if compact(self._words(branch.city)) not in self._names:
                self._learn(branch.city, branch.seat)

    def _learn(self, text: str, code: str) -> None:
        parts = self._words(text)
        kind = KINDS.get(parts[0], "") if len(parts) > 1 else ""
        parts = parts[1:] if kind else parts
        self._names[compact(parts)].append(Name(tuple(parts), code, kind))

    def _learn_without_islands(self, regency: Regency) -> None:
        """``Kepulauan Sangihe`` is called Sangihe too, if no other regency is called so."""
        parts = self._words(regency.short_name)
        rest = [word for word in parts if word not in ("kepulauan", "pulau", "dan")]
        if rest != parts and compact(rest) not in self._names:
            self._names[compact(rest)].append(Name(tuple(rest), regency.code, ""))

    def _scored(self, text: str) -> Iterator[tuple[str, float]]:
        parts = without_fillers(self._words(text))
        if all(part in KINDS for part in parts):
            return
        whole = list(readings(parts, self._provinces))
        named = list(self._exact(whole))
        yield from named
        for piece in re.split(r"[,;/()\n]", text)[:4]:
            if (words_of_piece := without_fillers(self._words(piece))) != parts:
                found = self._exact(readings(words_of_piece, self._provinces))
                yield from ((code, score - PART) for code, score in found)
        yield from self._beginning(whole)
        if named or compact(parts) in self._provinces:
            return
        yield from self._misspelled(whole)

    def _exact(self, whole: Iterable[Reading]) -> Iterator[tuple[str, float]]:
        for reading in whole:
            for name in self._names.get(reading.name, ()):
                yield from self._judged(reading, name, EXACT)

    def _beginning(self, whole: Iterable[Reading]) -> Iterator[tuple[str, float]]:
        for reading in whole:
            if len(reading.name) < 4:
                continue
            first = bisect_right(self._sorted, reading.name)
            last = bisect_left(self._sorted, reading.name + AFTER_LETTERS, first)
            for key in self._sorted[first:last]:
                for name in self._names[key]:
                    score = BEGINNING + 8 * len(reading.name) / len(key)
                    if _ends_a_word(reading.name, name.words):
                        score = WHOLE_WORDS
                    yield from self._judged(reading, name, score)

    def _misspelled(self, whole: Iterable[Reading]) -> Iterator[tuple[str, float]]:
        keys = list(self._names)
        for reading in whole:
            likenesses = process.extract(
                reading.name,
                keys,
                scorer=OSA.normalized_similarity,
                score_cutoff=LIKENESS,
                limit=20,
            )
            for key, likeness, _ in likenesses:
                for name in self._names[key]:
                    yield from self._judged(reading, name, likeness * EXACT - 1)

    def _judged(self, reading: Reading, name: Name, score: float) -> Iterator[tuple[str, float]]:
        regency = self._facts.regencies[name.code]
        if reading.province and regency.province != reading.province:
            return
        if name.kind and name.kind != reading.kind:
            return
        fits = reading.kind in ("", name.kind or regency.kind)
        yield name.code, score if fits else score - (EXACT - OTHER_KIND)

    def _continues(self, code: str, named: tuple[str, ...]) -> bool:
        own = tuple(self._words(self._facts.regencies[code].short_name))
        return own[: len(named)] == named and own != named

    def _order(self, code: str) -> tuple[int, str, str]:
        """Among equals: towns first, then by name."""
        regency = self._facts.regencies[code]
        return (0 if regency.kind == "kota" else 1, regency.name, code)


def _ends_a_word(name: str, parts: tuple[str, ...]) -> bool:
    return any(name == compact(parts[:count]) for count in range(1, len(parts)))
