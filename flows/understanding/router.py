"""What a message wants: the strongest intent, whether that is certain, and why."""

from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from typing import Final, Literal

import msgspec

from flows.spec import Flow
from flows.understanding.lexicon import Heard, Lexicon, load
from flows.understanding.messages import read_messages
from flows.understanding.phrases import Meant, Phrase, collect
from flows.understanding.talk import TALK
from flows.understanding.votes import Vote, Votes, plain
from flows.understanding.whole import alone, at_once

Decision = Literal["answer", "ask", "none"]

NOTHING: Final = Meant("OOS.LAIN", answer="lain")
"""What a message means that fits no intent."""

WEAK: Final = 0.45
"""Votes below this mean nothing."""
NEARLY: Final = 0.8
"""A sub-case with this part of its service's votes is meant."""
SURE: Final = 1.0
"""An intent that leads the next one by so much is taken without asking."""


class Understood(msgspec.Struct, frozen=True):
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


NOTHING_KNOWN: Final = Understood(NOTHING.label, "", 0.0, "none", NOTHING)


class Router:
    """All intents with their phrases; what a message is weighed with is made for the first one."""

    def __init__(
        self, flows: Mapping[str, Flow], messages: Sequence[tuple[str, str]] | None = None
    ) -> None:
        """*messages* are labelled texts, those of ``messages.csv`` where none are given."""
        self._flows = flows
        self._messages = messages
        self._speaking = cache(self._all_speaking)
        self._asking_or = cache(lambda label: self.lexicon.questions | self._speaking(label))

    @cached_property
    def _phrases(self) -> list[Phrase]:
        return collect(self._flows)

    @cached_property
    def lexicon(self) -> Lexicon:
        """What the words of a message mean."""
        own = {word for phrase in self._phrases for word in phrase.words if "_" not in word}
        return load(sorted(own, key=lambda word: (len(word), word)))

    @cached_property
    def votes(self) -> Votes:
        """What weighs a message."""
        told = read_messages() if self._messages is None else self._messages
        small = [(label, text) for label, talk in TALK.items() for text in talk.alone]
        return Votes(self._phrases, [*told, *small], self.lexicon)

    def understand(self, text: str) -> Understood:
        """What *text* wants. The same text always means the same."""
        whole = at_once(text)
        if whole is not None:
            return Understood(whole.label, "", 1.0, "answer", whole, because=(text.strip(),))
        heard = self.lexicon.read(text)
        votes = self.votes.of(heard)
        if not votes:
            return NOTHING_KNOWN
        return self._decided(heard, votes)

    def may_mean(self, text: str, label: str) -> bool:
        """Whether anything in *text* speaks for *label*.

        That is much cheaper than to understand it, which may say that something else is meant.
        """
        if (whole := alone(text)) is not None:
            return whole.label == label
        return self.lexicon.says(text, self._speaking(label))

    def may_ask_or_mean(self, text: str, label: str) -> bool:
        """Whether *text* has a question mark or a question word, or anything speaks for *label*."""
        if "?" in text:
            return True
        if (whole := alone(text)) is not None:
            return whole.label == label or self.lexicon.says(text, self.lexicon.questions)
        return self.lexicon.says(text, self._asking_or(label))

    def _asks(self, heard: Sequence[Heard]) -> bool:
        """Whether there is a question word in what was said."""
        return any(one.word in self.lexicon.questions for one in heard)

    def _all_speaking(self, label: str) -> frozenset[str]:
        """The words that speak for *label*, themselves or by what kind they are of."""
        phrases = [phrase.words for phrase in self._phrases if phrase.meant.label == label]
        own = {word for words in phrases for word in plain(self.lexicon, words)}
        return frozenset(own.union(*map(self.lexicon.members, own)))

    def _decided(self, heard: Sequence[Heard], ranked: Sequence[Vote]) -> Understood:
        vote = _more_telling(ranked)
        meant = vote.meant
        rival = next((one for one in ranked if not _leads_to_same(one.meant, meant)), None)
        other = rival.meant if rival else None
        lead = vote.score - rival.score if rival else vote.score
        confidence = round(max(0.0, min(1.0, lead / (2 * SURE))), 3)
        decision: Decision = "answer" if lead >= SURE else "ask"
        if vote.score < WEAK:
            decision, meant, other = "none", NOTHING, None
        next_label = next((v.meant.label for v in ranked if v.meant.label != meant.label), "")
        told = (vote.phrase.text,) if vote.phrase else ()
        return Understood(
            meant.label,
            other.label if other and decision == "ask" else next_label,
            confidence,
            decision,
            meant,
            other,
            asks=self._asks(heard),
            because=(*told, *(f"{one.said} = {one.word}" for one in heard)),
        )


def _more_telling(ranked: Sequence[Vote]) -> Vote:
    """The first, or a sub-case of the same service that is nearly as strong: it says more."""
    first = ranked[0]
    for vote in ranked[1:]:
        if _is_case_of(first.meant, vote.meant):
            return vote if vote.score >= NEARLY * first.score else first
    return first


def _is_case_of(one: Meant, other: Meant) -> bool:
    return bool(one.service) and one.service == other.service and "." in other.label


def _leads_to_same(one: Meant, other: Meant) -> bool:
    """Whether both begin the same service or belong to one label: then none is a rival."""
    return one.label == other.label or (bool(one.service) and one.service == other.service)
