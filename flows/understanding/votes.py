"""How strongly a message means each intent: phrases vote, and each word speaks for or against."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
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

SPEAKS: Final = 0.12
"""What a word adds for each e-fold that it is more common in one intent than in all."""
PAIRED: Final = 0.5
"""How much of that two words add which stand beside each other."""
DOUBT: Final = 12
"""So many messages of the common kind are imagined for each intent: few messages prove little."""


class Vote(NamedTuple):
    """How strongly something is meant, what its best phrase gave to that, and the phrase."""

    score: float
    held: float
    phrase: Phrase | None


class Votes:
    """The phrases and labelled messages of all intents, ready to vote on what was heard."""

    def __init__(
        self, phrases: Iterable[Phrase], messages: Iterable[tuple[str, str]], lexicon: Lexicon
    ) -> None:
        self._lexicon = lexicon
        by_words: dict[frozenset[str], list[Phrase]] = defaultdict(list)
        told: list[tuple[str, list[str]]] = []
        for phrase in phrases:
            if plain := self.plain(phrase.words):
                by_words[frozenset(plain)].append(phrase)
                told.append((phrase.meant.label, plain))
        told += [(label, [one.word for one in lexicon.read(text)]) for label, text in messages]
        self.meant = list(dict.fromkeys(p.meant for own in by_words.values() for p in own))
        self.labels = list(dict.fromkeys(meant.label for meant in self.meant))
        self._place_of = {meant: at for at, meant in enumerate(self.meant)}
        self._at = {label: at for at, label in enumerate(self.labels)}
        self._label = [self._at[meant.label] for meant in self.meant]
        self._first = [self._label.index(at) for at in range(len(self.labels))]
        self.words: dict[str, set[str]] = defaultdict(set)
        for words, own in by_words.items():
            for phrase in own:
                self.words[phrase.meant.label] |= words
        self.weights = self._weigh(by_words)
        self._alone: dict[str, dict[int, Vote]] = defaultdict(dict)
        self._held: dict[str, dict[str, list[_Held]]] = defaultdict(dict)
        for words, own in by_words.items():
            for phrase in own:
                self._place(words, phrase)
        self._speaks = self._evidence(told)

    def plain(self, words: Iterable[str]) -> list[str]:
        """The plain words of a phrase; several that mean one thing together are one."""
        text = " ".join(word for word in words if "_" not in word)
        return [one.word for one in self._lexicon.read(text)] + [w for w in words if "_" in w]

    def said(self, words: Iterable[str]) -> list[str]:
        """Each of *words* once, and the kinds that it is of."""
        own = dict.fromkeys(words)
        return list(dict.fromkeys([*own, *(k for word in own for k in self._lexicon.kinds(word))]))

    def of(self, heard: Sequence[Heard]) -> dict[Meant, Vote]:
        """Every intent that something speaks for, with the votes it has."""
        words = [one.word for one in heard]
        said = self.said(words)
        rows = [self._speaks[one] for one in (*said, *_pairs(words)) if one in self._speaks]
        if not rows:
            return {}
        speaks = list(map(sum, zip(*rows, strict=True)))
        best = self._by_phrases(said, set(words))
        for label, for_it in enumerate(speaks):
            if for_it > 0:
                best.setdefault(self._first[label], SILENT)
        return {
            self.meant[at]: Vote(vote.held + speaks[self._label[at]], vote.held, vote.phrase)
            for at, vote in best.items()
        }

    def _by_phrases(self, said: Sequence[str], own: set[str]) -> dict[int, Vote]:
        """What the best phrase of each intent gives."""
        best: dict[int, Vote] = {}
        among = set(said)
        for leader in said:
            for at, vote in self._alone.get(leader, NOTHING).items():
                if at not in best or vote.held > best[at].held:
                    best[at] = vote
            others = self._held.get(leader)
            if not others:
                continue
            for word in said:
                for one in others.get(word, ()):
                    if one.without and not one.without.isdisjoint(among):
                        continue
                    held = self._score(one.words, one.whole, among, own)
                    if one.at not in best or held > best[one.at].held:
                        best[one.at] = Vote(held, held, one.phrase)
        return best

    def _score(self, words: frozenset[str], whole: float, said: set[str], own: set[str]) -> float:
        missed = words - said
        if missed:
            held = whole - sum([self.weights[word] for word in missed])
            return float(held * (held / whole) ** HALF_SAID)
        return whole + WHOLE * min(len(words), 2) + (NO_MORE if words >= own else 0)

    def _place(self, words: frozenset[str], phrase: Phrase) -> None:
        """Put *phrase* where it is found by its weightiest word and another, or by that alone."""
        leader = max(sorted(words), key=self.weights.__getitem__)
        whole = math.fsum(sorted(self.weights[word] for word in words))
        without = frozenset(self.plain(phrase.without)) if phrase.without else NOTHING_SAID
        at = self._place_of[phrase.meant]
        one = _Held(at, words, whole, without, phrase)
        for word in words - {leader} if len(words) > 1 and not without else {leader}:
            self._held[leader].setdefault(word, []).append(one)
        if len(words) > 1 and not without:
            held = self._score(words, whole, {leader}, set())
            if at not in self._alone[leader] or held > self._alone[leader][at].held:
                self._alone[leader][at] = Vote(held, held, phrase)

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

    def _evidence(self, told: Iterable[tuple[str, Sequence[str]]]) -> dict[str, list[float]]:
        """What each word adds for each label: how much more common it is there than in all."""
        uses: dict[str, Counter[str]] = defaultdict(Counter)
        size: Counter[str] = Counter()
        for labels, words in told:
            for label in set(labels.split("+")).intersection(self.labels):
                size[label] += 1
                for one in {*self.said(words), *_pairs(words)}:
                    uses[one][label] += 1
        sizes = [size[label] + DOUBT for label in self.labels]
        never = [SPEAKS * math.log(DOUBT / size) for size in sizes]
        never_paired = [PAIRED * speaks for speaks in never]
        table: dict[str, list[float]] = {}
        for one, own in uses.items():
            paired = " " in one
            if paired and own.total() < 2:
                continue
            table[one] = row = (never_paired if paired else never).copy()
            factor = SPEAKS * (PAIRED if paired else 1)
            common = math.fsum(sorted(n / size[label] for label, n in own.items()))
            common /= len(self.labels)
            for label, n in own.items():
                at = self._at[label]
                row[at] = factor * math.log((n / common + DOUBT) / sizes[at])
        return table


class _Held(NamedTuple):
    """A phrase as it is weighed: for which of `Votes.meant`, its words, what all of them weigh."""

    at: int
    words: frozenset[str]
    whole: float
    without: frozenset[str]
    phrase: Phrase


SILENT: Final = Vote(0.0, 0.0, None)
NOTHING: Final[Mapping[int, Vote]] = {}
NOTHING_SAID: Final[frozenset[str]] = frozenset()


def _pairs(words: Sequence[str]) -> list[str]:
    """Each two words that stand beside each other, once."""
    return list(dict.fromkeys(f"{one} {other}" for one, other in pairwise(words)))


def _family(meant: Meant) -> str:
    """What shares its words: the sub-cases of a service are one."""
    return meant.service or meant.label
