"""Filling a form: answers, typos, confirmations, errors, back, photos."""

from datetime import timedelta

import pytest

from flows.events import Press, Sent, Text
from flows.facts import AskedHours, AskedStatus, Say
from forms.fields import Document
from tests.flows.world import BORN, CHANGES, MOVE, NIK, Chat, journeys


def test_a_choice_is_picked_by_number_word_label_and_typo() -> None:
    for reply in ("1", "no 1", "satu", "Tugas dinas", "tugas dinsa"):
        assert Chat().begin().say(reply) == ["G.step.nama.ask"], reply


def test_a_question_carries_the_values_that_it_names_and_its_number() -> None:
    chat = Chat().begin()
    chat.say("1", "siti aminah")

    assert chat.says[-1].values == {"nama": "siti aminah", "langkah": "3"}


def test_a_question_does_not_name_an_answer_that_does_not_apply_any_more() -> None:
    text = MOVE.replace("NIK {{ nama }}?", "NIK sejak {{ sejak }}?")
    chat = Chat(journeys(text)).begin()
    chat.say("lain-lain", "01-11-2026", "Siti")
    assert chat.says[-1].values["sejak"] == "1 November 2026"

    chat.say("0", "0", "0", "dinas")
    assert (chat.put.state, chat.says[-1].values["sejak"]) == ("nik", "")


def test_an_early_result_ends_the_journey_with_advice() -> None:
    chat = Chat().begin()

    assert chat.say("2", "01-01-2026") == ["G.result.mobile"]

    assert chat.says[0].values == {"tunggu": "3"}
    assert (chat.session.phase, chat.session.journey) == ("menu", None)


def test_an_early_result_may_offer_another_service() -> None:
    offering = MOVE.replace("    result: referral", "    result: referral\n    next: [E]")
    chat = Chat(journeys(offering, CHANGES)).begin()
    chat.say("2", "01-01-2026")

    assert [(one.value, one.label) for one in chat.options] == [
        ("E", "Ubah data"), ("menu", "Menu utama"),
    ]  # fmt: skip
    assert chat.press("E") == ["persetujuan"]


def test_a_rule_that_is_an_amount_of_money_is_said_as_money() -> None:
    priced = MOVE.replace("tunggu: {value: 3,", "tunggu: {value: 3, unit: rupiah,")
    chat = Chat(journeys(priced)).begin()
    chat.say("2", "01-01-2026")

    assert chat.says[0].values == {"tunggu": "Rp3"}


def test_the_error_ladder_climbs_cause_other_words_other_ways() -> None:
    chat = Chat().begin()
    chat.say("1")

    assert chat.say("123") == ["salah.nama_angka"]
    assert chat.say("456") == ["G.step.nama.again"]
    assert chat.say("789") == ["salah.ketiga"]
    assert [option.value for option in chat.options] == ["coba", "lewati", "bantu"]
    assert chat.answers == {"alasan": "dinas"}


def test_without_other_words_of_its_own_a_question_is_said_again_the_second_time() -> None:
    chat = Chat().begin()
    chat.say("1", "Siti", "12")

    assert chat.say("13") == ["salah.kedua", "G.step.nik.ask"]


def test_after_the_third_error_the_question_comes_back_into_sight() -> None:
    chat = Chat().begin()
    chat.say("x", "x", "x")

    assert chat.say("x") == ["salah.kedua", "G.step.alasan.ask"]
    assert [option.value for option in chat.options] != ["coba", "bantu"]
    assert chat.say("x") != ["salah.ketiga"]


def test_at_the_third_error_a_good_answer_is_still_taken() -> None:
    chat = Chat().begin()
    chat.say("1", "1", "2", "3")

    assert chat.say("Siti Aminah") == ["G.step.nik.ask"]


def test_a_question_that_routing_needs_cannot_be_skipped_at_the_third_error() -> None:
    chat = Chat().begin()
    chat.say("x", "x", "x")

    assert [option.value for option in chat.options] == ["coba", "bantu"]


def test_a_skipped_answer_stays_open_for_the_officer() -> None:
    chat = Chat().begin()
    chat.say("1", "1", "2", "3")

    assert chat.press("lewati") == ["G.step.nik.ask"]
    assert chat.answers["nama"] == {"skipped": True}
    assert chat.says[-1].values["nama"] == ""


def test_help_from_people_tells_the_hours_and_leaves_the_question() -> None:
    chat = Chat().begin()
    chat.say("x", "x", "x")

    chat.press("bantu")

    assert chat.made(AskedHours) == [AskedHours("")]
    assert chat.put.kind == "third"


def test_an_unsure_reading_is_confirmed_before_it_is_kept() -> None:
    chat = Chat().begin()
    chat.say("1", "Siti", NIK, "03-04-56")
    assert chat.put.kind == "unsure"
    assert "lahir" not in chat.answers

    chat.say("iya betul")

    assert chat.answers["lahir"] == "1956-04-03"


