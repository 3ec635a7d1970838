"""Questions and small talk in the middle of a form, and words of steering at every step."""

from collections.abc import Iterator

import pytest

from bot.config.settings import ROOT
from flows.facts import AskedHours, AskedStatus
from flows.session import Journey, Put
from flows.spec import Group
from forms import plain_yaml
from forms.reserved import reserved
from tests.declared import JOURNEYS
from tests.flows.world import MENUS, Chat

FEW = MENUS.replace("[others]", "[A, E, G]")
STEPS = [
    (code, name)
    for code, service in JOURNEYS.services.items()
    for name, state in service.states.items()
    if state.step or state.is_more
]


def at(code: str, name: str) -> Chat:
    """A chat with the question *name* of a service on the table, nothing answered before it."""
    chat = Chat(JOURNEYS, FEW)
    chat.say("halo")
    service = JOURNEYS.services[code]
    group = service.states[name].group
    answers = {group.name: [{}]} if isinstance(group, Group) else {}
    session = chat.session
    session.phase, session.serials = "filling", 7
    session.journey = Journey(code, service.flow.digest, "x", chat.now, answers, state=name)
    session.put = Put(7, "step", chat.now, state=name)
    return chat


def asked(chat: Chat) -> str:
    """The key of the question that was put at last."""
    return chat.keys[-1]


@pytest.mark.parametrize(("code", "name"), STEPS, ids=[f"{c}-{n}" for c, n in STEPS])
def test_steering_words_do_the_same_at_every_step(code: str, name: str) -> None:
    question = f"{code}.step.{name}.ask"

    chat = at(code, name)
    chat.say("status")
    assert chat.made(AskedStatus)
    assert asked(chat) == question

    chat.say("bantuan")
    assert chat.made(AskedHours)
    assert asked(chat) == question

    chat.say("batal")
    assert chat.put.kind == "cancel"
    chat.say("teruskan mengisi")
    assert chat.session.phase == "filling"

    chat = at(code, name)
    chat.say("menu")
    assert (chat.session.phase, asked(chat)) == ("menu", "menu.utama")
    assert list(chat.session.drafts) == [code]

    chat = at(code, name)
    chat.say("0")
    assert chat.session.put is not None
    assert chat.session.phase in ("menu", "filling")


@pytest.mark.parametrize(("code", "name"), STEPS, ids=[f"{c}-{n}" for c, n in STEPS])
def test_a_clear_question_is_answered_at_every_step(code: str, name: str) -> None:
    chat = at(code, name)
    chat.say("denda telat bayar berapa ya?")

    assert chat.keys == ["info.denda", f"{code}.step.{name}.ask"]
    assert chat.session.journey is not None
    assert chat.session.journey.tries == {}


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("iuran kelas 3 brp", "info.iuran"),
        ("terima kasih", "obrolan.terima_kasih"),
        ("anjing lama bgt", "obrolan.kasar"),
        ("mau pindah faskes", "obrolan.layanan_lain"),
        ("gimana cara cairkan jht", "info.ketenagakerjaan"),
    ],
)
def test_what_a_number_cannot_be_is_answered_without_counting_as_an_error(
    said: str, key: str
) -> None:
    chat = at("E", "nik")

    assert chat.say(said) == [key, "E.step.nik.ask"]
    assert chat.session.journey is not None
    assert chat.session.journey.tries == {}


def test_steering_in_plain_words() -> None:
    chat = at("E", "nik")
    chat.say("ga jadi deh")
    assert chat.put.kind == "cancel"

    chat = at("E", "nik")
    chat.say("balik ke menu utama dong")
    assert chat.session.phase == "menu"


@pytest.mark.parametrize("said", ["717101270356990", "nik saya 7171 0127 0356", "hmm", "lupa"])
def test_what_may_be_a_mistyped_answer_is_refused_as_before(said: str) -> None:
    chat = at("E", "nik")
    chat.say(said)

    assert chat.session.journey is not None
    assert sum(chat.session.journey.tries.values()) == 1


def test_thanks_are_no_name() -> None:
    chat = at("E", "nama")

    assert chat.say("terima kasih kak") == ["obrolan.terima_kasih", "E.step.nama.ask"]
    assert "nama" not in chat.answers


@pytest.mark.parametrize("name", ["Siti Aminah", "Bayi Ny Siti", "Denda Wulandari", "Kartu Hilang"])
def test_a_name_stays_a_name(name: str) -> None:
    chat = at("E", "nama")
    chat.say(name)

    assert chat.answers["nama"] == name


def test_consent_and_review_answer_questions_too() -> None:
    chat = Chat(JOURNEYS, FEW)
    chat.say("halo", "mau ganti faskes")

    assert chat.say("iuran kelas 3 berapa?") == ["info.iuran", "persetujuan"]
    assert chat.session.phase == "consent"


def test_an_emergency_that_names_no_emergency_comes_first() -> None:
    chat = at("E", "nama")

    assert chat.say("bapak saya pingsan") == ["darurat", "E.step.nama.ask"]


def written() -> Iterator[str]:
    """Whatever participants type in the scripts, but for those that ask questions on purpose."""
    for path in sorted((ROOT / "tests" / "conversations").glob("*.yaml")):
        if path.stem.startswith(("plain_words", "interrupts")):
            continue
        steps = plain_yaml.read(path)["steps"]
        yield from (str(step["user"]) for step in steps if "user" in step)


def test_no_answer_of_the_scripts_would_be_taken_for_a_question_by_a_field_of_any_words() -> None:
    said = {text for text in written() if reserved(text) is None and "?" not in text}
    assert len(said) > 200

    taken = {}
    for text in sorted(said):
        chat = at("E", "nama")
        chat.session.put = Put(7, "step", chat.now, state="nama")
        if any(key.startswith("info.") for key in chat.say(text)):
            taken[text] = chat.keys
    assert taken == {}
