"""What can be picked in the menus, and what plain words there ask for."""

from collections.abc import Callable, Mapping
from typing import Final

from flows import arriving, consent, drafts, offices, plain_words, questions, reopening, still_open
from flows.information import INFORMATION
from flows.presets import NOTHING
from flows.session import Put
from flows.talk import Talk
from flows.understanding.phrases import Meant
from flows.understanding.whole import ticket_in
from forms import cleaning
from forms.choices import Option, chosen
from forms.fields import Reply
from forms.language import Words

GREETINGS: Final[tuple[tuple[int, Words], ...]] = (
    (18, {"id": "malam", "en": "evening"}),
    (15, {"id": "sore", "en": "afternoon"}),
    (11, {"id": "siang", "en": "day"}),
    (4, {"id": "pagi", "en": "morning"}),
    (0, {"id": "malam", "en": "evening"}),
)
"""From which hour on one wishes what, the latest first."""


def greet(talk: Talk, key: str) -> None:
    """Wish a good time of day at the participant's place."""
    hour = talk.assets.now.astimezone(talk.zone).hour
    salam = next(wish for start, wish in GREETINGS if hour >= start)
    talk.say(key, salam=salam)


def reply(talk: Talk, said: Reply, picked: Option | None) -> None:
    """A reply to whatever menu is on the table."""
    put, town = talk.session.put, offices.was_asked(talk)
    picked = chosen(said, picked, put.options if put is not None else ())
    if picked is not None and put is not None:
        _pick(talk, put, picked.value)
        return
    if isinstance(said, str) and _worded(talk, said, town=town):
        return
    if put is None or put.kind == "ended":
        welcome(talk)
    else:
        talk.pose("menu.ulang", {})


def _worded(talk: Talk, said: str, *, town: bool) -> bool:
    """Do what words ask for that are no option on the table; False where they ask for nothing.

    *town* tells that the name of one was asked for.
    """
    name = _meant(talk, said)
    if name:
        follow(talk, name)
        return True
    if town and offices.tell(talk, said, least=offices.NEAR):
        return True
    if _understood(talk, said, town=town):
        return True
    if town:
        offices.tell_asked(talk, said)
    return town or offices.tell(talk, said)


def needs(talk: Talk, said: str) -> bool:
    """Begin the service that *said* clearly asks for; False where it asks for none."""
    found = plain_words.understood(talk, said)
    sure = found.decision == "answer" and bool(found.meant.service)
    return sure and _do(talk, found.meant, said)


def welcome(talk: Talk) -> None:
    """Greet somebody who is back, and put the main menu."""
    greet(talk, "sapa.kembali")
    questions.main_menu(talk)


def follow(talk: Talk, name: str) -> None:
    """Go where the row *name*, or the service of that code, leads."""
    menus = talk.assets.menus
    item = menus.items.get(name)
    if name in menus.above:
        questions.menu_list(talk, name)
    elif item is None:
        choose(talk, name)
    elif item.service:
        choose(talk, item.service, item.answers)
    elif item.info == offices.ANSWER:
        offices.ask(talk)
    elif item.info:
        talk.pose(f"info.{item.info}", INFORMATION[item.info].values())
    elif item.does == "tiket":
        reopening.tell_status(talk)
    else:
        _officer(talk)


def choose(talk: Talk, code: str, given: Mapping[str, str] = NOTHING) -> None:
    """Begin service *code*, or offer its parked form; the menu where it was withdrawn meanwhile.

    *given* are answers that the choice has given already, by the names of their states.
    """
    if talk.service(code) is None:
        questions.main_menu(talk)
    elif code in talk.session.drafts:
        drafts.offer(talk, code, given)
    elif not still_open.ask(talk, code, given):
        consent.ask(talk, code, given)


def _meant(talk: Talk, said: str) -> str:
    """The service of that letter, or the row that is called so; '' for none."""
    letter = cleaning.fold(said).upper()
    known = letter in talk.assets.journeys.flows
    return letter if known else talk.assets.menus.meant(said)