def test_no_to_an_unsure_reading_asks_again_and_another_answer_is_read() -> None:
    chat = Chat().begin()
    chat.say("1", "Siti", NIK, "03-04-56")
    assert chat.say("bukan") == ["G.step.lahir.ask"]

    chat.say("03-04-56", BORN)

    assert chat.answers["lahir"] == "1956-03-27"


def test_redo_forgets_the_doubtful_answers_and_asks_them_again() -> None:
    chat = Chat().begin()
    chat.say("1", "Siti", NIK, "28-03-1956")
    assert chat.keys == ["G.step.cek.ask"]

    assert chat.say("1") == ["G.step.nik.ask"]
    assert "nik" not in chat.answers
    assert "cek" not in chat.answers


def test_back_shows_the_old_answer_masked_and_tetap_keeps_it() -> None:
    chat = Chat().begin()
    chat.say("1", "Siti", NIK)

    assert chat.say("0") == ["nav.kembali", "G.step.nik.ask"]
    assert chat.says[0].values == {"lama": "••••••••••••9901", "judul": "NIK"}
    assert chat.say("tetap") == ["G.step.lahir.ask"]
    assert chat.answers["nik"] == NIK


def test_back_from_the_first_question_parks_the_form_in_the_menu() -> None:
    chat = Chat().begin()

    assert chat.say("0") == ["simpan.jeda", "menu.utama"]
    assert "G" in chat.session.drafts


def test_back_goes_through_the_items_of_a_group() -> None:
    chat = Chat().begin("E")
    chat.say("Siti", "1", "Budi", "ya")

    assert chat.say("0") == ["nav.kembali", "E.step.ubah.more.ask"]
    assert chat.say("0") == ["nav.kembali", "E.step.ubah.nama_baru.ask"]
    assert chat.say("Badu") == ["E.step.ubah.apa.ask"]
    assert chat.answers["ubah"] == [{"apa": "nama", "nama_baru": "Badu"}, {}]


def test_a_full_group_does_not_ask_for_more() -> None:
    chat = Chat().begin("E")
    chat.say("Siti", "1", "A B", "ya", "1", "C D", "ya", "1")

    assert chat.say("E F") == ["E.step.kota.ask"]


def test_only_an_optional_question_can_be_left_out() -> None:
    chat = Chat().begin()
    chat.say("1")
    assert chat.say("LEWATI") == ["nav.lewati_wajib"]

    chat.say("Siti", NIK, BORN)

    assert chat.options[-1].label == "Lewati"
    assert chat.say("lewati") == ["G.step.kota.ask"]
    assert chat.answers["surel"] is None


@pytest.mark.parametrize("said", ["tidak ada", "ga punya", "ndak tau"])
def test_having_nothing_leaves_an_optional_question_out(said: str) -> None:
    chat = Chat().begin()
    chat.say("1", "Siti", NIK, BORN)

    assert chat.say(said) == ["G.step.kota.ask"]
    assert chat.answers["surel"] is None


def test_having_nothing_does_not_leave_out_what_is_needed() -> None:
    chat = Chat().begin()
    chat.say("1", "Siti")

    assert chat.say("tidak ada") == ["salah.nik_panjang"]


def test_tetap_without_an_earlier_answer_says_so() -> None:
    chat = Chat().begin()
    chat.say("1")

    assert chat.say("TETAP") == ["nav.tetap_kosong"]


def test_a_stale_button_is_answered_kindly_and_never_applied() -> None:
    chat = Chat().begin()
    old = chat.put.serial
    chat.say("1")

    chat.happen(Press("dinas", old))

    assert chat.keys == ["tombol.lewat", "G.step.nama.ask"]
    assert chat.answers == {"alasan": "dinas"}


def test_a_button_may_say_the_place_of_its_option() -> None:
    chat = Chat().begin()

    chat.press("#2")

    assert chat.answers == {"alasan": "biasa"}


def test_a_button_that_was_never_offered_is_not_applied() -> None:
    chat = Chat().begin()

    assert chat.press("sultan") == ["tombol.lewat", "G.step.alasan.ask"]


def test_a_reply_written_before_the_question_was_seen_is_not_its_answer() -> None:
    chat = Chat().begin()
    chat.pass_time(seconds=5)
    chat.say("1")

    chat.happen(Text("Siti"), received=chat.now - timedelta(seconds=1))

    assert chat.keys == ["salah.terlalu_cepat", "G.step.nama.ask"]
    assert chat.answers == {"alasan": "dinas"}
    assert chat.say("Siti") == ["G.step.nik.ask"]


