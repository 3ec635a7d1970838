"""How a finished request was served: asked once, some time after the result, in three words."""

from datetime import timedelta
from typing import Final

from flows import arriving
from flows.facts import Rated, SetTimer
from flows.session import Ticket
from flows.talk import Talk
from forms import cleaning
from forms.choices import Option, chosen
from forms.fields import Reply

TIMER: Final = "rate"
AFTER: Final = timedelta(minutes=10)
SCORES: Final = {"baik": 3, "cukup": 2, "kurang": 1}


def later(talk: Talk, ticket: Ticket) -> None:
    """Ask in a while, unless the service is one after which nobody is asked."""
    flow = talk.assets.journeys.flows.get(ticket.service)
    if flow is not None and flow.rate:
        talk.session.rating = ticket
        talk.set_timer(SetTimer(TIMER, talk.assets.now + AFTER))


def ask(talk: Talk) -> None:
    """Ask now if nothing else is going on, otherwise a while later."""
    session = talk.session
    if session.rating is None:
        return
    if session.phase != "menu":
        talk.set_timer(SetTimer(TIMER, talk.assets.now + AFTER))
        return
    talk.shift("rate")
    values = {"tiket": session.rating.ticket}
    talk.put("rating", "nilai.tanya", talk.buttons(*SCORES), values)


def reply(talk: Talk, said: Reply, picked: Option | None) -> bool:
    """Take the rating, or the words after a poor one; whether it was one at all."""
    session = talk.session
    put, ticket = session.put, session.rating
    assert put is not None and ticket is not None
    if put.kind == "rating_text":
        if isinstance(said, str):
            _thank(talk, Rated(ticket.ticket, SCORES["kurang"], cleaning.clean(said)))
        return isinstance(said, str)
    picked = chosen(said, picked, put.options)
    if picked is None:
        return False
    rated = Rated(ticket.ticket, SCORES[picked.value])
    if picked.value == "kurang":
        talk.facts.append(rated)
        talk.put("rating_text", "nilai.kurang", talk.buttons("LEWATI"), {})
    else:
        _thank(talk, rated)
    return True


def skip(talk: Talk) -> None:
    """LEWATI: no rating, or none in words."""
    talk.session.rating = None
    talk.shift("rated")
    talk.say("nilai.terima")
    arriving.settle(talk)


def leave(talk: Talk) -> None:
    """Something else was written: the question is dropped."""
    talk.session.rating = None
    talk.shift("leave")
    talk.session.put = None


def _thank(talk: Talk, rated: Rated) -> None:
    talk.facts.append(rated)
    skip(talk)
