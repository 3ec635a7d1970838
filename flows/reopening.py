"""Opening a request again that is over and yet not solved: offered, asked why, handed on."""

from typing import Final

from flows import arriving, ended, questions, rating
from flows.events import Desk
from flows.facts import Reopen, Say
from flows.session import FORM
from flows.talk import Talk
from forms import cleaning
from forms.fields import Reply

KIND: Final = "reopen"
"""The question what is not solved yet."""

OFFER: Final = "buka_lagi.tawar"
"""The sentence that offers it below a status."""

BUSY: Final = frozenset({*FORM, "consent", "correcting"})
"""Phases whose question goes first."""

REPLACED: Final = frozenset({"menu", "ended"})
"""Questions that a button may take the place of."""


def tell_end(talk: Talk, key: str, event: Desk) -> None:
    """Say *key*, how a request ended, with the button below it where that is in nobody's way."""
    values = {"tiket": event.ticket, "judul": talk.title(event.service), "teks": event.text}
    if _is_free(talk) and (back := ended.way_back(talk, event.ticket)):
        talk.put("ended", key, (*back, *talk.buttons("menu")), values)
    else:
        talk.facts.append(Say(key, values))


def tell_status(talk: Talk, ticket: str = "") -> bool:
    """Tell how *ticket* stands ('': the newest); whether it can be opened again right below."""
    session = talk.session
    talk.tell_status(ticket)
    if not ticket and session.ended and not session.open:
        ticket = session.ended[-1].ticket
    back = ended.way_back(talk, ticket)
    if not (_is_free(talk) and back):
        if session.put is not None and session.put.kind == "ended":
            session.put = None  # nobody wants to read a result again
        return False
    talk.put("ended", OFFER, (*back, *talk.buttons("menu")), {"tiket": ticket})
    return True


def wish(talk: Talk) -> bool:
    """*Belum selesai* means what ended last; False where something is still open, or nothing."""
    session = talk.session
    if session.open or not session.ended:
        return False
    begin(talk, session.ended[-1].ticket)
    return True


def pressed(talk: Talk, value: str) -> bool:
    """Whether *value* is that of the button; it is answered then."""
    if not value.startswith(ended.PREFIX):
        return False
    ticket = value.removeprefix(ended.PREFIX)
    if talk.session.phase in BUSY:
        talk.say("buka_lagi.nanti", tiket=ticket)
        questions.again(talk)
    else:
        begin(talk, ticket)
    return True


def begin(talk: Talk, ticket: str) -> None:
    """Ask what is not solved yet, or say why *ticket* is not opened from here."""
    session = talk.session
    known = ended.find(session, ticket)
    if known is not None and ended.is_for_officers(talk, known):
        talk.say("buka_lagi.petugas", tiket=ticket)
        questions.again(talk)
        return
    if any(one.ticket == ticket for one in session.open):
        talk.say("buka_lagi.sudah", tiket=ticket)
        questions.again(talk)
        return
    if session.phase == "rating":
        rating.leave(talk)
    elif session.phase != "menu":
        talk.shift("leave")
    options = talk.buttons("LEWATI", "menu")
    talk.put(KIND, "buka_lagi.tanya", options, {"tiket": ticket}, state=ticket)


def is_asking(talk: Talk) -> bool:
    """Whether the question on the table is what is not solved yet."""
    put = talk.session.put
    return put is not None and put.kind == KIND


def reply(talk: Talk, said: Reply) -> None:
    """The reason in words, '' for none."""
    put = talk.session.put
    assert put is not None
    if not isinstance(said, str):
        questions.again(talk)
        return
    arriving.settle(talk)
    talk.facts.append(Reopen(put.state, cleaning.clean(said)))


def _is_free(talk: Talk) -> bool:
    """Whether nothing lies on the table that somebody may be about to answer."""
    put = talk.session.put
    return talk.session.phase == "menu" and (put is None or put.kind in REPLACED)
