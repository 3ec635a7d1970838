"""The review: lines, changing one and coming back, sending once."""

from typing import Any

import pytest

from flows.events import Press
from flows.facts import AskedStatus, DropTimer, Filed, Line
from tests.flows.world import MOVE, NIK, Chat, journeys


def lines(chat: Chat) -> list[tuple[int, str, str]]:
    listed: list[Line] = chat.says[-1].values["baris"]
    return [(line.number, line.label, line.value) for line in listed]


def filed(chat: Chat) -> Filed:
    [fact] = chat.made(Filed)
    assert isinstance(fact, Filed)
    return fact


def test_lines_are_numbered_masked_and_empty_where_nothing_was_filled_in() -> None:
    assert lines(Chat().fill()) == [
        (1, "Alasan", "Tugas dinas"),
        (2, "Nama", "Siti Aminah"),
        (3, "NIK", "••••••••••••9901"),
        (4, "Tanggal lahir", "27 Maret 1956"),
        (5, "Email", ""),
        (6, "Kota", "Kota Manado"),
        (7, "Kantor", "Manado"),
        (8, "Foto KK", "1 foto"),
    ]


def test_a_number_changes_one_line_and_comes_back() -> None:
    chat = Chat().fill()

    assert chat.say("2") == ["nav.kembali", "G.step.nama.ask"]
    assert [tuple(move) for move in chat.turns[-1].moves] == [
        ("G", "edit_nama", "review", "nama"),
        ("session", "change", "review", "filling"),
    ]
    assert chat.say("Budi") == ["periksa"]
    assert lines(chat)[1] == (2, "Nama", "Budi")
    assert tuple(chat.turns[-1].moves[0]) == ("G", "next", "nama", "nik")


def test_a_line_is_found_by_ubah_and_number_and_by_its_name() -> None:
    assert Chat().fill().say("ubah 2") == ["nav.kembali", "G.step.nama.ask"]
    assert Chat().fill().say("tanggal lahir") == ["nav.kembali", "G.step.lahir.ask"]
    chat = Chat().fill()
    assert chat.say("UBAH") == ["periksa.ubah"]
    assert chat.say("3") == ["nav.kembali", "G.step.nik.ask"]


def test_a_change_that_opens_a_question_asks_it_first() -> None:
    chat = Chat().fill()

    chat.say("1")
    assert chat.say("Lain-lain") == ["G.step.sejak.ask"]
    assert chat.say("01-11-2026") == ["periksa"]
    assert lines(chat)[1][1] == "Sejak"


def test_a_change_may_lead_to_an_early_result() -> None:
    chat = Chat().fill()

    chat.say("1", "Lain-lain")

    assert chat.say("01-01-2026") == ["G.result.mobile"]


def test_tetap_and_back_return_to_the_review_unchanged() -> None:
    for word in ("tetap", "0"):
        chat = Chat().fill()
        chat.say("3")
        assert chat.say(word) == ["periksa"]
        assert chat.answers["nik"] == NIK


def test_a_number_that_is_not_listed_says_how_many_there_are() -> None:
    chat = Chat().fill()

    assert chat.say("9") == ["periksa.nomor"]
    assert chat.says[0].values == {"sampai": 8}


def test_kirim_files_the_reported_answers_in_form_order() -> None:
    chat = Chat().fill()
    chat.say("1", "Lain-lain", "01-11-2026", "1", "Tugas dinas")

    chat.say("KIRIM")

    report = filed(chat)
    assert list(report.answers) == [
        "alasan", "nama", "nik", "lahir", "surel", "kota", "kantor", "foto",
    ]  # fmt: skip
    assert (report.service, report.branch, report.flags) == ("G", "KC-MANADO", ())
    assert chat.session.journey is None
    assert chat.session.phase == "menu"
    assert {fact.kind for fact in chat.made(DropTimer)} == {"draft", "remind"}


def test_kirim_twice_tells_the_state_and_files_nothing() -> None:
    chat = Chat().fill()
    review = chat.put.serial
    chat.press("KIRIM")

    chat.happen(Press("KIRIM", review))
    assert chat.facts == [AskedStatus()]

    chat.say("kirim")
    assert chat.facts == [AskedStatus()]