def test_a_word_that_acts_on_an_unseen_question_waits_but_menu_works() -> None:
    chat = Chat().begin()
    chat.pass_time(seconds=5)
    chat.say("1", "Siti", NIK, BORN)

    chat.happen(Text("lewati"), received=chat.now - timedelta(seconds=1))
    assert chat.keys == ["salah.terlalu_cepat", "G.step.surel.ask"]

    chat.happen(Text("menu"), received=chat.now - timedelta(seconds=1))
    assert chat.keys == ["simpan.jeda", "menu.utama"]


def test_pictures_of_one_album_are_pages_of_one_answer() -> None:
    chat = Chat().begin()
    chat.say("1", "Siti", NIK, BORN, "lewati", "manado", "1")

    chat.send("a" * 64, album="7")
    assert chat.session.phase == "review"
    assert chat.send("b" * 64, album="7") == []

    assert [page["sha256"][0] for page in chat.answers["foto"]] == ["a", "b"]


def test_more_pages_than_the_question_takes_are_said_once() -> None:
    chat = Chat().begin()
    chat.say("1", "Siti", NIK, BORN, "lewati", "manado", "1")
    said = [chat.send(f"{n:064}", album="7") for n in range(8)]

    assert said[5:] == [["foto.cukup"], [], []]
    assert len(chat.answers["foto"]) == 5


def test_a_picture_where_words_are_wanted_is_refused() -> None:
    chat = Chat().begin()
    chat.say("1")

    assert chat.send() == ["salah.perlu_tulisan"]


def test_a_contact_card_answers_the_telephone_question_only() -> None:
    chat = Chat().begin("E")
    assert chat.contact("081200000142") == ["salah.perlu_tulisan"]
    chat.say("Siti", "2")

    chat.contact("081200000142")

    assert chat.answers["ubah"][0]["hp_baru"] == "+6281200000142"


def test_an_emergency_word_comes_first_and_the_question_stays() -> None:
    chat = Chat().begin()
    chat.say("1")

    assert chat.say("ibu saya kecelakaan") == ["darurat", "G.step.nama.ask"]
    assert "nama" not in chat.answers


def test_the_second_time_an_emergency_word_may_be_part_of_the_answer() -> None:
    chat = Chat().begin()
    chat.say("1", "Darurat Siti")

    assert chat.say("Darurat Siti") == ["G.step.nik.ask"]


def test_an_empty_message_is_answered_as_such() -> None:
    chat = Chat().begin()
    chat.say("1")

    assert chat.say("   ") == ["salah.kosong"]
    assert chat.say("👍👍") == ["salah.kosong"]


def test_help_says_the_words_of_the_question_then_the_hours_then_the_question() -> None:
    chat = Chat().begin()
    chat.say("bantuan")

    kinds = [fact.key if isinstance(fact, Say) else fact for fact in chat.facts]
    assert kinds == ["G.step.alasan.help", AskedHours(""), "G.step.alasan.ask"]


def test_status_in_a_form_leaves_the_question_open() -> None:
    chat = Chat().begin()
    chat.say("status")

    assert chat.facts[0] == AskedStatus("")
    assert chat.keys == ["G.step.alasan.ask"]


def test_privacy_and_erasing_are_explained_and_the_question_stays() -> None:
    chat = Chat().begin()

    assert chat.say("privasi") == ["privasi", "G.step.alasan.ask"]
    assert chat.say("hapus") == ["hapus.cara", "G.step.alasan.ask"]


def test_the_branch_of_the_answers_is_remembered_for_zone_and_hours() -> None:
    chat = Chat().begin()
    chat.say("1", "Siti", NIK, BORN, "lewati", "manado", "1", "bantuan")

    assert chat.session.branch == "KC-MANADO"
    assert chat.made(AskedHours) == [AskedHours("KC-MANADO")]


def test_a_plain_answer_takes_one_move() -> None:
    chat = Chat().begin()
    chat.say("1")

    assert [tuple(move) for move in chat.turns[-1].moves] == [("G", "next", "alasan", "nama")]


def test_a_photo_without_an_album_twice_is_two_answers() -> None:
    chat = Chat().fill()

    chat.happen(Sent(Document("b" * 64, "image/jpeg", 10)))

    assert chat.keys == ["foto.tak_diminta", "periksa"]


def test_an_old_button_is_stale_even_where_the_same_answer_is_offered_now() -> None:
    chat = Chat().begin("E")
    chat.say("Siti")
    first_item = chat.put.serial
    chat.say("1", "Budi", "ya")
    assert (chat.put.state, chat.put.item) == ("ubah.apa", 1)

    chat.happen(Press("nama", first_item))

    assert chat.keys == ["tombol.lewat", "E.step.ubah.apa.ask"]
    assert chat.answers["ubah"] == [{"apa": "nama", "nama_baru": "Budi"}, {}]
