"""What officers did with a request: the participant is told, and what they write is passed on."""

from flows import arriving, rating, reopening, still_open
from flows.events import Desk
from flows.facts import QueueMoved, Rescheduled, Wrote
from flows.journey import Service
from flows.session import Correction, Journey, Ticket
from flows.talk import Talk


def act(talk: Talk, event: Desk) -> None:
    """Say what an officer did, and take the consequences for this chat."""
    still_open.heard(talk, event)
    match event.action:
        case "claimed":
            _join(talk, event)
            branch = _branch(talk, event)
            talk.say("petugas.mulai", tiket=event.ticket, petugas=event.officer, cabang=branch)
        case "replied":
            _join(talk, event)
            values = {"petugas": event.officer, "teks": event.text}
            talk.say("petugas.balas", tiket=event.ticket, **values)
        case "correction":
            _correction(talk, event)
        case "transferred":
            _part(talk, event.ticket)
            branch = _branch(talk, event)
            talk.say("petugas.pindah", tiket=event.ticket, cabang=branch, teks=event.text)
        case "released":
            _part(talk, event.ticket)
            talk.say("petugas.lepas", tiket=event.ticket, cabang=_branch(talk, event))
        case "reopened":
            rating.forget(talk, event.ticket)
            if event.officer:
                values = {"petugas": event.officer, "cabang": _branch(talk, event)}
                talk.say("petugas.buka_lagi", tiket=event.ticket, **values)
        case "expired":
            _part(talk, event.ticket)
            talk.say("selesai.lewat", tiket=event.ticket, judul=talk.title(event.service))
        case "withdrawn":
            _part(talk, event.ticket)
        case "rescheduled":
            talk.facts.append(Rescheduled(event.ticket))
        case "moved":
            talk.facts.append(QueueMoved(event.ticket))
        case "refused" | "finished":
            _ended(talk, event)


def write(talk: Talk, body: object) -> None:
    """Pass what the participant wrote to the officer who was heard of last."""
    talk.facts.append(Wrote(talk.session.serving[-1].ticket, body))


def _join(talk: Talk, event: Desk) -> None:
    session = talk.session
    others = [one for one in session.serving if one.ticket != event.ticket]
    session.serving = [*others, Ticket(event.ticket, event.service, event.branch)]
    if session.phase == "rating":
        rating.leave(talk)
    if session.phase == "menu":
        session.put = None
        talk.shift("serve")


def _part(talk: Talk, ticket: str) -> None:
    session = talk.session
    session.serving = [one for one in session.serving if one.ticket != ticket]
    session.corrections = [
        one
        for n, one in enumerate(session.corrections)
        if one.ticket != ticket or (n == 0 and session.phase == "correcting")
    ]
    if session.phase == "correcting" and session.corrections[0].ticket == ticket:
        session.corrections.pop(0)
        talk.shift("leave")
        arriving.settle(talk)
    elif session.phase == "serving" and not session.serving:
        talk.shift("leave")
        session.put = None


def _ended(talk: Talk, event: Desk) -> None:
    _part(talk, event.ticket)
    key = "selesai.ok" if event.action == "finished" else "selesai.tolak"
    reopening.tell_end(talk, key, event)
    if event.action == "finished":
        rating.later(talk, event.ticket)


def _correction(talk: Talk, event: Desk) -> None:
    """Ask for the answers, one after the other, now or after the form that is open."""
    session = talk.session
    service = talk.service(event.service)
    if service is None or event.step not in service.states or service.is_result(event.step):
        _join(talk, event)
        talk.say("petugas.balas", tiket=event.ticket, petugas=event.officer, teks=event.text)
        return
    journey = Journey(
        event.service,
        service.flow.digest,
        event.ticket,
        talk.assets.now,
        answers=dict(event.values.get("answers", {})),
        state=event.step,
        item=int(event.values.get("item", 0)),
    )
    more = {
        place: reason
        for place, reason in event.values.get("more", {}).items()
        if _asks(service, place)
    }
    correction = Correction(event.ticket, journey, event.text, more)
    session.corrections.append(correction)
    if session.phase == "rating":
        rating.leave(talk)
    if session.phase in ("menu", "serving"):
        arriving.start_correction(talk)
    else:
        arriving.tell_correction(talk, correction, "petugas.perbaikan_nanti")


def _asks(service: Service, place: str) -> bool:
    """Whether *place*, a ``state:item``, is a question that the service still has."""
    state = place.rpartition(":")[0]
    return state in service.states and not service.is_result(state)


def _branch(talk: Talk, event: Desk) -> str:
    branch = talk.assets.facts.branch(event.branch)
    return branch.name if branch else event.branch
