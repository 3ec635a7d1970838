"""One turn of a conversation: an event comes in, the session changes, facts go out. Pure."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final, NamedTuple

from flows import (
    arriving,
    desk,
    drafts,
    known,
    linking,
    links,
    menu,
    questions,
    rating,
    replies,
    upgrade,
)
from flows.assets import Assets
from flows.events import (
    Blocking,
    Contact,
    Crowd,
    Desk,
    Edited,
    Event,
    HandOver,
    Opened,
    Press,
    Sent,
    TakeOver,
    Text,
    TimerFired,
    TooMany,
    Unfit,
)
from flows.facts import Blocked, Fact
from flows.journey import Move
from flows.moves import REVIEW
from flows.session import Session
from flows.talk import Talk
from flows.words import is_emergency
from forms.reserved import reserved

CROWD_AGAIN: Final = timedelta(days=1)
"""How long a group is not told again that it is not served."""


class Turn(NamedTuple):
    """What a turn made: the session to store, facts to act on, and the moves it took."""

    session: Session
    facts: list[Fact]
    moves: list[Move]


def turn(session: Session, event: Event, assets: Assets) -> Turn:
    """Let *event* happen to *session*, which is changed in place; the same input, the same turn."""
    talk = Talk(session, assets)
    HAPPENED.get(type(event), _written)(talk, event)
    drafts.keep_timers(talk)
    return Turn(session, talk.facts, talk.moves)


def _written(talk: Talk, event: Event) -> None:
    """The participant did something in the chat: who writes has us unblocked."""
    _note(talk, blocked=False)
    if not talk.session.met:
        _first(talk, event)
    elif _up_to_date(talk):
        HANDLERS[type(event)](talk, event)


def _desk(talk: Talk, event: Desk) -> None:
    talk.session.met = True
    desk.act(talk, event)


def _too_many(talk: Talk, _: TooMany) -> None:
    """Some of what was sent was not stored; a group, where nobody is served, does not hear it."""
    if talk.session.met:
        talk.say("pesan.terlalu_banyak")


def _crowd(talk: Talk, _: Crowd) -> None:
    """A group is told once a day that only private chats are served, and nothing else ever."""
    told, now = talk.session.crowd_told, talk.assets.now
    if told is None or now - told >= CROWD_AGAIN:
        talk.session.crowd_told = now
        talk.say("grup.tolak")


def _blocking(talk: Talk, event: Blocking) -> None:
    _note(talk, event.blocked)


def _note(talk: Talk, blocked: bool) -> None:
    """Note whether we are blocked."""
    if talk.session.blocked != blocked:
        talk.session.blocked = blocked
        talk.facts.append(Blocked(blocked))


def _first(talk: Talk, event: Event) -> None:
    """Whatever comes first is greeted; a link or plain words may have chosen a service already."""
    talk.session.met = True
    if isinstance(event, Text) and reserved(event.text) == "ENGLISH":
        talk.session.language = "en"
    if isinstance(event, Text) and is_emergency(event.text):
        talk.say("darurat")
    menu.greet(talk, "sapa.baru")
    if isinstance(event, Text) and linking.given(talk, event.text):
        return
    link = links.read(talk, event.start) if isinstance(event, Opened) else links.Link()
    _keep_branch(talk, link)
    if link.name:
        menu.follow(talk, link.name)
    elif not (isinstance(event, Text) and menu.needs(talk, event.text)):
        questions.main_menu(talk)


def _keep_branch(talk: Talk, link: links.Link) -> None:
    """The branch of a link is the participant's, and that of the next form."""
    if link.branch:
        talk.session.branch = talk.session.linked = link.branch


def _up_to_date(talk: Talk) -> bool:
    """Bring an open form to its present version; False when its question is gone."""
    session, journey = talk.session, talk.active
    if journey is None:
        return True
    service = talk.service(journey.service)
    if service is None:
        _withdrawn(talk)
        return False
    if not upgrade.bring(talk, journey, service):
        return True
    put = session.put
    if session.phase == "review":
        asked_on = talk.at(journey).state == REVIEW
    else:
        asked_on = put is None or put.state == "" or upgrade.place(talk, journey, put)
    if asked_on:
        return True
    talk.say("formulir.baru")
    if session.phase == "correcting":
        session.corrections.pop(0)
        talk.shift("leave")
        arriving.settle(talk)
        questions.again(talk)
    else:
        arriving.walk(talk, journey, talk.at(journey))
    return False


def _withdrawn(talk: Talk) -> None:
    """The service of the open form does not exist any more."""
    session = talk.session
    if session.phase == "correcting":
        session.corrections.pop(0)
    else:
        session.journey = None
    talk.shift("leave")
    talk.say("formulir.hilang")
    arriving.settle(talk)
    questions.again(talk)


def _opened(talk: Talk, event: Opened) -> None:
    """The link again: to the service that it names, or back to the form that is open."""
    menu.greet(talk, "sapa.kembali")
    link, active = links.read(talk, event.start), talk.active
    if talk.session.phase != "menu":
        if active and talk.service(link.name) and link.name != active.service:
            talk.say("obrolan.layanan_lain", judul=talk.title(link.name))
        questions.again(talk)
        return
    _keep_branch(talk, link)
    if link.name:
        menu.follow(talk, link.name)
    else:
        questions.again(talk)


def _timer(talk: Talk, event: TimerFired) -> None:
    if event.kind in talk.session.timers:
        talk.session.timers.remove(event.kind)
        TIMERS[event.kind](talk)


TIMERS: Final[Mapping[str, Callable[[Talk], None]]] = {
    drafts.REMIND: drafts.remind,
    drafts.EXPIRE: drafts.expire,
    rating.TIMER: rating.ask,
    known.TIMER: known.forget,
}

HAPPENED: Final[Mapping[type, Callable[[Talk, Any], None]]] = {
    Desk: _desk,
    TimerFired: _timer,
    HandOver: linking.hand_over,
    TakeOver: linking.take_over,
    TooMany: _too_many,
    Crowd: _crowd,
    Blocking: _blocking,
}
"""What else can happen than that the participant writes."""

HANDLERS: Final[Mapping[type, Callable[[Talk, Any], None]]] = {
    Text: replies.text,
    Press: replies.press,
    Sent: replies.sent,
    Unfit: replies.unfit,
    Contact: replies.contact,
    Edited: replies.edited,
    Opened: _opened,
}
