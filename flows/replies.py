"""What a participant sends, and where it goes: a word, an answer, a message to the officer."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from flows import (
    arriving,
    commands,
    consent,
    desk,
    filling,
    interrupts,
    leaving,
    linking,
    menu,
    plain_words,
    questions,
    rating,
    reopening,
    reuse,
    review,
    still_open,
)
from flows.events import Contact, Edited, Press, Sent, Text, Unfit
from flows.facts import Brought
from flows.session import Put
from flows.talk import Talk
from flows.words import is_emergency
from forms import cleaning
from forms.choices import Option, chosen, match, pressed
from forms.fields import Document, Reply
from forms.reserved import INDONESIAN, nearly_reserved, reserved

SERVING: Final = frozenset(
    {"MENU", "STATUS", "TERAKHIR", "BANTUAN", "PRIVASI", "LANJUT", "BAHASA", "ENGLISH", INDONESIAN}
    | {linking.WORD}
)
"""Reserved words that stay words while an officer is listening."""

QUIET: Final = frozenset({"consent", "filling", "review", "correcting"})
"""Phases in which an empty message is answered as such."""

CHOOSING: Final = frozenset(
    {"menu", "resume", "consent", "review", "cancel", "third"}
    | {reuse.KIND, still_open.KIND, plain_words.KIND}
)
"""Questions at which no free text is expected."""

EDITS_APART: Final = timedelta(minutes=1)
"""Changes of messages that follow sooner are answered with those before."""

UNFIT: Final[Mapping[str, str]] = {
    "voice": "suara",
    "sticker": "stiker",
    "video": "video",
    "location": "lokasi",
    "foreign_contact": "kontak.orang_lain",
    "too_big": "foto.besar",
    "too_many_pixels": "foto.piksel",
    "wrong_type": "foto.jenis",
    "lost": "foto.hilang",
    "other": "lain",
}
UNFIT_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "foto.besar": ("ukuran", "batas"),
    "foto.piksel": ("batas",),
}


def text(talk: Talk, event: Text) -> None:
    session = talk.session
    if _emergency(talk, event.text) or linking.given(talk, event.text):
        return
    word = reserved(event.text, session.language) or _nearly(talk, event.text)
    if _answers_cancel(session.put, event.text):
        _reply(talk, event.text, None)
    elif word is not None and (session.phase != "serving" or word in SERVING):
        if word in commands.ANSWERS and _early(talk):
            return
        commands.run(talk, word)
    elif not cleaning.says_something(event.text) and session.phase in QUIET:
        questions.refused(talk, "salah.kosong", {})
    else:
        _reply(talk, event.text, None)


def _answers_cancel(put: Put | None, text: str) -> bool:
    """Whether *text* picks what BATAL offers: there *hapus* means this form only."""
    return put is not None and put.kind == "cancel" and match(text, put.options) is not None


def _nearly(talk: Talk, text: str) -> str | None:
    """A mistyped reserved word, where only a choice is expected and the text is none of it."""
    put = talk.session.put
    if put is None or put.kind not in CHOOSING or match(text, put.options):
        return None
    return nearly_reserved(text, talk.session.language)


def _emergency(talk: Talk, text: str) -> bool:
    """Say the emergency sentence once for each question; the text goes on the second time."""
    put = talk.session.put
    if (put is not None and put.warned) or not (
        is_emergency(text) or plain_words.warns(talk, text)
    ):
        return False
    talk.say("darurat")
    if talk.session.phase == "serving":
        desk.write(talk, text)
        return True
    questions.again(talk)
    if talk.session.put is not None:
        talk.session.put.warned = True
    return True


def press(talk: Talk, event: Press) -> None:
    session, put = talk.session, talk.session.put
    if session.filed and event.put == session.filed and session.journey is None:
        talk.tell_status()
        return
    if reopening.pressed(talk, event.value):
        return
    meant = pressed(event.value, put.options) if put else None
    if put is None or event.put != put.serial or meant is None:
        talk.say("tombol.lewat")
        questions.again(talk)
    elif meant.value in filling.WAYS_OUT:
        commands.run(talk, meant.value)
    elif meant.key == "MENU":
        commands.run(talk, "MENU")
    else:
        _reply(talk, meant.value, meant)


def _reply(talk: Talk, said: Reply, picked: Option | None) -> None:
    """An answer to the question on the table, unless it was written before that was seen."""
    session = talk.session
    if picked is None and _early(talk):
        return
    typed = picked is None and isinstance(said, str) and session.phase in QUIET
    if typed and interrupts.handled(talk, str(said)):
        return
    match session.phase:
        case "consent":
            consent.reply(talk, said, picked)
        case "filling" | "review" | "correcting":
            _form(talk, said, picked)
        case "serving":
            desk.write(talk, said)
        case "rating" if _reopens(talk, said, picked) or rating.reply(talk, said, picked):
            pass
        case _:
            _in_menu(talk, said, picked)


def _reopens(talk: Talk, said: Reply, picked: Option | None) -> bool:
    """Whether the button that opens a request again is picked, be it by its number."""
    put = talk.session.put
    option = chosen(said, picked, put.options) if put else None
    return option is not None and reopening.pressed(talk, option.value)


def _form(talk: Talk, said: Reply, picked: Option | None) -> None:
    session = talk.session
    put, journey = session.put, session.journey
    if put is not None and put.kind == "cancel" and journey is not None:
        leaving.cancel(talk, journey, put, said, picked)
    elif put is not None and put.kind == reuse.KIND and journey is not None:
        if reuse.reply(talk, journey, put, said, picked):
            arriving.walk(talk, journey, talk.at(journey))
    elif session.phase != "review":
        filling.reply(talk, said, picked)
    elif journey is not None and journey.stale and (not picked or picked.value != "KIRIM"):
        talk.say("formulir.baru")
        arriving.walk(talk, journey, talk.at(journey))
    else:
        review.reply(talk, said, picked)


def _in_menu(talk: Talk, said: Reply, picked: Option | None) -> None:
    """In the menu; what is no choice there goes to the officer when one is serving."""
    session = talk.session
    if session.phase == "rating":
        rating.leave(talk)
    if picked is None and reopening.is_asking(talk):
        reopening.reply(talk, said)
        return
    put = session.put
    known = isinstance(said, str) and (
        picked is not None
        or (put is not None and match(said, put.options) is not None)
        or cleaning.fold(said).upper() in talk.assets.journeys.flows
    )
    if session.serving and not known:
        session.put = None
        talk.shift("serve")
        desk.write(talk, said)
    else:
        menu.reply(talk, said, picked)


def _early(talk: Talk) -> bool:
    """Whether a reply came before its question was seen; if so that is said."""
    put = talk.session.put
    if put is None or talk.session.phase == "menu" or not talk.early:
        return False
    talk.say("salah.terlalu_cepat")
    questions.again(talk)
    return True


def sent(talk: Talk, event: Sent) -> None:
    page, journey, session = event.document, talk.active, talk.session
    if journey is not None and page.album and page.album == journey.album:
        filling.take_page(talk, journey, page)
        return
    more = page.album != "" and page.album == session.album
    session.album = page.album
    if not more or filling.asks_photo(talk):
        _given(talk, page, "foto.tak_diminta")
    elif session.journey is None and not session.serving:
        talk.facts.append(Brought(page, more))
    elif session.phase == "serving":
        desk.write(talk, page)


def contact(talk: Talk, event: Contact) -> None:
    _given(talk, event.card, "kontak.tak_diminta")


def _given(talk: Talk, thing: Any, unasked: str) -> None:
    """Something that is not text: an answer in a form, a message to the officer, or unasked."""
    session = talk.session
    put = session.put
    answering = session.phase in ("filling", "correcting") and put is not None
    if answering and put is not None and put.kind in ("step", "offer", "unsure", "third"):
        _reply(talk, thing, None)
    elif session.phase == "serving" or (session.phase == "menu" and session.serving):
        _in_menu(talk, thing, None) if session.phase == "menu" else desk.write(talk, thing)
    elif isinstance(thing, Document) and session.journey is None:
        talk.facts.append(Brought(thing))
        questions.again(talk)
    else:
        talk.say(unasked)
        questions.again(talk)


def unfit(talk: Talk, event: Unfit) -> None:
    key = UNFIT.get(event.why, "lain")
    talk.say(key, **{name: event.values.get(name, "") for name in UNFIT_VALUES.get(key, ())})
    questions.again(talk)


def edited(talk: Talk, event: Edited) -> None:
    """Say once for several changes in a row that they are not read."""
    told, now = talk.session.edit_told, talk.assets.now
    talk.session.edit_told = now
    if told is None or now - told >= EDITS_APART:
        talk.say("pesan.diubah")
        questions.again(talk)
