"""A second need in the same chat: what is known is offered once, and never mixed up."""

import re

import pytest
from msgspec import structs

from flows.events import TimerFired
from flows.facts import Filed, SetTimer
from tests.flows import world
from tests.flows.world import BORN, CHANGES, MOVE, NIK, Chat, journeys

FATHER = "7171011203549902"
KNOWN = {"nama": "nama", "nik": "nik", "lahir": "tgl_lahir", "kota": "kota", "kantor": "cabang"}


def reused(text: str, **names: str) -> str:
    """A flow text whose one-line steps have `reuse`."""
    for step, name in (names or KNOWN).items():
        text = re.sub(rf"(?m)^(  {step}: {{)", rf"\1reuse: {name}, ", text)
    return text


def chat_of(*texts: str) -> Chat:
    return Chat(journeys(*(texts or (reused(MOVE), reused(CHANGES)))))


def filed(chat: Chat) -> dict[str, object]:
    """Send the review; the answers that were filed."""
    chat.say("kirim")
    [fact] = chat.made(Filed)
    return dict(fact.answers)


@pytest.fixture
def chat() -> Chat:
    """Somebody who has sent a request for Siti Aminah."""
    chat = chat_of().fill()
    filed(chat)
    return chat


def test_nothing_is_offered_before_anything_was_sent() -> None:
    chat = chat_of().begin()

    assert chat.keys[-1] == "G.step.alasan.ask"


def test_a_word_may_be_mistyped_where_it_is_offered(chat: Chat) -> None:
    chat.say("E", "setuju")

    assert chat.say("privasy") == ["privasi", "kenal.peserta"]


def test_after_consent_one_question_shows_what_is_known_with_numbers_covered(chat: Chat) -> None:
    chat.say("E")

    assert chat.say("setuju") == ["siapkan", "kenal.peserta"]
    assert chat.says[-1].values == {
        "peserta": "Siti Aminah",
        "kontak": "Kota Manado, Manado",
    }
    assert [one.value for one in chat.put.options] == ["sama", "lain", "baru"]
    chat.say("0", "G", "1", "setuju")
    assert NIK not in str(chat.says)
    assert "9901" in chat.says[-1].values["peserta"]


def test_the_same_person_is_not_asked_again_and_stands_in_the_review(chat: Chat) -> None:
    chat.say("E", "setuju")

    assert chat.say("orang yang sama") == ["E.step.ubah.apa.ask"]
    assert chat.says[-1].values["langkah"] == "1"
    assert chat.answers["nama"] == "Siti Aminah"
    chat.say("hp", "081200000142", "tidak")
    assert chat.session.phase == "review"
    assert [line.value for line in chat.says[-1].values["baris"]] == [
        "Siti Aminah",
        "Nomor HP",
        "0812-0000-0142",
        "Tidak",
        "Kota Manado",
        "Manado",
    ]


def test_a_line_that_was_used_again_can_be_changed(chat: Chat) -> None:
    chat.say("E", "setuju", "1", "hp", "081200000142", "tidak")

    assert chat.say("1") == ["nav.kembali", "E.step.nama.ask"]
    chat.say("Siti Rahma")
    assert chat.session.phase == "review"
    assert filed(chat)["nama"] == "Siti Rahma"


def test_for_somebody_else_only_the_contact_is_kept(chat: Chat) -> None:
    chat.say("G", "1", "setuju")
    assert chat.say("orang lain") == ["G.step.alasan.ask"]

    chat.say("dinas")
    assert chat.keys == ["G.step.nama.ask"]
    chat.say("Budi Santoso", FATHER, "12-03-1954")
    assert chat.say("lewati") == ["G.step.foto.ask"], "place and office were taken"
    chat.send()
    answers = filed(chat)
    assert (answers["nama"], answers["nik"], answers["kota"]) == ("Budi Santoso", FATHER, "7171")


def test_what_is_known_of_the_mother_gives_way_to_the_father_as_a_whole() -> None:
    chat = chat_of().fill()
    filed(chat)
    chat.say("E", "setuju", "orang lain", "Budi Santoso", "hp", "081200000142", "tidak")
    filed(chat)

    assert chat.session.known == {"nama": "Budi Santoso", "kota": "7171", "cabang": "KC-MANADO"}


def test_more_of_the_same_person_is_added(chat: Chat) -> None:
    chat.say("E", "setuju", "1", "hp", "081200000142", "tidak")
    filed(chat)

    assert chat.session.known["nik"] == NIK


def test_all_can_be_written_anew(chat: Chat) -> None:
    chat.say("E", "setuju")

    assert chat.say("isi semua baru") == ["E.step.nama.ask"]
    chat.say("Siti Aminah", "hp", "081200000142")
    assert chat.say("tidak") == ["E.step.kota.ask"]


