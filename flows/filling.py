"""Replies to the questions of a form: read, confirmed, kept or refused."""

from collections.abc import Mapping
from typing import Any, Final

from flows import arriving, asking, dependents, papers, questions
from flows.conditions import as_date
from flows.journey import SKIPPED, At, State
from flows.session import Journey, Put
from flows.talk import Talk
from forms.agreement import has_none, yes_or_no
from forms.choices import Option, chosen, match
from forms.fields import Document, Invalid, Offer, Read, Reading, Reply, Unsure
from forms.types.document import Photo, is_open, is_unclear, pages

PHOTO: Final = Photo()

WAYS_OUT: Final = ("TETAP", "SELESAI", "MENYUSUL", "LEWATI")
"""Buttons that leave a question without an answer to it."""

LEAVE: Final = ("SELESAI", "MENYUSUL", "LEWATI")
"""Those that somebody means who says that there is nothing (more)."""

KINDS: Final = frozenset({"step", "unsure", "offer", "third"})
"""The kinds of questions whose answer a field reads."""

SECOND: Final = 2
"""From this refused reply on the question is put in other words."""
THIRD: Final = 3
"""From this one on there are other ways than trying again."""

REFUSED: Final[Mapping[str, str]] = {
    "TETAP": "nav.tetap_kosong",
    "LEWATI": "nav.lewati_wajib",
    "SELESAI": "nav.kirim_belum",
    "MENYUSUL": "nav.menyusul_wajib",
}
"""What is said where a way out does not lead out."""

DOUBTS: Final[Mapping[str, str]] = {
    "dark": "foto.gelap",
    "bright": "foto.silau",
    "blurred": "foto.buram",
    "small": "foto.kecil",
}
"""What is said of a picture that seems unreadable."""


def reply(talk: Talk, said: Reply, picked: Option | None) -> None:
    """A reply to a question of the journey; *picked* is the option that was pressed."""
    put, journey = talk.session.put, talk.active
    assert put is not None and journey is not None
    match put.kind:
        case "unsure":
            _confirmed(talk, journey, put, said, picked)
        case "third":
            _third(talk, journey, put, said, picked)
        case _:
            take(talk, journey, put, said, picked)


def here(talk: Talk, journey: Journey, put: Put) -> tuple[At, State]:
    """The question on the table as a place in the journey."""
    at = talk.at(journey)
    at.state, at.item = put.state, put.item
    return at, at.service.states[put.state]


def take(talk: Talk, journey: Journey, put: Put, said: Reply, picked: Option | None) -> None:
    """Read a reply with the question's field type and act on what it makes of it."""
    at, reading = _reading(talk, journey, put, said, picked)
    state = at.service.states[at.state]
    if state.is_photo and isinstance(said, Document) and isinstance(reading, Read):
        reading = _looked_at(journey, at, said, reading)
    match reading:
        case Invalid():
            if picked is None and isinstance(said, str) and (word := _way_out(said, put)):
                use_way_out(talk, word)
            else:
                _refuse(talk, journey, put, reading)
        case Read(value):
            _keep(talk, journey, at, state, value, said)
        case Unsure(value, key, values):
            yes_no = talk.buttons("ya", "ulang" if state.is_photo else "ubah")
            talk.put("unsure", key, yes_no, values, state=at.state, item=at.item, value=value)
        case Offer(options, key, values):
            talk.put("offer", key, options, values, state=at.state, item=at.item)


def asks_photo(talk: Talk) -> bool:
    """Whether a document is what the question on the table asks for."""
    put, journey = talk.session.put, talk.active
    if put is None or journey is None or put.kind not in KINDS:
        return False
    return here(talk, journey, put)[1].is_photo


def takes(talk: Talk, journey: Journey, put: Put, said: str) -> tuple[bool, bool]:
    """Whether *said* answers the question on the table, and whether nearly any words would."""
    at, reading = _reading(talk, journey, put, said, None)
    taken = not isinstance(reading, Invalid)
    any_words = at.service.states[at.state].field.any_words
    if taken and not any_words:
        return True, False
    if match(said, put.options) or (put.kind == "unsure" and yes_or_no(said) is not None):
        return True, False
    return taken, any_words


