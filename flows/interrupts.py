"""Questions and small talk in the middle of a form: answered, and the question is put again.

An answer is never taken for an interrupt, unless its field takes any words at all and the reply is
a question beyond doubt. What the question on the table cannot take may be one more easily.
"""

from collections.abc import Mapping
from typing import Final

from flows import commands, filling, plain_words, questions, review
from flows.session import Put
from flows.talk import Talk
from flows.understanding.phrases import Meant
from flows.understanding.router import Understood
from flows.understanding.whole import ticket_in
from forms import cleaning
from forms.agreement import yes_or_no
from forms.choices import match

STEERING: Final[Mapping[str, str]] = {
    "MENU": "MENU",
    "KEMBALI": "0",
    "BATAL": "BATAL",
    "BANTUAN": "BANTUAN",
}
"""Small talk that means a reserved word."""

AGAIN: Final = frozenset({"SAPA", "ULANG"})
"""Small talk after which the question is simply put again."""

ASKING: Final = frozenset({*plain_words.TRACKING, "JAM"})
"""Small talk that counts only as a question: *sudah saya kirim* is none."""

HOW_LONG: Final = Meant("INFO.PANDUAN", answer="lama")

MOST_FIGURES: Final = 4
"""With more of them the reply is a number that was mistyped, not talk."""


def handled(talk: Talk, said: str) -> bool:
    """Deal with *said* where it does not answer the question on the table."""
    put, journey = talk.session.put, talk.active
    if put is None:
        return False
    if put.kind in filling.KINDS and journey is not None:
        taken, any_words = filling.takes(talk, journey, put, said)
    elif talk.session.phase == "review" and talk.session.journey is not None:
        taken = _picks(put, said) or review.names_line(talk, talk.session.journey, said)
        any_words = False
    else:
        taken, any_words = _picks(put, said), False
    if taken and not (any_words and _talks(talk, said)):
        return False
    if sum(map(str.isdigit, said)) > MOST_FIGURES:
        return False
    found = plain_words.understood(talk, said)
    if found.decision != "answer" or found.meant.talk == "DARURAT":  # that was said before
        return False
    return _asked(talk, found, said) if taken else _meant(talk, put, found, said)


def _talks(talk: Talk, said: str) -> bool:
    """Whether *said* may be more than an answer."""
    return talk.assets.journeys.router.may_ask_or_mean(said, "TERIMAKASIH")


def _picks(put: Put, said: str) -> bool:
    """Whether *said* answers a question that is none of the form's own."""
    return match(said, put.options) is not None or yes_or_no(said) is not None


def _asked(talk: Talk, found: Understood, said: str) -> bool:
    """Answer a question where any words would do as an answer."""
    wanted = bool(found.meant.answer) or found.meant.talk in plain_words.OFFERED
    question = wanted and _is_question(found, said)
    several = len(cleaning.words(said)) > 1
    if not several or not (question or found.meant.talk == "TERIMAKASIH"):
        return False
    plain_words.tell(talk, found.meant, said)
    questions.again(talk)
    return True


def _meant(talk: Talk, put: Put, found: Understood, said: str) -> bool:
    """Act on what the question could not take: talk, a question, or the wish for something else.

    Where there are options, a wish is most likely one of them, told at length. One for the service
    that is being asked about is an answer that was not taken.
    """
    meant = found.meant
    chooses = any(option.value not in filling.WAYS_OUT for option in put.options)
    here = talk.active is not None and talk.active.service == meant.service
    wish = meant.service and not here and not chooses
    question = (meant.answer or meant.talk in ASKING) and _is_question(found, said)
    small = meant.talk not in ("", *ASKING)
    if not (small or wish or question):
        return False
    if meant.talk in STEERING:
        commands.run(talk, STEERING[meant.talk])
        return True
    if meant.service:
        talk.say("obrolan.layanan_lain", judul=talk.title(meant.service))
    elif meant.talk not in AGAIN and not plain_words.tell(talk, _of_form(talk, meant, said), said):
        return False
    questions.again(talk)
    return True


def _of_form(talk: Talk, meant: Meant, said: str) -> Meant:
    """Who asks after a request and has none means this form: how long will it take?"""
    unsent = meant.talk == "LACAK" and not talk.session.open and not ticket_in(said)
    return HOW_LONG if unsent else meant


def _is_question(found: Understood, said: str) -> bool:
    return found.asks or "?" in said