def test_contact_alone_is_offered_with_yes_and_no() -> None:
    chat = chat_of(reused(MOVE), reused(CHANGES, kota="kota", kantor="cabang")).fill()
    filed(chat)
    chat.say("E")

    assert chat.say("setuju")[-1] == "kenal.kontak"
    assert chat.say("iya bu") == ["E.step.nama.ask"]
    assert chat.session.journey and set(chat.session.journey.reuse or ()) == {"kota", "cabang"}
    chat.say("0", "E", "mulai dari awal", "setuju")
    assert chat.say("tidak") == ["E.step.nama.ask"]
    assert chat.session.journey and chat.session.journey.reuse == {}


def test_another_reply_than_the_offered_ones_is_asked_again(chat: Chat) -> None:
    chat.say("E", "setuju")

    assert chat.say("entahlah") == ["salah.pilihan"]
    assert chat.put.kind == "known"
    assert chat.say("2") == ["E.step.nama.ask"]


def test_the_question_waits_while_the_form_is_put_aside(chat: Chat) -> None:
    chat.say("E", "setuju", "menu")

    assert chat.say("lanjut")[-1] == "kenal.peserta"
    chat.say("batal")
    assert chat.say("teruskan") == ["kenal.peserta"]


def test_a_form_goes_on_with_what_was_shown_though_another_was_sent_meanwhile(chat: Chat) -> None:
    chat.say("G", "1", "setuju", "sama", "menu")
    chat.say("E", "setuju", "orang lain", "Budi Santoso", "hp", "081200000142", "tidak")
    filed(chat)

    chat.say("lanjut", "dinas")
    assert (chat.answers["nama"], chat.answers["nik"]) == ("Siti Aminah", NIK)


def test_a_form_that_was_begun_without_is_never_filled_half_way() -> None:
    chat = chat_of()
    chat.begin("E").say("Budi Santoso", "menu", "G", "setuju")
    chat.say("dinas", "Siti Aminah", NIK, BORN, "lewati", "manado", "1")
    chat.send()
    filed(chat)

    assert chat.say("lanjut")[-1] == "E.step.ubah.apa.ask"
    assert chat.session.journey and chat.session.journey.reuse == {}


def test_a_value_that_its_question_does_not_take_any_more_is_asked(chat: Chat) -> None:
    chat.session.known["kota"] = "9999"
    chat.say("E")

    chat.say("setuju")
    assert chat.says[-1].values["kontak"] == "Manado"
    chat.say("sama", "hp", "081200000142")
    assert chat.say("tidak") == ["E.step.kota.ask"]
    chat.say("manado")
    assert chat.keys == ["E.step.kantor.ask"], "an office goes with its place"


def test_a_value_that_must_differ_from_another_answer_is_asked(chat: Chat) -> None:
    differs = reused(CHANGES).replace(
        "  kota: {",
        "  lain: {type: name, label: Lain, reuse: nama, differs: nama, ask: Lain?}\n  kota: {",
    )
    chat.upgrade(reused(MOVE), differs)
    chat.say("E", "setuju", "sama", "hp", "081200000142")

    assert chat.say("tidak") == ["E.step.lain.ask"]


def test_an_answer_that_the_form_asks_again_is_not_filled_a_second_time(chat: Chat) -> None:
    chat.say("G", "1", "setuju", "sama", "dinas")
    assert chat.keys == ["G.step.surel.ask"]
    chat.say("lewati")
    chat.send()
    chat.say("4", "11-11-1990")
    assert chat.keys == ["G.step.cek.ask"]

    assert chat.say("nik") == ["G.step.nik.ask"]


def test_skipped_answers_are_not_known() -> None:
    chat = chat_of()
    chat.begin().say("dinas", "Siti Aminah", "x", "x", "x", "lewati dulu", BORN, "lewati")
    chat.say("manado", "1")
    chat.send()
    filed(chat)

    assert "nik" not in chat.session.known


def test_what_is_known_is_forgotten_after_some_days(chat: Chat) -> None:
    [timer] = [one for one in chat.turns[-1].facts if isinstance(one, SetTimer)]
    assert (timer.kind, (timer.at - chat.now).days) == ("known", 30)

    chat.happen(TimerFired("known"))

    assert chat.session.known == {}
    assert chat.facts == []


def test_hapus_forgets_and_says_so(chat: Chat) -> None:
    chat.say("G", "1", "setuju", "sama")
    chat.say("hapus")

    assert chat.keys == ["hapus.kenal", "hapus.cara", "G.step.alasan.ask"]
    assert chat.session.known == {}
    assert chat.say("dinas") == ["G.step.nama.ask"]
    assert chat.say("hapus") == ["hapus.cara", "G.step.nama.ask"]


def test_a_setting_of_no_days_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "SETTINGS", structs.replace(world.SETTINGS, known_days=0))
    chat = chat_of().fill()
    filed(chat)

    assert chat.session.known == {}
    assert chat.say("E", "setuju")[-1] == "E.step.nama.ask"
