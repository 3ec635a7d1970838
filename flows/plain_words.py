"""Plain words where something else was expected: what they want, and what is done about it."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flows.information import INFORMATION
from flows.talk import Talk
from flows.understanding.phrases import Meant
from flows.understanding.router import Understood
from flows.understanding.whole import ticket_in
from forms.choices import Option
from forms.language import words

KIND: Final = "which"
"""The kind of the question that asks which of two things is meant."""
NEITHER: Final = "bukan"
NEED: Final = "yang_"
"""What the buttons' values begin with: a bare number would be taken for the one that is typed."""

OFFERED: Final[Mapping[str, str]] = {"AGEN": "petugas", "JAM": "jam", "LACAK": "tiket"}
"""Small talk that may be one of two things to choose from, with its button."""

TRACKING: Final = frozenset({"LACAK", "BUKA_LAGI"})
"""Small talk about a request that was sent."""

SAYINGS: Final[Mapping[str, str]] = {
    "TERIMAKASIH": "obrolan.terima_kasih",
    "KASAR": "obrolan.kasar",
    "DARURAT": "darurat",
}
"""Small talk that is answered by a sentence of its own."""


def understood(talk: Talk, said: str) -> Understood:
    """What *said* means to the services that are loaded."""
    return talk.assets.journeys.router.understand(said)


def warns(talk: Talk, said: str) -> bool:
    """Whether *said* tells of an emergency without naming it: *bapak saya pingsan*."""
    if not talk.assets.journeys.router.may_mean(said, "DARURAT"):
        return False
    found = understood(talk, said)
    return found.meant.talk == "DARURAT" and found.decision == "answer"


def tell(talk: Talk, meant: Meant, said: str) -> bool:
    """Give the answer that needs no form; False where *meant* has none."""
    if meant.answer:
        _say(talk, f"info.{meant.answer}", INFORMATION[meant.answer].values())
    elif meant.talk in SAYINGS:
        _say(talk, SAYINGS[meant.talk], {})
    elif meant.talk in ("AGEN", "JAM"):
        talk.tell_hours()
    elif meant.talk in TRACKING:
        talk.tell_status(ticket_in(said))
    else:
        return False
    return True


def _say(talk: Talk, key: str, values: Mapping[str, Any]) -> None:
    """Say it; in the menu what can be picked there is offered below."""
    if talk.session.phase == "menu" and talk.session.put is not None:
        talk.pose(key, values)
    else:
        talk.say(key, **values)


def ask_which(talk: Talk, found: Understood) -> bool:
    """Ask which of the two is meant; False where one of them is nothing to choose."""
    both = [one for one in (found.meant, found.other) if one is not None]
    kept = [[one.service, dict(one.answers), one.answer, one.talk] for one in both]
    options = offered(talk, kept)
    if len(options) <= 2:
        return False
    talk.put(KIND, "menu.yang_mana", options, {}, value=kept)
    return True


def offered(talk: Talk, kept: Sequence[Any]) -> tuple[Option, ...]:
    """The needs that were *kept* to choose from, and neither of them."""
    each = [(value, picked(kept, value)) for value in (f"{NEED}{n}" for n in range(len(kept)))]
    found = [option for value, one in each if one and (option := _option(talk, one, value))]
    return (*found, *talk.buttons(NEITHER))


def picked(kept: Sequence[Any], value: str) -> Meant | None:
    """Which of the two that were *kept* was picked; None for neither."""
    if value == NEITHER:
        return None
    service, answers, answer, small = kept[int(value.removeprefix(NEED))]
    return Meant("", service, tuple(answers.items()), answer, small)


def _option(talk: Talk, meant: Meant, value: str) -> Option | None:
    """How *meant* is offered, None for small talk that nobody chooses."""
    language = talk.session.language
    if meant.service:
        return Option(value, words(talk.title(meant.service), language))
    if meant.answer:
        return Option(value, words(INFORMATION[meant.answer].title, language))
    if meant.talk in OFFERED:
        return Option(value, talk.buttons(OFFERED[meant.talk])[0].label)
    return None