def use_way_out(talk: Talk, word: str) -> None:
    """TETAP keeps the earlier answer, SELESAI ends a document, MENYUSUL promises one, LEWATI
    leaves an optional question out."""
    put, journey = talk.session.put, talk.active
    assert put is not None and journey is not None
    at, state = here(talk, journey, put)
    begun = asking.open_document(state, at)
    if begun and word != "MENYUSUL":  # there are no more pages, however that is said
        _keep(talk, journey, at, state, pages(begun), "")
    elif word == "TETAP" and asking.may_keep(talk, state, at):
        arriving.answered(talk, journey, at)
    elif word == "MENYUSUL" and asking.may_promise(talk, state, at):
        _promise(talk, journey, at, state)
    elif word == "LEWATI" and state.is_optional:
        _keep(talk, journey, at, state, None, "")
    else:
        questions.refused(talk, REFUSED[word], {})


def _promise(talk: Talk, journey: Journey, at: At, state: State) -> None:
    value = papers.promise(state, at)
    assert value is not None
    title = asking.label(state, at.item, talk.session.language)
    talk.say("foto.menyusul", judul=title, sampai=as_date(value["later"]) or "")
    _keep(talk, journey, at, state, value, "")


def _reading(
    talk: Talk, journey: Journey, put: Put, said: Reply, picked: Option | None
) -> tuple[At, Reading | Invalid]:
    """The question on the table, and what a reply to it is read as: once a turn."""
    key = (put.serial, said, picked)
    if talk.read is None or talk.read[0] != key:
        at, state = here(talk, journey, put)
        try:
            talk.read = key, at, _read(state, at, put, said, picked)
        except Invalid as wrong:
            talk.read = key, at, wrong
    return talk.read[1:]


def _read(state: State, at: At, put: Put, said: Reply, picked: Option | None) -> Reading:
    field = state.field
    choosing = asking.asking_of(state, at)
    if isinstance(said, str) and picked is None and put.options:
        picked = match(said, [option for option in put.options if option.value not in WAYS_OUT])
    begun = asking.open_document(state, at)
    if begun is None:
        return field.read(picked.value if picked else said, choosing)
    if not isinstance(said, Document):
        raise Invalid("salah.halaman")
    return PHOTO.more(begun, said, choosing)


def _looked_at(journey: Journey, at: At, picture: Document, reading: Read) -> Reading | Invalid:
    """A picture that seems unreadable is refused once, then its sender may insist.

    Not one of an album: sent again alone it would not find its place between the others.
    """
    if not picture.doubt or picture.album:
        return reading
    if not journey.tries.get(arriving.tries_key(at)):
        return Invalid(DOUBTS[picture.doubt])
    return Unsure(reading.value, "pasti.foto", {})


def _way_out(said: str, put: Put) -> str:
    """The way out that the reply picks by its number or a near spelling; '' for none."""
    option = match(said, put.options)
    if option is None and has_none(said):
        option = next((one for one in put.options if one.value in LEAVE), None)
    return option.value if option and option.value in WAYS_OUT else ""


def _keep(talk: Talk, journey: Journey, at: At, state: State, value: Any, said: Reply) -> None:
    before = asking.value_at(state, at)
    asking.keep(talk, journey, state, at.item, value)
    if before not in (None, value):
        dependents.recheck(journey, at)
    if state.is_photo and state.answered(at) and pages(value):
        _received(talk, at, state)
    if state.is_photo and isinstance(said, Document):
        journey.album, journey.album_state = said.album, at.state
        journey.album_item, journey.album_full = at.item, False
    options = getattr(state.params, "options", None)
    redo = options[value].redo if options and isinstance(value, str) else ()
    arriving.answered(talk, journey, at, redo)


