"""The language of a chat: how it is switched, and what is said then."""

import pytest

from flows.facts import AskedHours, Filed, Say
from tests.flows.world import MOVE, Chat, journeys


def said(chat: Chat, key: str) -> Say:
    return next(say for say in chat.says if say.key == key)


def labels(chat: Chat) -> list[str]:
    return [option.label for option in chat.put.options]


@pytest.mark.parametrize(
    "text", ["english", "ENGLISH!", "/english", "English please", "bahasa inggris", "/lang"]
)
def test_a_wish_switches_and_the_menu_is_said_in_english(text: str) -> None:
    chat = Chat()
    chat.say("halo")

    assert chat.say(text) == ["bahasa.ganti", "menu.utama"]
    assert chat.session.language == "en"


def test_the_word_bahasa_goes_round_and_a_wish_does_not() -> None:
    chat = Chat()
    chat.say("halo", "bahasa")

    assert chat.session.language == "en"
    chat.say("in english")
    assert chat.session.language == "en"
    chat.say("bahasa")
    assert chat.session.language == "id"
    chat.say("english", "bahasa indonesia")
    assert chat.session.language == "id"


def test_whoever_begins_in_english_is_greeted_so() -> None:
    chat = Chat()

    assert chat.say("English, please") == ["sapa.baru", "menu.utama"]
    assert chat.session.language == "en"


def test_a_name_of_a_country_or_a_person_is_no_wish() -> None:
    chat = Chat().begin("E")

    chat.say("Lang")
    assert chat.answers["nama"] == "Lang"
    assert chat.session.language == "id"
    chat.say("0", "Indonesia")
    assert chat.answers["nama"] == "Indonesia"


def test_the_open_question_is_asked_again_with_buttons_of_the_language() -> None:
    chat = Chat(journeys(MOVE.replace("label: Tugas dinas", "label: {id: Tugas dinas, en: Duty}")))
    chat.begin()
    assert labels(chat) == ["Tugas dinas", "Lain-lain"]

    keys = chat.say("english")

    assert keys == ["bahasa.ganti", "bahasa.belum", "G.step.alasan.ask"]
    assert labels(chat) == ["Duty", "Lain-lain"]
    assert chat.say("duty") == ["G.step.nama.ask"]


def test_a_question_of_the_conversation_keeps_its_place_and_changes_its_buttons() -> None:
    chat = Chat().begin()
    chat.say("batal")
    serial = chat.put.serial

    chat.say("english")

    assert (chat.put.serial, chat.put.kind) == (serial, "cancel")
    assert labels(chat) == ["Save for later", "Delete answers", "Go on"]
    assert chat.press("teruskan") == ["G.step.alasan.ask"]


def test_what_is_known_is_shown_again_in_english() -> None:
    chat = Chat(journeys(MOVE.replace("  lahir: {type", "  lahir: {reuse: tgl_lahir, type"))).fill()
    chat.say("kirim", "G", "1", "setuju")
    assert said(chat, "kenal.peserta").values["peserta"] == "27 Maret 1956"

    chat.say("english")

    assert said(chat, "kenal.peserta").values["peserta"] == "27 March 1956"
    assert labels(chat) == ["The same person", "Write all anew"]


def test_the_review_is_said_in_english_and_sent_with_an_english_word() -> None:
    chat = Chat().fill()

    assert chat.say("english")[-1] == "periksa"
    assert labels(chat) == ["Send now", "Change an answer", "Save for later"]
    assert chat.say("send") == []
    assert chat.session.phase == "menu"
    [fact] = chat.made(Filed)
    assert fact.flags == ("language:en",), "the officer must know"


def test_an_offer_is_made_anew_by_its_question() -> None:
    chat = Chat().begin()
    chat.say("dinas", "Siti Aminah", "7171012703569901", "27-03-1956", "lewati", "pilih provinsi")
    assert chat.put.kind == "offer"

    assert chat.say("english")[-1] == "G.step.kota.ask"
    assert labels(chat) == ["Choose a province"]


def test_english_words_steer_only_who_reads_english() -> None:
    chat = Chat().begin("E")

    chat.say("Back")
    assert chat.answers["nama"] == "Back"
    chat.say("english")
    assert chat.say("back")[0] == "nav.kembali"
    assert chat.say("keep") != []
    assert chat.answers["nama"] == "Back"
    assert "bantuan" not in chat.say("help")
    assert chat.say("cancel") == ["nav.batal_tanya"]
    assert chat.say("menu")[-1] == "menu.utama"
    assert chat.say("continue") == ["simpan.terus", "E.step.ubah.apa.ask"]
    chat.say("menu")
    assert chat.say("lanjut")[-1] == "E.step.ubah.apa.ask", "Indonesian words go on counting"


def test_a_service_says_once_that_it_is_not_translated() -> None:
    chat = Chat()
    chat.say("english")

    assert chat.say("G") == ["bahasa.belum", "persetujuan"]
    assert "bahasa.belum" not in chat.say("i agree")
    assert "bahasa.belum" not in chat.say("dinas")


def test_a_service_in_english_says_nothing_of_the_kind() -> None:
    chat = Chat(journeys(MOVE.replace("code: G", "code: G\nlanguages: [id, en]")))
    chat.say("english")

    assert chat.say("G") == ["persetujuan"]


def test_a_slip_in_an_english_word_is_forgiven_where_nothing_is_written() -> None:
    chat = Chat().begin()
    chat.say("english", "cancel")

    chat.say("halp")

    assert chat.made(AskedHours)


def test_advice_and_what_it_offers_are_said_again_in_english() -> None:
    advised = MOVE.replace(
        "say: Lewat aplikasi, setelah {{ tunggu }} bulan.",
        "say: {id: 'Sejak {{ sejak }}.', en: 'Since {{ sejak }}.'}\n    next: [G]",
    ).replace("title: Pindah faskes", "title: {id: Pindah faskes, en: Move}")
    chat = Chat(journeys(advised)).begin()
    chat.say("biasa", "27-03-2026")
    assert labels(chat) == ["Pindah faskes", "Menu utama"]

    chat.say("english")

    assert said(chat, "G.result.mobile").values["sejak"] == {
        "id": "27 Maret 2026",
        "en": "27 March 2026",
    }
    assert labels(chat) == ["Move", "Main menu"]


def test_a_date_that_is_asked_back_is_said_again_in_english() -> None:
    chat = Chat().begin()
    chat.say("biasa", "27-03-26")
    assert chat.put.kind == "unsure"

    assert chat.say("english")[-1] == "pasti.tgl"

    assert said(chat, "pasti.tgl").values["date"] == {"id": "27 Maret 2026", "en": "27 March 2026"}
    assert labels(chat) == ["Yes, right", "Change"]
