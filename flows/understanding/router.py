"""What a message wants: phrases and single words vote for intents, and each vote can be shown."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, NamedTuple

from flows.spec import Flow
from flows.understanding.lexicon import Heard, load
from flows.understanding.phrases import Meant, Phrase, collect
from flows.understanding.talk import TALK
from forms import cleaning
from forms.agreement import DRAWN_OUT, POLITE, yes_or_no

Decision = Literal["answer", "ask", "none"]

NOTHING: Final = Meant("OOS.LAIN", answer="lain")
"""What a message means that fits no intent."""

LIGHT: Final = 0.25
"""How much of its weight a word has that says little by itself."""
UNKNOWN: Final = 0.7
"""What a word weighs that no intent knows; at most `MOST_UNKNOWN` of them count."""
MOST_UNKNOWN: Final = 3
HALF_SAID: Final = 3.0
"""How fast a phrase loses its vote with each word that was not said."""
WHOLE: Final = 0.15
"""What each of the first two words of a phrase adds when all of it was said."""
NO_MORE: Final = 0.4
"""What a phrase has more when nothing else was said."""
HINTS: Final = 0.45
"""What single words add to the phrases' votes."""

WEAK: Final = 0.45
"""Votes below this mean nothing."""
COVERED: Final = 0.34
"""An intent must explain this part of what was said."""
CERTAIN: Final = 0.6
"""Below this confidence nothing is done without asking."""
NEARLY: Final = 0.8
"""A sub-case with this part of its service's votes is meant."""
SURE: Final = 0.22
"""An intent that leads the next one by this part of its votes is taken without asking."""

ADDED: Final = frozenset(
    {"ah", "eh", "ya", "nih", "tuh", "lho", "aja", "saja", "kang", "teh", "gan"}
)
"""What is added to short messages besides politeness."""
TICKET: Final = re.compile(r"\b[A-Z]{2,5}-[A-Z0-9]{1,4}-\d{3,}\b", re.IGNORECASE)
MOST_BARE: Final = 120
BARE: Final = re.compile(
    r"[\d\s./,:+-]*\d[\d\s./,:+-]*"  # a number, a date
    r"|\S+@\S+\.\w+"
    r"|(jl|jln|jalan|gg|gang|perum|komplek)\b\.?(\s\S+){1,8}"
    r"|(kab|kc)\b\.?(\s\S+){1,2}"
    r"|.*\brt\W*\d.*\brw\W*\d.*"
    r"|kelas\s([123]|i{1,3})",
    re.IGNORECASE,
)
"""An answer by itself, without the question: a number, an address, an office, a class."""


@dataclass(frozen=True)
class Understood:
    """What a message means.

    *intent* and *second* are labels (*second* is '' without one), *confidence* is 0 to 1. The
    *decision* is to ``answer``, to ``ask`` which of the two is meant, or ``none``: nothing fits.
    *meant* and *other* are what the two lead to. *asks* tells whether there is a question word,
    *because* lists what spoke for the intent.
    """

    intent: str
    second: str
    confidence: float
    decision: Decision
    meant: Meant
    other: Meant | None = None
    asks: bool = False
    because: tuple[str, ...] = ()


class Vote(NamedTuple):
    """How strongly something is meant, and the phrase that says so most."""

    score: float
    phrase: Phrase