def _received(talk: Talk, at: At, state: State) -> None:
    """Say that a document has arrived, and whether something on it may be unreadable."""
    if talk.session.phase != "correcting":
        title = asking.label(state, at.item, talk.session.language)
        unclear = asking.YES if is_unclear(asking.value_at(state, at)) else ""
        talk.say("foto.terima", judul=title, kurang=unclear)


def _confirmed(talk: Talk, journey: Journey, put: Put, said: Reply, picked: Option | None) -> None:
    at, state = here(talk, journey, put)
    picked = chosen(said, picked, put.options)
    meant = picked.value == "ya" if picked else None
    if meant is None and isinstance(said, str):
        meant = yes_or_no(said)
    if meant:
        _keep(talk, journey, at, state, put.value, "")
    elif meant is False:
        questions.ask(talk, journey, at)
    else:
        take(talk, journey, put, said, None)


def _refuse(talk: Talk, journey: Journey, put: Put, wrong: Invalid) -> None:
    """One step up the ladder: cause and fix, other words, other ways; then the question again."""
    at, state = here(talk, journey, put)
    key = arriving.tries_key(at)
    journey.tries[key] = tries = journey.tries.get(key, 0) + 1
    if put.kind == "third":
        # nobody can answer what is no longer in sight: the ladder begins anew
        journey.tries[key] = 0
        talk.say("salah.kedua")
        questions.ask(talk, journey, at)
    elif tries >= THIRD:
        _third_put(talk, at, state)
    elif tries < SECOND:
        _to_step(talk, journey, at, put)
        questions.refused(talk, wrong.key, wrong.values)
    elif state.step is not None and state.step.again:
        _to_step(talk, journey, at, put)
        questions.refused(talk, *asking.sentence(at, f"step.{at.state}.again"))
    else:
        talk.say("salah.kedua")
        questions.ask(talk, journey, at)


def _to_step(talk: Talk, journey: Journey, at: At, put: Put) -> None:
    """After a refused reply to an offer the question itself is on the table again."""
    if put.kind != "step":
        talk.lay(
            "step",
            asking.offered(talk, at.service.states[at.state], at),
            state=at.state,
            item=at.item,
        )


def _third_put(talk: Talk, at: At, state: State) -> None:
    skip = talk.session.phase == "filling" and asking.may_skip(state)
    options = talk.buttons("coba", *(["lewati"] if skip else []), "bantu")
    values = {"lewati": asking.YES if skip else ""}
    talk.put("third", "salah.ketiga", options, values, state=at.state, item=at.item)


def _third(talk: Talk, journey: Journey, put: Put, said: Reply, picked: Option | None) -> None:
    at, state = here(talk, journey, put)
    picked = chosen(said, picked, put.options)
    match picked.value if picked else "":
        case "coba":
            questions.ask(talk, journey, at)
        case "lewati":
            _keep(talk, journey, at, state, dict(SKIPPED), "")
        case "bantu":
            talk.tell_hours()
            questions.again(talk)
        case _:
            take(talk, journey, put, said, None)


def take_page(talk: Talk, journey: Journey, page: Document) -> None:
    """One more picture of the album that answered an earlier question: a page of that answer."""
    at = talk.at(journey)
    at.state, at.item = journey.album_state, journey.album_item
    state = at.service.states.get(at.state)
    value = asking.value_at(state, at) if state else None
    if state is None or not pages(value):
        return
    try:
        reading = PHOTO.more(value, page, asking.asking_of(state, at))
    except Invalid as wrong:
        if not journey.album_full:
            journey.album_full = True
            talk.say("foto.cukup", batas=wrong.values.get("limit", ""))
        return
    if not isinstance(reading, Read):
        return
    asking.record(journey, state, at.item, reading.value)
    put = talk.session.put
    if put is not None and (put.state, put.item) == (at.state, at.item) and is_open(value):
        if state.answered(at):  # that was the last page that it may have
            _received(talk, at, state)
            arriving.answered(talk, journey, at)
    elif is_unclear(reading.value) and not is_unclear(value):
        _received(talk, at, state)
