"""The main menu, the list of services, and what can be picked there."""

from typing import Final

from flows import arriving, consent, drafts, questions, still_open
from flows.facts import AskedStatus
from flows.search import wanted
from flows.talk import Talk
from flows.words import is_greeting
from forms import cleaning
from forms.choices import Option, match
from forms.fields import Reply
from forms.language import Words, words

ELSEWHERE: Final = {
    "peserta": "menu.peserta",
    "tagihan": "menu.tagihan",
    "lokasi": "menu.lokasi",
    "keluhan": "menu.keluhan",
}
"""Main menu items that do not exist here yet, and the sentence that says where to go."""

GREETINGS: Final[tuple[tuple[int, Words], ...]] = (
    (4, {"id": "pagi", "en": "morning"}),
    (11, {"id": "siang", "en": "day"}),
    (15, {"id": "sore", "en": "afternoon"}),
    (18, {"id": "malam", "en": "evening"}),
)
"""From which hour on one wishes what; before the first of them it is still night."""


def greet(talk: Talk, key: str) -> None:
    """Wish a good time of day at the participant's place."""
    hour = talk.assets.now.astimezone(talk.zone).hour
    salam = next((wish for start, wish in reversed(GREETINGS) if hour >= start), GREETINGS[-1][1])
    talk.say(key, salam=salam)


def services(talk: Talk) -> None:
    """Put the list of services, by letter."""
    language = talk.session.language
    options = tuple(
        Option(
            code,
            words(flow.title, language),
            f"{code}. {words(flow.menu.row, language)}",
            words(flow.menu.note, language),
            code,
        )
        for code, flow in talk.assets.journeys.flows.items()
    )
    talk.put("services", "menu.layanan", options, {})


def reply(talk: Talk, said: Reply, picked: Option | None) -> None:
    """A reply to whatever menu is on the table."""
    put = talk.session.put
    if picked is None and put is not None and isinstance(said, str):
        picked = match(said, put.options)
    if picked is not None and put is not None:
        _pick(talk, put.kind, picked.value, put.state)
        return
    code = cleaning.fold(said).upper() if isinstance(said, str) else ""
    if code not in talk.assets.journeys.flows and isinstance(said, str):
        code = wanted(said, talk.assets.journeys.flows)
    if code in talk.assets.journeys.flows:
        choose(talk, code)
    elif put is None or put.kind == "ended" or (isinstance(said, str) and is_greeting(said)):
        greet(talk, "sapa.kembali")
        questions.main_menu(talk)
    else:
        talk.pose("menu.ulang", {})


def choose(talk: Talk, code: str) -> None:
    """Begin service *code*, offer its parked form, or say where to go instead."""
    if talk.service(code) is None:
        talk.pose(f"{code}.elsewhere", {})
    elif code in talk.session.drafts:
        drafts.offer(talk, code)
    elif not still_open.ask(talk, code, {}):
        consent.ask(talk, code)


def _pick(talk: Talk, kind: str, value: str, code: str) -> None:
    if kind == "services":
        choose(talk, value)
    elif kind == still_open.KIND and value == "satu_lagi":
        consent.ask(talk, code)
    elif kind == "resume":
        (drafts.resume if value == "lanjut" else drafts.restart)(talk, code)
    elif value == "urus":
        services(talk)
    elif value == "tiket":
        talk.facts.append(AskedStatus())
    elif value == "petugas":
        talk.tell_hours()
    elif value == questions.FIX:
        arriving.start_correction(talk)
    elif value in ELSEWHERE:
        talk.pose(ELSEWHERE[value], {})
    else:
        questions.main_menu(talk)
