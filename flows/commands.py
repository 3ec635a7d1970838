"""Reserved words: they steer the conversation wherever it stands."""

from collections.abc import Callable, Mapping
from typing import Final

from flows import (
    arriving,
    asking,
    consent,
    drafts,
    filling,
    known,
    languages,
    leaving,
    linking,
    questions,
    rating,
    reopening,
    review,
)
from flows.moves import REVIEW
from flows.talk import Talk
from forms.reserved import INDONESIAN

ANSWERS: Final = frozenset({"0", "KIRIM", "UBAH", *filling.WAYS_OUT})
"""Words that act on the question on the table: not taken before it was seen."""

IN_FORM: Final = ("filling", "review", "correcting")


def run(talk: Talk, word: str) -> None:
    """Do what the reserved *word* asks for."""
    WORDS[word](talk)


def _menu(talk: Talk) -> None:
    _leave(talk)
    questions.main_menu(talk)


def _leave(talk: Talk) -> None:
    """Back to the menu phase; an open form is parked."""
    if talk.session.phase in ("consent", "filling", "review"):
        drafts.park(talk)
    elif talk.session.phase == "rating":
        rating.leave(talk)
    elif talk.session.phase != "menu":
        talk.shift("leave")
    talk.session.put = None


def _save(talk: Talk) -> None:
    if talk.session.phase in ("filling", "review"):
        drafts.park(talk)
        arriving.settle(talk)
    else:
        _menu(talk)


def _back(talk: Talk) -> None:
    match talk.session.phase:
        case "filling" | "review":
            leaving.back(talk)
        case "menu":
            questions.menu_above(talk)
        case "consent":
            _leave_consent(talk)
        case _:
            _menu(talk)


def _leave_consent(talk: Talk) -> None:
    """Back to the list in which the service was picked."""
    put = talk.session.put
    _leave(talk)
    questions.menu_list(talk, put.value if put is not None and put.value else "")


def _cancel(talk: Talk) -> None:
    session = talk.session
    if session.phase == "consent":
        consent.refuse(talk)
    elif session.phase in ("filling", "review"):
        options = talk.buttons("simpan", "hapus", "teruskan")
        talk.put("cancel", "nav.batal_tanya", options, {})
    else:
        _menu(talk)


def _help(talk: Talk) -> None:
    put, journey = talk.session.put, talk.active
    if put is not None and put.state and journey is not None:
        key = f"step.{put.state}.help"
        at, _ = filling.here(talk, journey, put)
        if key in at.service.flow.uses:
            full_key, values = asking.sentence(at, key)
            talk.say(full_key, **values)
    talk.tell_hours()
    questions.again(talk)


def _status(talk: Talk) -> None:
    serving = talk.session.serving
    if not reopening.tell_status(talk, serving[-1].ticket if serving else ""):
        questions.again(talk)


def _privacy(talk: Talk) -> None:
    talk.say("privasi")
    questions.again(talk)


def _erase(talk: Talk) -> None:
    if talk.session.known:
        known.forget(talk)
        talk.say("hapus.kenal")
    talk.say("hapus.cara")
    questions.again(talk)


def _language(talk: Talk) -> None:
    languages.switch(talk, languages.other(talk.session.language))


def _english(talk: Talk) -> None:
    languages.switch(talk, "en")


def _indonesian(talk: Talk) -> None:
    languages.switch(talk, "id")


def _resume(talk: Talk) -> None:
    session = talk.session
    if session.phase in ("consent", *IN_FORM):
        questions.again(talk)
        return
    if session.put is not None and session.put.kind == "resume":
        drafts.resume(talk, session.put.state)
        return
    _leave(talk)
    code = drafts.latest(talk)
    if session.corrections:
        arriving.start_correction(talk)
    elif code:
        drafts.go_on(talk, code)
    else:
        talk.say("simpan.kosong")
        questions.main_menu(talk)


def _keep(talk: Talk) -> None:
    _way_out(talk, "TETAP")


def _skip(talk: Talk) -> None:
    if talk.session.phase == "rating":
        rating.skip(talk)
    elif reopening.is_asking(talk):
        reopening.reply(talk, "")
    else:
        _way_out(talk, "LEWATI")


def _way_out(talk: Talk, word: str) -> None:
    put = talk.session.put
    if talk.active is not None and put is not None and put.state not in ("", REVIEW):
        filling.use_way_out(talk, word)
    else:
        questions.again(talk)


def _send(talk: Talk) -> None:
    session = talk.session
    if session.phase == "review" and session.journey is not None:
        review.send(talk, session.journey)
    elif session.journey is None and session.filed:
        talk.tell_status()
    else:
        talk.say("nav.kirim_belum")
        questions.again(talk)


def _done(talk: Talk) -> None:
    """SELESAI: no more pages of this document, or the whole form is done."""
    put, journey = talk.session.put, talk.active
    if put is not None and journey is not None and put.state not in ("", REVIEW):
        at, state = filling.here(talk, journey, put)
        if asking.open_document(state, at):
            _way_out(talk, "SELESAI")
            return
    _send(talk)


def _later(talk: Talk) -> None:
    _way_out(talk, "MENYUSUL")


def _change(talk: Talk) -> None:
    session = talk.session
    if session.phase == "review" and session.journey is not None:
        questions.change(talk, session.journey)
    elif session.put is not None and session.put.kind == "unsure" and talk.active is not None:
        at, _ = filling.here(talk, talk.active, session.put)
        questions.ask(talk, talk.active, at)
    else:
        talk.say("nav.kirim_belum")
        questions.again(talk)


WORDS: Final[Mapping[str, Callable[[Talk], None]]] = {
    "0": _back,
    "MENU": _menu,
    "BATAL": _cancel,
    "BERHENTI": _cancel,
    "BANTUAN": _help,
    "STATUS": _status,
    "TERAKHIR": _status,
    "LANJUT": _resume,
    "LEWATI": _skip,
    "TETAP": _keep,
    "KIRIM": _send,
    "SELESAI": _done,
    "MENYUSUL": _later,
    "UBAH": _change,
    "SIMPAN": _save,
    "PRIVASI": _privacy,
    "HAPUS": _erase,
    "BAHASA": _language,
    "ENGLISH": _english,
    INDONESIAN: _indonesian,
    linking.WORD: linking.ask,
}