class Router:
    """All intents with their phrases, ready to understand a message."""

    def __init__(self, flows: Mapping[str, Flow]) -> None:
        phrases = collect(flows)
        own = {word for phrase in phrases for word in phrase.words if "_" not in word}
        self.lexicon = load(sorted(own, key=lambda word: (len(word), word)))
        self._phrases: dict[frozenset[str], list[Phrase]] = defaultdict(list)
        self._without: dict[Phrase, frozenset[str]] = {}
        for phrase in phrases:
            words = frozenset(self._plain(phrase.words))
            if words:
                self._phrases[words].append(phrase)
                self._without[phrase] = frozenset(self._plain(phrase.without))
        self._weights = self._weigh()
        self._led: dict[str, list[tuple[frozenset[str], float]]] = defaultdict(list)
        for words in self._phrases:
            leader = max(sorted(words), key=self._weights.__getitem__)
            self._led[leader].append((words, math.fsum(self._weights[word] for word in words)))
        self._hints = self._shares()
        self._speaking = cache(self._all_speaking)
        self._alone = {
            tuple(self._alone_words(text)): Meant(label, talk=label)
            for label, talk in TALK.items()
            for text in talk.alone
        }
        self._most_alone = max(map(len, self._alone))

    def understand(self, text: str) -> Understood:
        """What *text* wants. The same text always means the same."""
        at_once = self._at_once(text)
        if at_once is not None:
            return Understood(at_once.label, "", 1.0, "answer", at_once, because=(text.strip(),))
        heard = self.lexicon.read(text)
        votes = self._votes(heard)
        if not votes:
            return Understood(NOTHING.label, "", 0.0, "none", NOTHING)
        return self._decided(heard, votes)

    def may_mean(self, text: str, heard: Sequence[Heard], label: str) -> bool:
        """Whether anything in *text*, *heard* as these words, speaks for *label*.

        That is much cheaper than to understand it, which may say that something else is meant.
        """
        if not self._speaking(label).isdisjoint([one.word for one in heard]):
            return True
        if len(heard) > self._most_alone:
            return False
        alone = self._alone.get(tuple(self._alone_words(text)))
        return alone is not None and alone.label == label

    def _all_speaking(self, label: str) -> frozenset[str]:
        """The words that speak for *label*, themselves or by what kind they are of."""
        own = {word for word, hints in self._hints.items() if label in hints}
        return frozenset(own.union(*map(self.lexicon.members, own)))

    def _plain(self, words: Iterable[str]) -> list[str]:
        """The plain words of a phrase; several that mean one thing together are one."""
        text = " ".join(word for word in words if "_" not in word)
        return [one.word for one in self.lexicon.read(text)] + [w for w in words if "_" in w]

    def _at_once(self, text: str) -> Meant | None:
        """What a whole message is by its form: a number, a ticket, a word that stands alone."""
        if TICKET.search(text):
            return Meant("LACAK", talk="LACAK")
        if BARE.fullmatch(cleaning.clean(text[:MOST_BARE])):
            return Meant("DATA", talk="DATA")
        alone = self._alone.get(tuple(self._alone_words(text)))
        if alone is not None:
            return alone
        agreed = yes_or_no(text)
        if agreed is not None:
            label = "YA" if agreed else "TIDAK"
            return Meant(label, talk=label)
        return None

    def _alone_words(self, text: str) -> list[str]:
        """The words of a short message without politeness and drawn-out letters."""
        said = [DRAWN_OUT.sub(r"\1", word) for word in cleaning.words(text[:64])]
        return [word for word in said if word not in POLITE and word not in ADDED] or said

    def _weigh(self) -> dict[str, float]:
        """What each word says: the fewer intents use it, the more."""
        users: dict[str, set[str]] = defaultdict(set)
        for words, phrases in self._phrases.items():
            for word in words:
                users[word] |= {_family(phrase.meant) for phrase in phrases}
        labels = len({label for own in users.values() for label in own})
        weights = {
            word: max(0.1, math.log(labels / len(own)) / math.log(labels))
            for word, own in users.items()
        }
        weights |= {w: weight * LIGHT for w, weight in weights.items() if w in self.lexicon.light}
        return {
            word: min([weight, *(weights.get(one, weight) for one in self.lexicon.members(word))])
            for word, weight in weights.items()
        }

    def _shares(self) -> dict[str, dict[str, float]]:
        """How far each word hints at each label: its share of the word's phrases."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        sizes: Counter[str] = Counter()
        for words, phrases in self._phrases.items():
            for label in sorted({phrase.meant.label for phrase in phrases}):
                sizes[label] += 1
                for word in words:
                    counts[word][label] += 1
        shares: dict[str, dict[str, float]] = {}
        for word, own in counts.items():
            rates = {label: count / (sizes[label] + 8) for label, count in own.items()}
            whole = sum(rates.values())
            shares[word] = {label: rate / whole for label, rate in rates.items()}
        return shares

    def _votes(self, heard: Sequence[Heard]) -> dict[Meant, Vote]:
        """Every intent that something speaks for, with the votes it has."""
        own = {one.word for one in heard}
        said = own.union(*(self.lexicon.kinds(word) for word in own))
        best: dict[Meant, Vote] = {}
        weigh = self._weights
        for words, whole in (led for word in sorted(said) for led in self._led.get(word, ())):
            missed = words - said
            held = whole - math.fsum(weigh[word] for word in missed)
            score = held * (held / whole) ** HALF_SAID
            if not missed:
                score += WHOLE * min(len(words), 2) + (NO_MORE if words >= own else 0)
            for phrase in self._phrases[words]:
                if self._without[phrase] & said:
                    continue
                if phrase.meant not in best or score > best[phrase.meant].score:
                    best[phrase.meant] = Vote(score, phrase)
        hints: dict[str, float] = defaultdict(float)
        for word in sorted(said):
            for label, share in self._hints.get(word, {}).items():
                hints[label] += weigh[word] * share
        return {
            meant: Vote(vote.score + HINTS * hints[meant.label], vote.phrase)
            for meant, vote in best.items()
        }

    def _decided(self, heard: Sequence[Heard], votes: Mapping[Meant, Vote]) -> Understood:
        ranked = sorted(votes.items(), key=lambda one: (-one[1].score, one[0].label))
        meant, vote = _more_telling(ranked)
        rival = next((one for one in ranked if not _leads_to_same(one[0], meant)), None)
        lead = 1 - rival[1].score / vote.score if rival else 1.0
        covered = self._covered(heard, meant)
        strength = min(1.0, vote.score)
        confidence = round(strength * covered * (0.5 + 0.5 * min(1.0, lead / (2 * SURE))), 3)
        if vote.score < WEAK or covered < COVERED:
            decision: Decision = "none"
            meant = NOTHING if vote.score < WEAK else meant
        else:
            decision = "answer" if lead >= SURE and confidence >= CERTAIN else "ask"
        next_label = next((m.label for m, _ in ranked if m.label != meant.label), "")
        other = rival[0] if rival else None
        return Understood(
            meant.label,
            other.label if other and decision == "ask" else next_label,
            confidence,
            decision,
            meant,
            other,
            asks=self.asks(heard),
            because=(vote.phrase.text, *(f"{one.said} = {one.word}" for one in heard)),
        )

    def asks(self, heard: Sequence[Heard]) -> bool:
        """Whether there is a question word in what was said."""
        return any(one.word in self.lexicon.questions for one in heard)

    def _covered(self, heard: Sequence[Heard], meant: Meant) -> float:
        """The part of what was said that speaks for *meant*."""
        known = unknown = own = 0.0
        for one in heard:
            words = [one.word, *self.lexicon.kinds(one.word)]
            weight = max((self._weights.get(word, 0.0) for word in words), default=0.0)
            if not weight and one.word not in self.lexicon.light:
                unknown = min(unknown + UNKNOWN, MOST_UNKNOWN * UNKNOWN)
            known += weight
            if any(meant.label in self._hints.get(word, ()) for word in words):
                own += weight
        return own / (known + unknown) if known + unknown else 0.0


def ticket_in(text: str) -> str:
    """The number of a ticket in *text* (``MND-G-0034``), '' without one."""
    found = TICKET.search(text)
    return found[0].upper() if found else ""


def _more_telling(ranked: Sequence[tuple[Meant, Vote]]) -> tuple[Meant, Vote]:
    """The first, or a sub-case of the same service that is nearly as strong: it says more."""
    meant, vote = ranked[0]
    for other, its in ranked[1:]:
        if meant.service and other.service == meant.service and "." in other.label:
            return (other, its) if its.score >= NEARLY * vote.score else ranked[0]
    return ranked[0]


def _leads_to_same(one: Meant, other: Meant) -> bool:
    """Whether both begin the same service or belong to one label: then none is a rival."""
    return one.label == other.label or (bool(one.service) and one.service == other.service)


def _family(meant: Meant) -> str:
    """What shares its words: the sub-cases of a service are one."""
    return meant.service or meant.label
