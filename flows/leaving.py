"""Leaving a question: back to the one before, or out of the form."""

from flows import arriving, asking, drafts, questions
from flows.journey import At
from flows.session import Journey, Put
from flows.talk import Talk
from forms.choices import Option, chosen, not_offered
from forms.fields import Reply


def cancel(talk: Talk, journey: Journey, put: Put, said: Reply, picked: Option | None) -> None:
    """The answer to BATAL: put aside, delete, or go on."""
    picked = chosen(said, picked, put.options)
    match picked.value if picked else "":
        case "simpan":
            drafts.park(talk)
            arriving.settle(talk)
        case "hapus":
            values = {"judul": talk.title(journey.service)}
            drafts.abandoned(talk, journey, "cancelled")
            arriving.close(talk, "leave", "nav.batal_ya", values)
        case "teruskan":
            at = talk.at(journey)
            arriving.arrive(talk, journey, at)
        case _:
            talk.pose("salah.pilihan", not_offered(said, len(put.options)))


def back(talk: Talk) -> None:
    """To the question before: its old answer is shown, and TETAP keeps it.

    While one line of the review is edited that is the review; before the first question it is the
    menu, with the form put aside.
    """
    put, journey = talk.session.put, talk.session.journey
    assert put is not None and journey is not None
    at = talk.at(journey)
    if put.kind in ("unsure", "offer", "third", "cancel"):
        arriving.arrive(talk, journey, at)
        return
    here = (at.state, at.item)
    path = at.service.walk(at)
    if journey.editing or put.kind == "change":
        arriving.arrive(talk, journey, at)
        return
    before = path.index(here) if here in path else len(path)
    if before == 0:
        drafts.park(talk)
        questions.main_menu(talk)
        return
    at.state, at.item = path[before - 1]
    if talk.session.phase == "review":
        talk.shift("change")
    show_old(talk, at)
    questions.ask(talk, journey, at)


def show_old(talk: Talk, at: At) -> None:
    """Say what the question at which *at* stands was answered with, masked."""
    state = at.service.states[at.state]
    title = asking.label(state, at.item, talk.session.language)
    talk.say("nav.kembali", lama=asking.shown(state, at), judul=title)
