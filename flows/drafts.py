"""Forms that were left half filled: parked, resumed, reminded of once, and deleted in time."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from functools import partial

from flows import arriving, consent, questions, upgrade
from flows.facts import Abandoned, SetTimer
from flows.presets import NOTHING
from flows.session import FORM, Journey
from flows.talk import Talk
from forms.language import Words, in_each
from forms.wording import long_date

REMIND = "remind"
EXPIRE = "draft"


def park(talk: Talk) -> None:
    """Put the open form aside and say until when it is kept; before consent there is nothing."""
    session = talk.session
    journey = session.journey
    asked = session.phase in FORM
    talk.shift("leave")
    session.journey, session.put = None, None
    if journey is not None and asked:
        session.drafts[journey.service] = journey
        title = talk.title(journey.service)
        talk.say("simpan.jeda", judul=title, sampai=_kept_until(talk, journey))


def offer(talk: Talk, code: str, given: Mapping[str, str] = NOTHING) -> None:
    """Ask whether to go on with the parked form of service *code* or to start again.

    *given* are the answers to start again with.
    """
    options = talk.buttons("lanjut", "awal")
    values = {"judul": talk.title(code)}
    talk.put("resume", "simpan.lanjut", options, values, state=code, value=dict(given))


def latest(talk: Talk) -> str:
    """The service whose form was named last, '' where none is parked."""
    return next(reversed(talk.session.drafts), "")


def go_on(talk: Talk, code: str) -> None:
    """As `resume`, where nobody was asked: say which form it is."""
    if talk.service(code) is not None:
        talk.say("simpan.terus", judul=talk.title(code))
    resume(talk, code)


def resume(talk: Talk, code: str) -> None:
    """Go on with the parked form where its answers lead."""
    session = talk.session
    journey = session.drafts.pop(code)
    service = talk.service(code)
    if service is None:
        talk.say("formulir.hilang")
        questions.main_menu(talk)
        return
    session.journey = journey
    journey.editing = False
    journey.touched = talk.assets.now
    if upgrade.bring(talk, journey, service):
        talk.say("formulir.baru")
    talk.shift("resume")
    arriving.walk(talk, journey, talk.at(journey))


def restart(talk: Talk, code: str, given: Mapping[str, str]) -> None:
    """Forget the parked form and begin the service anew, with the answers that are *given*."""
    talk.session.drafts.pop(code, None)
    if talk.service(code) is None:
        talk.say("formulir.hilang")
        questions.main_menu(talk)
    else:
        consent.ask(talk, code, given)


def keep_timers(talk: Talk) -> None:
    """Set the timers that open and parked forms need, drop those that nothing needs."""
    session = talk.session
    journeys = _journeys(talk)
    if not journeys:
        talk.drop_timer(EXPIRE)
        talk.drop_timer(REMIND)
        return
    if EXPIRE not in session.timers:
        oldest = min(journey.touched for journey in journeys)
        talk.set_timer(SetTimer(EXPIRE, oldest + _kept_for(talk)))
    if REMIND in session.timers:
        return
    if due := [journey.touched for journey in journeys if not journey.reminded]:
        talk.set_timer(SetTimer(REMIND, _in_window(talk, min(due) + _idle(talk))))


def remind(talk: Talk) -> None:
    """The reminder is due: once for each form, when it has been idle, at a decent hour."""
    now = talk.assets.now
    for journey in _journeys(talk):
        due = _in_window(talk, journey.touched + _idle(talk))
        if not journey.reminded and due <= now and _in_window(talk, now) == now:
            journey.reminded = True
            if parked := talk.session.drafts.pop(journey.service, None):
                talk.session.drafts[journey.service] = parked
            until = _kept_until(talk, journey)
            talk.say("simpan.ingat", judul=talk.title(journey.service), sampai=until)
            return


def expire(talk: Talk) -> None:
    """Delete the forms that were not touched for as long as they are kept."""
    session = talk.session
    for journey in _journeys(talk):
        if journey.touched + _kept_for(talk) > talk.assets.now:
            continue
        abandoned(talk, journey, "expired")
        if journey is session.journey:
            talk.shift("leave")
            session.journey = session.put = None
        else:
            del session.drafts[journey.service]
            if _is_offered(talk, journey.service):
                session.put = None
        days = talk.assets.settings.draft_days
        talk.say("simpan.habis", judul=talk.title(journey.service), hari=days)


def _is_offered(talk: Talk, code: str) -> bool:
    """Whether the question on the table is whether to go on with the parked form of *code*."""
    put = talk.session.put
    return put is not None and (put.kind, put.state) == ("resume", code)


def abandoned(talk: Talk, journey: Journey, how: str) -> None:
    """Tell at which question a form was left; a service that is gone tells nothing."""
    if talk.service(journey.service) is None:
        return
    at = talk.at(journey)
    at.service.walk(at)
    talk.facts.append(Abandoned(journey.service, at.state, talk.session.branch, how))


def _journeys(talk: Talk) -> list[Journey]:
    session = talk.session
    open_one = [session.journey] if session.journey and session.phase in FORM else []
    return [*open_one, *session.drafts.values()]


def _kept_for(talk: Talk) -> timedelta:
    return timedelta(days=talk.assets.settings.draft_days)


def _kept_until(talk: Talk, journey: Journey) -> Words:
    until = (journey.touched + _kept_for(talk)).astimezone(talk.zone).date()
    return in_each(partial(long_date, until))


def _idle(talk: Talk) -> timedelta:
    return timedelta(minutes=talk.assets.settings.reminder_after_minutes)


def _in_window(talk: Talk, at: datetime) -> datetime:
    """*at*, or the next moment after it at which people may be reminded, local time."""
    settings = talk.assets.settings
    opens = time.fromisoformat(settings.reminder_from)
    closes = time.fromisoformat(settings.reminder_until)
    local = at.astimezone(talk.zone)
    if opens <= local.time() < closes:
        return at
    day = local.date() + timedelta(days=local.time() >= closes)
    return datetime.combine(day, opens, talk.zone).astimezone(at.tzinfo)
