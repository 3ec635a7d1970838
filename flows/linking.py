"""Going on in another chat: a code from the old one, and the requests that follow it.

Two sessions take part, each in turns of its own: `hand_over` in the old chat, `take_over` in the
new one. Drafts, and what is known of persons, stay where they are.
"""

import re
from typing import Final

from flows import arriving, rating, reopening, still_open
from flows.events import HandOver, TakeOver
from flows.facts import AskedCode, GaveCode, HandedOver
from flows.session import Session
from flows.talk import Talk
from forms.reserved import LONGEST_COMMAND, reserved

WORD: Final = "SAMBUNG"

SHORTEST: Final = 8
LONGEST: Final = 12
"""Letters of what may be meant as a code: one too few or too many is a slip, not an answer."""

FIGURE: Final = re.compile(r"\d")

PASSED: Final = frozenset({"ended", reopening.KIND, still_open.KIND})
"""Questions about requests, which nobody answers here any more."""


def ask(talk: Talk) -> None:
    """Ask for a code that is to be written in another chat."""
    talk.facts.append(AskedCode())


def given(talk: Talk, text: str) -> bool:
    """Whether *text* is the word with a code of another chat behind it; it is used then."""
    code = code_in(text, talk.session.language)
    if code:
        talk.facts.append(GaveCode(code))
    return bool(code)


def code_in(text: str, language: str = "id") -> str:
    """``ABCDE23456`` of ``sambung abcde-23456``, '' where there is none.

    It has a figure, as no words have that somebody answers with.
    """
    if len(text) > LONGEST_COMMAND or not FIGURE.search(text):
        return ""
    word, _, rest = text.strip().partition(" ")
    if not FIGURE.search(rest) or reserved(word, language) != WORD:
        return ""
    code = "".join(filter(str.isalnum, rest.upper()))
    return code if SHORTEST <= len(code) <= LONGEST else ""


def hand_over(talk: Talk, event: HandOver) -> None:
    """Give away what is known of requests; what an officer was told here ends."""
    session = talk.session
    taken = TakeOver(
        open=session.open,
        ended=session.ended,
        serving=session.serving,
        corrections=session.corrections,
        rating=session.rating,
    )
    _part(talk)
    if taken != TakeOver():
        session.elsewhere = event.to.partition(":")[0]
    talk.facts.append(HandedOver(event.to, taken))


def take_over(talk: Talk, event: TakeOver) -> None:
    """Go on with the requests of another chat where that stood."""
    session = talk.session
    session.elsewhere = ""
    session.open += event.open
    session.ended += event.ended
    session.serving += event.serving
    session.corrections += event.corrections
    if event.rating is not None and session.rating is None:
        rating.take_over(talk, event.rating)
    if not event.tickets:
        talk.say("sambung.tak_ada_lagi")
        return
    talk.say("sambung.jadi", tiket=", ".join(event.tickets))
    if session.phase == "rating" and (event.serving or event.corrections):
        rating.leave(talk)
    if event.corrections and session.phase in ("menu", "serving"):
        arriving.start_correction(talk)
        return
    for correction in event.corrections:
        arriving.tell_correction(talk, correction, "petugas.perbaikan_nanti")
    if event.serving and session.phase == "menu":
        session.put = None
        talk.shift("serve")
    talk.tell_status(event.tickets[-1])


def _part(talk: Talk) -> None:
    session = talk.session
    if session.phase == "rating":
        rating.leave(talk)
    elif session.phase in ("correcting", "serving"):
        talk.shift("leave")
        session.put = None
    elif _is_passed(session):
        session.put = None
    session.open, session.ended, session.serving, session.corrections = [], [], [], []
    session.rating = None
    talk.drop_timer(rating.TIMER)


def _is_passed(session: Session) -> bool:
    return session.put is not None and session.put.kind in PASSED