def _understood(talk: Talk, said: str, *, town: bool = False) -> bool:
    """Do what plain words ask for; False where they ask for nothing that is known.

    Where the name of a *town* was asked for, nobody is sent back to that question.
    """
    found = plain_words.understood(talk, said)
    meant = [one.answer for one in (found.meant, found.other) if one is not None]
    if town and offices.ANSWER in meant:
        return False
    if found.decision == "ask" and plain_words.ask_which(talk, found):
        return True
    return found.decision != "none" and _do(talk, found.meant, said)


def _do(talk: Talk, meant: Meant, said: str) -> bool:
    if meant.service:
        choose(talk, meant.service, dict(meant.answers))
    elif meant.talk in plain_words.TRACKING:
        _track(talk, meant, said)
    elif meant.answer == offices.ANSWER:
        if not offices.tell(talk, said.rpartition(" di ")[2]):
            offices.ask(talk)
    elif meant.talk != "AGEN" and plain_words.tell(talk, meant, said):
        if talk.session.put is None:
            questions.main_menu(talk)
    elif meant.talk in MENU_TALK:
        MENU_TALK[meant.talk](talk)
    else:
        return False
    return True


def _track(talk: Talk, meant: Meant, said: str) -> None:
    """Tell how a request stands, or open it again."""
    if meant.talk == "BUKA_LAGI" and reopening.wish(talk):
        return
    if not reopening.tell_status(talk, ticket_in(said)) and talk.session.put is None:
        questions.main_menu(talk)


def _officer(talk: Talk) -> None:
    """Where and when officers help, and how one of them comes to write here."""
    talk.tell_hours()
    if talk.session.put is None:
        questions.main_menu(talk)
    else:
        talk.pose("menu.petugas", {})


def _yes(talk: Talk) -> None:
    """Yes to a question that has more than one answer, or to a way back that is offered."""
    put = talk.session.put
    if put is None or put.kind == "menu":
        questions.main_menu(talk)
    elif put.kind == "resume":
        drafts.resume(talk, put.state)
    elif put.key == reopening.OFFER:
        _pick(talk, put, put.options[0].value)
    else:
        talk.pose("menu.yang_mana_ulang", {})


def _ask_first(talk: Talk) -> None:
    """Somebody gives a number or a date before it was asked for."""
    if talk.session.put is None:
        talk.say("menu.nomor")
        questions.main_menu(talk)
    else:
        talk.pose("menu.nomor", {})


def _guide(talk: Talk) -> None:
    plain_words.tell(talk, Meant("INFO.PANDUAN", answer="panduan"), "")


MENU_TALK: Final[Mapping[str, Callable[[Talk], None]]] = {
    "SAPA": welcome,
    "MENU": questions.main_menu,
    "BATAL": questions.main_menu,
    "YA": _yes,
    "AGEN": _officer,
    "TIDAK": questions.main_menu,
    "KEMBALI": questions.menu_above,
    "ULANG": questions.again,
    "BANTUAN": _guide,
    "DATA": _ask_first,
}
"""What small talk does in the menu, where it is not simply answered."""


def _pick(talk: Talk, put: Put, value: str) -> None:
    if put.kind == "resume" and value == "lanjut":
        drafts.resume(talk, put.state)
    elif put.kind == plain_words.KIND:
        meant = plain_words.picked(put.value, value)
        if meant is None or not _do(talk, meant, ""):
            questions.main_menu(talk)
    elif put.kind == "resume" or (put.kind == still_open.KIND and value == "satu_lagi"):
        drafts.restart(talk, put.state, put.value or {})
    elif reopening.pressed(talk, value):
        pass
    elif value == questions.FIX:
        arriving.start_correction(talk)
    elif value == questions.BACK:
        questions.menu_above(talk)
    else:
        follow(talk, value)