def test_two_journeys_of_one_service_have_their_own_submission() -> None:
    chat = Chat().fill()
    chat.say("kirim")
    first = filed(chat).submission
    chat.say("menu")
    chat.say("1", "G", "1", "setuju", "1", "Siti", NIK, "27-03-1956", "lewati", "manado", "1")
    chat.send()
    chat.say("kirim")

    assert filed(chat).submission != first


def test_flags_name_skipped_answers_and_what_the_flow_declares() -> None:
    chat = Chat().begin()
    chat.say("1", "1", "2", "3")
    chat.press("lewati")
    chat.say(NIK, "28-03-1956", "2", "lewati", "manado", "1")
    chat.send()

    chat.say("kirim")

    assert filed(chat).flags == ("skipped:nama", "tidak_cocok")
    assert not filed(chat).urgent


def test_below_the_ticket_stands_the_first_closing_that_applies() -> None:
    source = "source: {key: FAQ, date: 2025}"
    closings = f"""closing:
  biasa: {{when: {{alasan: biasa}}, say: Biasa., {source}}}
  dinas: {{when: {{alasan: dinas}}, say: "{{{{ alasan }}}}.", {source}}}
  semua: {{when: {{}}, say: Semua., {source}}}
flags:"""
    chat = Chat(journeys(MOVE.replace("flags:", closings))).fill()

    chat.say("kirim")

    assert isinstance(chat.facts[0], Filed)
    assert [(say.key, say.values) for say in chat.says] == [
        ("G.closing.dinas", {"alasan": "Tugas dinas"})
    ]


@pytest.mark.parametrize(("reason", "urgent"), [("1", True), ("2", False)])
def test_an_urgent_flag_that_holds_makes_the_request_urgent(reason: str, urgent: bool) -> None:
    declared = "flags:\n  dinas: {when: {alasan: dinas}, say: Tugas dinas., urgent: yes}"
    chat = Chat(journeys(MOVE.replace("flags:", declared))).begin()
    chat.say(*([reason] if urgent else [reason, "01-11-2026"]))
    chat.say("Siti Aminah", NIK, "27-03-1956", "lewati", "manado", "1")
    chat.send()

    chat.say("kirim")

    assert filed(chat).urgent is urgent


def test_a_new_question_outranks_kirim_on_another_day() -> None:
    chat = Chat().fill()
    chat.say("1", "Lain-lain", "25-08-2026")
    assert chat.keys == ["periksa"]
    chat.pass_time(days=6)

    assert chat.say("kirim") == ["formulir.baru", "G.result.mobile"]
    assert chat.made(Filed) == []


def test_items_of_a_group_are_listed_and_changed_one_by_one() -> None:
    chat = group_filled()
    assert lines(chat)[1:6] == [
        (2, "Perubahan 1 · Yang diubah", "Nama baru"),
        (3, "Perubahan 1 · Nama", "Budi"),
        (4, "Perubahan 2 · Yang diubah", "Nomor HP"),
        (5, "Perubahan 2 · HP", "0812-0000-0142"),
        (6, "Ada lagi", "Tidak"),
    ]

    chat.say("5", "0812-0000-0143")

    assert lines(chat)[4] == (5, "Perubahan 2 · HP", "0812-0000-0143")


def test_changing_the_loop_question_adds_an_item() -> None:
    chat = group_filled()

    assert chat.say("6") == ["nav.kembali", "E.step.ubah.more.ask"]
    assert chat.say("ya") == ["E.step.ubah.apa.ask"]
    assert chat.say("1", "Candra") == ["periksa"]
    assert lines(chat)[6] == (7, "Perubahan 3 · Nama", "Candra")


def test_changing_what_an_item_is_about_asks_what_that_needs() -> None:
    chat = group_filled()

    chat.say("2")
    assert chat.say("2") == ["E.step.ubah.hp_baru.ask"]
    assert chat.say("0812-0000-0144") == ["periksa"]

    chat.say("kirim")
    items: list[dict[str, Any]] = filed(chat).answers["ubah"]
    assert items[0] == {"apa": "hp", "hp_baru": "+6281200000144"}


def test_simpan_parks_the_form_from_the_review() -> None:
    chat = Chat().fill()

    assert chat.say("simpan") == ["simpan.jeda"]
    assert chat.say("lanjut") == ["simpan.terus", "periksa"]


def group_filled() -> Chat:
    chat = Chat().begin("E")
    chat.say("Siti", "1", "Budi", "ya", "2", "0812-0000-0142", "tidak", "manado", "1")
    assert chat.session.phase == "review"
    return chat
