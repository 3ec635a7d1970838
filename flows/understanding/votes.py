"""How strongly a message means each intent: phrases vote, and each word speaks for or against."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Final, NamedTuple

from flows.understanding.lexicon import Heard, Lexicon
from flows.understanding.phrases import Meant, Phrase

LIGHT: Final = 0.25
"""How much of its weight a word has that says little by itself."""
LEAST: Final = 0.1
"""No word weighs less."""
HALF_SAID: Final = 3.0
"""How fast a phrase loses its vote with each word that was not said."""
WHOLE: Final = 0.15
"""What each of the first two words of a phrase adds when all of it was said."""
NO_MORE: Final = 0.4
"""What a phrase has more when nothing else was said."""

MOST_IN_PHRASE: Final = 5
"""A labelled message of so many words is a phrase itself."""

SPEAKS: Final = 0.12
"""What a word adds for each e-fold that it is more common in one intent than in all."""
PAIRED: Final = 0.5
"""How much of that two words add which stand beside each other."""
DOUBT: Final = 12
"""So many messages of the common kind are imagined for each intent: few messages prove little."""


class Vote(NamedTuple):
    """How strongly something is meant, and its best phrase."""

    meant: Meant
    score: float
    phrase: Phrase | None


class Votes:
    """The phrases and labelled messages of all intents, ready to vote on what was heard."""

    def __init__(
        self, phrases: Sequence[Phrase], messages: Iterable[tuple[str, str]], lexicon: Lexicon
    ) -> None:
        self._lexicon = lexicon
        by_words: dict[frozenset[str], list[Phrase]] = defaultdict(list)
        told: list[tuple[str, list[str]]] = []
        for phrase in phrases:
            if said := plain(lexicon, phrase.words):
                by_words[frozenset(said)].append(phrase)
                told.append((phrase.meant.label, said))
        nearest = _nearest(by_words)
        for label, text in messages:
            said = list(dict.fromkeys(one.word for one in lexicon.read(text)))
            told.append((label, said))
            if 0 < len(said) <= MOST_IN_PHRASE and (meant := nearest(label, set(said))):
                by_words[frozenset(said)].append(Phrase(meant, text, tuple(said)))
        self.meant = list(dict.fromkeys(p.meant for own in by_words.values() for p in own))
        self.labels = list(dict.fromkeys(meant.label for meant in self.meant))
        self._place_of = {meant: at for at, meant in enumerate(self.meant)}
        self._at = {label: at for at, label in enumerate(self.labels)}
        self._label = [self._at[meant.label] for meant in self.meant]
        self._first = [self._label.index(at) for at in range(len(self.labels))]
        self.weights = self._weigh(by_words)
        self._alone: dict[str, dict[int, tuple[float, Phrase]]] = defaultdict(dict)
        self._held: dict[str, dict[str, list[_Held]]] = defaultdict(dict)
        for words, own in by_words.items():
            for phrase in own:
                self._place(words, phrase)
        self._speaks = self._evidence(told)
        self._silence = cache(self._all_silent)

    def said(self, words: Iterable[str]) -> list[str]:
        """Each of *words* once, and the kinds that it is of."""
        own = dict.fromkeys(words)
        return list(dict.fromkeys([*own, *(k for word in own for k in self._lexicon.kinds(word))]))

    def of(self, heard: Sequence[Heard]) -> list[Vote]:
        """Every intent that something speaks for, the strongest first."""
        words = [one.word for one in heard]
        said = self.said(words)
        single = [self._speaks[word] for word in said if word in self._speaks]
        if not single:
            return []
        paired = [self._speaks[pair] for pair in _pairs(words) if pair in self._speaks]
        speaks = self._silence(len(single), len(paired)).copy()
        for one in (*single, *paired):
            for label, more in one:
                speaks[label] += more
        best = self._by_phrases(said, set(words))
        for label, for_it in enumerate(speaks):
            if for_it > 0:
                best.setdefault(self._first[label], SILENT)
        ranked = [(-held - speaks[self._label[at]], at) for at, (held, _) in best.items()]
        ranked.sort()
        return [Vote(self.meant[at], -score, best[at][1]) for score, at in ranked]

    def _by_phrases(
        self, said: Sequence[str], own: set[str]
    ) -> dict[int, tuple[float, Phrase | None]]:
        """What the best phrase of each intent gives, and that phrase."""
        best: dict[int, tuple[float, Phrase | None]] = {}
        among = set(said)
        for leader in said:
            for at, alone in self._alone.get(leader, NO_PHRASE).items():
                if at not in best or alone[0] > best[at][0]:
                    best[at] = alone
            others = self._held.get(leader)
            if not others:
                continue
            for word in said:
                for one in others.get(word, ()):
                    if one.without and not one.without.isdisjoint(among):
                        continue
                    held = self._score(one.words, one.whole, among, own)
                    if one.at not in best or held > best[one.at][0]:
                        best[one.at] = held, one.phrase
        return best

    def _score(self, words: frozenset[str], whole: float, said: set[str], own: set[str]) -> float:
        if not words <= said:
            held = whole - sum([self.weights[word] for word in words - said])
            return float(held * (held / whole) ** HALF_SAID)
        return whole + WHOLE * min(len(words), 2) + (NO_MORE if words >= own else 0)

    def _place(self, words: frozenset[str], phrase: Phrase) -> None:
        """Put *phrase* where it is found by its two weightiest words, or by the first alone."""
        leader, *others = sorted(words, key=lambda word: (-self.weights[word], word))
        whole = math.fsum(sorted(self.weights[word] for word in words))
        without = frozenset(plain(self._lexicon, phrase.without))
        at = self._place_of[phrase.meant]
        held = _Held(at, words, whole, without, phrase)
        if without or not others:
            self._held[leader].setdefault(leader, []).append(held)
            return
        self._held[leader].setdefault(others[0], []).append(held)
        alone = self._score(words, whole, {leader}, set())
        if at not in self._alone[leader] or alone > self._alone[leader][at][0]:
            self._alone[leader][at] = alone, phrase

    def _weigh(self, by_words: Mapping[frozenset[str], Sequence[Phrase]]) -> dict[str, float]:
        """What each word says: the fewer intents use it, the more."""
        users: dict[str, set[str]] = defaultdict(set)
        for words, phrases in by_words.items():
            for word in words:
                users[word] |= {_family(phrase.meant) for phrase in phrases}
        families = len({family for own in users.values() for family in own})
        weights = {
            word: max(LEAST, math.log(families / len(own)) / math.log(families))
            for word, own in users.items()
        }
        weights |= {w: weight * LIGHT for w, weight in weights.items() if w in self._lexicon.light}
        return {
            word: min([weight, *(weights.get(one, weight) for one in self._lexicon.members(word))])
            for word, weight in weights.items()
        }

    def _evidence(
        self, told: Iterable[tuple[str, Sequence[str]]]
    ) -> dict[str, list[tuple[int, float]]]:
        """What each word, or two beside each other, adds for the labels that it was told for.

        It is more than what a word that was never told for them takes away (`_never`).
        """
        uses: dict[str, Counter[int]] = defaultdict(Counter)
        size = [DOUBT] * len(self.labels)
        for labels, words in told:
            for at in [self._at[one] for one in labels.split("+") if one in self._at]:
                size[at] += 1
                for word in {*self.said(words), *_pairs(words)}:
                    uses[word][at] += 1
        self._never = [SPEAKS * math.log(DOUBT / n) for n in size]
        table: dict[str, list[tuple[int, float]]] = {}
        for word, own in uses.items():
            factor = SPEAKS * (PAIRED if " " in word else 1)
            if factor < SPEAKS and own.total() < 2:
                continue
            rates = [(at, n / (size[at] - DOUBT)) for at, n in sorted(own.items())]
            common = math.fsum(rate for _, rate in rates) / len(self.labels)
            table[word] = [(at, factor * math.log1p(own[at] / common / DOUBT)) for at, _ in rates]
        return table

    def _all_silent(self, words: int, pairs: int) -> list[float]:
        """What so many words and pairs take away from each label, told for none."""
        return [(words + PAIRED * pairs) * never for never in self._never]


class _Held(NamedTuple):
    """A phrase as it is weighed: for which of `Votes.meant`, its words, what all of them weigh."""

    at: int
    words: frozenset[str]
    whole: float
    without: frozenset[str]
    phrase: Phrase


def plain(lexicon: Lexicon, words: Iterable[str]) -> list[str]:
    """The plain words of a phrase; several that mean one thing together are one."""
    text = " ".join(word for word in words if "_" not in word)
    return [one.word for one in lexicon.read(text)] + [w for w in words if "_" in w]


SILENT: Final = (0.0, None)
NO_PHRASE: Final[Mapping[int, tuple[float, Phrase]]] = {}


def _pairs(words: Sequence[str]) -> list[str]:
    """Each two words that stand beside each other, once."""
    return list(dict.fromkeys(f"{one} {other}" for one, other in pairwise(words)))


def _nearest(
    by_words: Mapping[frozenset[str], Sequence[Phrase]],
) -> Callable[[str, set[str]], Meant | None]:
    """What finds, of all that share a label, the one whose phrase says most of a message."""
    own: dict[str, list[tuple[frozenset[str], Meant]]] = defaultdict(list)
    for words, phrases in by_words.items():
        for phrase in phrases:
            own[phrase.meant.label].append((words, phrase.meant))

    def nearest(label: str, said: set[str]) -> Meant | None:
        best, found = (-1, 0), None
        for words, meant in own.get(label, ()):
            held = len(words & said), -len(words)
            if held > best:
                best, found = held, meant
        return found

    return nearest


def _family(meant: Meant) -> str:
    """What shares its words: the sub-cases of a service are one."""
    return meant.service or meant.label
