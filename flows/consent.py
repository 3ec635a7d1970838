"""Agreement before the first question: nothing is asked and nothing kept without it."""

from collections.abc import Mapping

from flows import arriving, asking, languages, presets, questions
from flows.conditions import condition
from flows.facts import Consented
from flows.presets import NOTHING
from flows.session import Journey
from flows.talk import Talk
from forms.agreement import yes_or_no
from forms.choices import Option, chosen, not_offered
from forms.fields import Reply


def ask(talk: Talk, code: str, given: Mapping[str, str] = NOTHING) -> None:
    """Begin a journey of service *code*, with answers that are *given*, and ask for consent."""
    session = talk.session
    flow = talk.assets.journeys.flows[code]
    session.journeys += 1
    submission = f"{code}-{session.journeys}-{talk.assets.now:%Y%m%dT%H%M%S%f}"
    session.journey = Journey(code, flow.digest, submission, talk.assets.now)
    branch, session.linked = session.linked, ""
    if branch and flow.branch_step:
        given = {**given, flow.branch_step: branch}
        office = talk.assets.facts.branch(branch)
        talk.say("tautan.cabang", cabang=office.name if office else branch)
    presets.give(talk, session.journey, given)
    talk.shift("choose")
    languages.warn(talk)
    if flow.opening is not None:
        at = talk.at(session.journey)
        if condition(flow.opening.when, flow.rules)(at):
            key, values = asking.sentence(at, "opening")
            talk.say(key, **values)
    options = talk.buttons("setuju", "tolak", "rinci")
    values = {"judul": flow.title, "data": flow.consent.data}
    talk.put("consent", "persetujuan", options, values, value=questions.menu_name(talk))


def reply(talk: Talk, said: Reply, picked: Option | None) -> None:
    """Agree, refuse, or read which data are meant."""
    put = talk.session.put
    assert put is not None
    picked = chosen(said, picked, put.options)
    if picked is not None:
        meant = picked.value
    else:
        agreed = yes_or_no(said) if isinstance(said, str) else None
        meant = {True: "setuju", False: "tolak", None: ""}[agreed]
    match meant:
        case "setuju":
            _agree(talk)
        case "tolak":
            refuse(talk)
        case "rinci":
            settings = talk.assets.settings
            days = {"hari": settings.draft_days, "ingat": settings.known_days}
            talk.pose("persetujuan.rinci", {**put.values, **days})
        case _:
            talk.pose("salah.pilihan", not_offered(said, len(put.options)))


def refuse(talk: Talk) -> None:
    """End the journey before it began; nothing is kept."""
    session = talk.session
    title = talk.title(session.journey.service) if session.journey else ""
    arriving.close(talk, "refuse", "persetujuan.tolak", {"judul": title})


def _agree(talk: Talk) -> None:
    journey, put = talk.session.journey, talk.session.put
    assert journey is not None
    assert put is not None
    talk.facts.append(Consented(journey.service, put.key, put.values))
    talk.shift("agree")
    begin(talk, journey)


def begin(talk: Talk, journey: Journey) -> None:
    """Say what to have at hand and put the first question."""
    prepare = talk.assets.journeys.flows[journey.service].prepare
    talk.say(
        "siapkan",
        barang=list(prepare.items),
        menit=prepare.minutes,
        hari=talk.assets.settings.draft_days,
    )
    arriving.walk(talk, journey, talk.at(journey))
