"""What comes after an answer: the next question, the review, an early result, or a correction."""

from collections.abc import Iterable, Mapping
from typing import Any

from flows import asking, questions, reuse
from flows.facts import Corrected, Line
from flows.journey import At
from flows.moves import REVIEW
from flows.session import Correction, Journey
from flows.spec import Result
from flows.talk import Talk
from forms.choices import Option
from forms.language import words


def answered(talk: Talk, journey: Journey, at: At, redo: Iterable[str] = ()) -> None:
    """Go on from the question that was just answered; *redo* names answers to be given anew."""
    session = talk.session
    if journey.tries:
        journey.tries.pop(tries_key(at), None)
    if at.state in journey.given and at.item == 0:
        journey.given.remove(at.state)
    journey.touched = talk.assets.now
    if session.phase == "correcting":
        if at.service.states[at.state].answered(at):
            corrected(talk, at)
        else:
            questions.ask(talk, journey, at)
        return
    redo = list(redo)
    if redo:
        asking.forget(journey, at, [*redo, at.service.states[at.state].entry.name])
    if redo or journey.stale:
        walk(talk, journey, at)
    else:
        talk.moves += at.service.onward(at)
        arrive(talk, journey, at)


def tries_key(at: At) -> str:
    """Under which refused replies to the present question are counted."""
    return f"{at.state}#{at.item}" if at.item else at.state


def walk(talk: Talk, journey: Journey, at: At) -> None:
    """Go where the answers lead from the first step on."""
    journey.stale = False
    at.service.walk(at)
    arrive(talk, journey, at)


def arrive(talk: Talk, journey: Journey, at: At) -> None:
    """Put what the journey has come to; what is known already is not asked."""
    session = talk.session
    used_up = journey.reuse == {}
    if session.phase == "filling" and not used_up and not at.service.is_result(at.state):
        if reuse.ask(talk, journey):
            return
        reuse.fill(talk, journey, at)
    if at.state == REVIEW:
        journey.editing = False
        if session.phase == "filling":
            talk.shift("complete")
        questions.review(talk, journey)
        return
    if session.phase == "review":
        talk.shift("change")
    if at.service.is_result(at.state):
        entry = at.service.states[at.state].entry
        offered = entry.next if isinstance(entry, Result) else ()
        close(talk, "conclude", *asking.lasting(at, f"result.{at.state}"), offered)
    else:
        questions.ask(talk, journey, at)


def end(talk: Talk, trigger: str) -> None:
    """The form is over: forget it, and turn to what waits."""
    session = talk.session
    if session.journey is not None:
        session.drafts.pop(session.journey.service, None)
    session.journey = None
    talk.shift(trigger)
    settle(talk)


def close(
    talk: Talk, trigger: str, key: str, values: Mapping[str, Any], offered: Iterable[str] = ()
) -> None:
    """The form ends without a report: say *key*, then what waits, or the way to the menu and to
    the services *offered*.
    """
    if talk.session.corrections or talk.session.serving:
        talk.say(key, **values)
        end(talk, trigger)
    else:
        end(talk, trigger)
        services = [way_to(talk, code) for code in offered]
        talk.put("ended", key, (*services, *talk.buttons("menu")), values)


def way_to(talk: Talk, code: str) -> Option:
    """The button that leads to the service *code*."""
    return Option(code, words(talk.title(code), talk.session.language), key=code)


def settle(talk: Talk) -> None:
    """With no form open: ask for a correction that waits, or be with the officer."""
    session = talk.session
    session.put = None
    if session.corrections:
        start_correction(talk)
    elif session.serving:
        talk.shift("serve")


def start_correction(talk: Talk) -> None:
    """Ask the first question of the correction that has waited longest."""
    correction = talk.session.corrections[0]
    talk.shift("correct")
    tell_correction(talk, correction, "petugas.perbaikan")
    questions.ask(talk, correction.journey, talk.at(correction.journey))


def tell_correction(talk: Talk, correction: Correction, key: str) -> None:
    """Say with the sentence *key* what is to be corrected and why, each of several by its name."""
    parts: list[Line] = []
    if correction.more and talk.service(correction.journey.service):
        at = talk.at(correction.journey)
        reasons = {f"{at.state}:{at.item}": correction.text, **correction.more}
        parts = [
            Line(n, _called(talk, at, place), reason)
            for n, (place, reason) in enumerate(reasons.items(), 1)
            if place.rpartition(":")[0] in at.service.states  # it may have gone in an upgrade
        ]
    talk.say(key, tiket=correction.ticket, teks=correction.text, bagian=parts)


def _called(talk: Talk, at: At, place: str) -> str:
    """What the participant calls the answer at *place*, a ``state:item``."""
    state, _, item = place.rpartition(":")
    return asking.label(at.service.states[state], int(item), talk.session.language)


def _places(at: At) -> list[tuple[str, int]]:
    """The present question, for every item of its group."""
    group = at.service.states[at.state].group_name
    return [(at.state, item) for item in range(len(at.answers[group]) if group else 1)]


def corrected(talk: Talk, at: At) -> None:
    """One answer of a correction is given: ask the next one, or hand all of them on."""
    correction = talk.session.corrections[0]
    journey = correction.journey
    for place in list(correction.more):
        correction.text = correction.more.pop(place)
        state, _, item = place.rpartition(":")
        if state in at.service.states:  # it may have gone in an upgrade
            correction.given.append(at.state)
            journey.state, journey.item = state, int(item)
            title = _called(talk, at, place)
            talk.say("perbaikan.berikut", judul=title, teks=correction.text)
            questions.ask(talk, journey, talk.at(journey))
            return
    talk.session.corrections.pop(0)
    step, also = at.state, tuple(correction.given)
    flags: dict[str, None] = {}
    for at.state in (step, *also):
        flags |= dict.fromkeys(asking.marks(at, _places(at)))
    talk.facts.append(
        Corrected(
            correction.ticket, journey.service, step, dict(journey.answers), tuple(flags), also
        )
    )
    talk.shift("corrected")
    settle(talk)
