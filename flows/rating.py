"""How a finished request was served: asked once, some time after the result, in three words."""

from datetime import timedelta
from typing import Final

from flows import arriving, ended
from flows.facts import Rated, SetTimer
from flows.session import Ticket
from flows.talk import Talk
from forms import cleaning
from forms.choices import Option, chosen
from forms.fields import Reply

TIMER: Final = "rate"
SCORES: Final = {"baik": 3, "cukup": 2, "kurang": 1}
IDLE: Final = frozenset({"menu", "ended"})
"""Questions that may be left for this one."""


def later(talk: Talk, ticket: str) -> None:
    """Ask in a while, unless nobody is asked after this service, or this request was asked for."""
    known = ended.find(talk.session, ticket)
    flow = talk.assets.journeys.flows.get(known.service) if known else None
    if known is not None and flow is not None and flow.rate and not known.rated:
        talk.session.rating = known
        _wait(talk)


def take_over(talk: Talk, ticket: Ticket) -> None:
    """Ask in a while about *ticket*, of which another chat was to be asked."""
    talk.session.rating = ticket
    _wait(talk)


def ask(talk: Talk) -> None:
    """Ask now if nothing else is going on, otherwise a while later, and in the end never."""
    session = talk.session
    ticket = session.rating
    if ticket is None:
        return
    busy = session.phase != "menu" or (session.put is not None and session.put.kind not in IDLE)
    within = timedelta(hours=talk.assets.settings.rating_within_hours)
    if ticket.ended is not None and talk.assets.now - ticket.ended > within:
        session.rating = None
    elif busy:
        _wait(talk)
    else:
        if known := ended.find(session, ticket.ticket):
            known.rated = True
        talk.shift("rate")
        values = {"tiket": ticket.ticket}
        talk.put("rating", "nilai.tanya", talk.buttons(*SCORES), values, state=ticket.ticket)


def reply(talk: Talk, said: Reply, picked: Option | None) -> bool:
    """Take the rating, or the words after a poor one; whether it was one at all."""
    put = talk.session.put
    assert put is not None
    if put.kind == "rating_text":
        if isinstance(said, str):
            _thank(talk, Rated(put.state, SCORES["kurang"], cleaning.clean(said)))
        return isinstance(said, str)
    picked = chosen(said, picked, put.options)
    if picked is None:
        return False
    rated = Rated(put.state, SCORES[picked.value])
    if picked.value == "kurang":
        talk.facts.append(rated)
        options = (*talk.buttons("LEWATI"), *ended.way_back(talk, put.state))
        talk.put("rating_text", "nilai.kurang", options, {}, state=put.state)
    else:
        _thank(talk, rated)
    return True


def skip(talk: Talk) -> None:
    """LEWATI: no rating, or none in words."""
    _close(talk)
    talk.shift("rated")
    talk.say("nilai.terima")
    arriving.settle(talk)


def leave(talk: Talk) -> None:
    """Something else was written: the question is dropped."""
    _close(talk)
    talk.shift("leave")
    talk.session.put = None


def forget(talk: Talk, ticket: str) -> None:
    """Nobody is asked about *ticket*, which is not finished after all."""
    rating = talk.session.rating
    if rating is not None and rating.ticket == ticket and talk.session.phase != "rating":
        talk.session.rating = None
        talk.drop_timer(TIMER)


def _wait(talk: Talk) -> None:
    pause = timedelta(minutes=talk.assets.settings.rating_after_minutes)
    talk.set_timer(SetTimer(TIMER, talk.assets.now + pause))


def _close(talk: Talk) -> None:
    """The question on the table is done with; another result may still wait for its own."""
    session = talk.session
    asked = session.put.state if session.put is not None else ""
    if session.rating is not None and asked in ("", session.rating.ticket):
        session.rating = None


def _thank(talk: Talk, rated: Rated) -> None:
    talk.facts.append(rated)
    skip(talk)
