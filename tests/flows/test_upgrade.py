"""The form changes while somebody fills it: no answer lands under another question."""

from flows.events import Press
from flows.facts import Filed
from tests.flows.world import BORN, CHANGES, JOINS, MOVE, NIK, Chat, without


def added(text: str, step: str, before: str) -> str:
    assert f"  {before}: " in text
    return text.replace(f"  {before}: ", f"{step}  {before}: ", 1)


PHONE = '  hp: {type: phone, label: HP, ask: "Nomor HP?"}\n'


def at_nik() -> Chat:
    chat = Chat().begin()
    chat.say("1", "Siti")
    return chat


def test_a_step_added_since_is_asked_and_the_reply_in_hand_stays_with_its_question() -> None:
    chat = at_nik()
    chat.upgrade(added(MOVE, PHONE, "nik"), CHANGES)

    assert chat.say(NIK) == ["G.step.hp.ask"]
    assert chat.answers["nik"] == NIK


def test_a_reply_to_a_removed_question_is_kept_nowhere() -> None:
    chat = at_nik()
    chat.upgrade(
        without(MOVE, "nik")
        .replace("  cocok: {nik_matches: [nik, lahir]}\n", "  cocok: {same: [nama, lahir]}\n")
        .replace("redo: [nik]", "redo: [lahir]"),
        CHANGES,
    )

    assert chat.say("Ya") == ["formulir.baru", "G.step.lahir.ask"]
    assert chat.answers == {"alasan": "dinas", "nama": "Siti"}


def test_an_answer_that_no_longer_fits_is_asked_again() -> None:
    chat = at_nik()
    chat.upgrade(MOVE.replace("dinas: {label: Tugas dinas}", "tugas: {label: Tugas}"), CHANGES)

    assert chat.say(NIK) == ["G.step.alasan.ask"]
    assert chat.answers == {"nama": "Siti", "nik": NIK}


def test_an_old_option_is_read_as_what_was_on_the_table() -> None:
    chat = Chat().begin()
    swapped = MOVE.replace(
        "      dinas: {label: Tugas dinas}\n      biasa: {label: Lain-lain}\n",
        "      biasa: {label: Lain-lain}\n      dinas: {label: Tugas dinas}\n",
    )
    chat.upgrade(swapped, CHANGES)

    chat.say("1")

    assert chat.answers == {"alasan": "dinas"}


def test_a_renamed_step_keeps_its_answer() -> None:
    renamed = MOVE.replace(
        "  nama: {type: name,", "  nama_peserta: {type: name, was: nama,"
    ).replace("{{ nama }}", "{{ nama_peserta }}")
    chat = at_nik()
    chat.upgrade(renamed, CHANGES)

    assert chat.say(NIK) == ["G.step.lahir.ask"]
    assert chat.answers["nama_peserta"] == "Siti"
    assert "nama" not in chat.answers


def test_a_renamed_question_on_the_table_is_still_answered() -> None:
    renamed = MOVE.replace(
        "  nama: {type: name,", "  nama_peserta: {type: name, was: nama,"
    ).replace("{{ nama }}", "{{ nama_peserta }}")
    chat = Chat().begin()
    chat.say("1")
    chat.upgrade(renamed, CHANGES)

    assert chat.say("Siti") == ["G.step.nik.ask"]
    assert chat.answers["nama_peserta"] == "Siti"


def test_kirim_is_outranked_by_a_question_added_since() -> None:
    for send in (lambda chat: chat.say("KIRIM"), lambda chat: chat.press("KIRIM")):
        chat = Chat().fill()
        chat.upgrade(added(MOVE, PHONE, "nik"), CHANGES)

        assert send(chat) == ["formulir.baru", "G.step.hp.ask"]
        assert chat.made(Filed) == []
        assert chat.say("0812-0000-0142") == ["periksa"]


def test_a_line_number_of_an_older_review_is_not_used_on_the_new_one() -> None:
    chat = Chat().fill()
    chat.upgrade(added(MOVE, "  surat: {type: text, optional: yes, ask: Surat}\n", "nik"), CHANGES)

    assert chat.say("3") == ["formulir.baru", "G.step.surat.ask"]


def test_a_service_that_was_withdrawn_says_so_and_leads_to_the_menu() -> None:
    chat = at_nik()
    chat.upgrade(CHANGES, JOINS)

    assert chat.say(NIK) == ["formulir.hilang", "menu.utama"]
    assert (chat.session.journey, chat.session.phase) == (None, "menu")


def test_a_parked_form_is_brought_up_to_date_when_it_is_resumed() -> None:
    chat = at_nik()
    chat.say("menu")
    chat.upgrade(added(MOVE, PHONE, "nama"), CHANGES)

    assert chat.say("lanjut") == ["simpan.terus", "formulir.baru", "G.step.hp.ask"]


def test_a_parked_form_of_a_withdrawn_service_is_gone() -> None:
    chat = at_nik()
    chat.say("menu")
    chat.upgrade(CHANGES, JOINS)

    assert chat.say("lanjut") == ["formulir.hilang", "menu.utama"]


def test_items_of_a_group_survive_an_upgrade() -> None:
    chat = Chat().begin("E")
    chat.say("Siti", "1", "Budi", "ya", "2")
    renamed = CHANGES.replace("      nama_baru: {", "      nama_benar: {was: nama_baru, ")
    chat.upgrade(MOVE, renamed)

    chat.say("0812-0000-0142")

    assert chat.answers["ubah"] == [
        {"apa": "nama", "nama_benar": "Budi"},
        {"apa": "hp", "hp_baru": "+6281200000142"},
    ]


def test_only_other_texts_leave_everything_where_it_is() -> None:
    chat = at_nik()
    chat.upgrade(MOVE.replace("Kirim foto KK.", "Kirim foto Kartu Keluarga."), CHANGES)

    assert chat.say(NIK) == ["G.step.lahir.ask"]
    assert chat.say(BORN) == ["G.step.surel.ask"]


def test_a_stale_button_after_an_upgrade_is_not_applied() -> None:
    chat = at_nik()
    serial = chat.put.serial - 2
    chat.upgrade(added(MOVE, PHONE, "nama"), CHANGES)

    chat.happen(Press("biasa", serial))

    assert chat.keys == ["tombol.lewat", "G.step.nik.ask"]
    assert chat.answers["alasan"] == "dinas"


def test_what_an_upgrade_opened_is_asked_even_when_the_next_reply_is_refused() -> None:
    chat = at_nik()
    chat.upgrade(added(MOVE, PHONE, "nama"), CHANGES)

    chat.say("bantuan", "12", "13")
    assert chat.put.state == "nik"

    assert chat.say(NIK) == ["G.step.hp.ask"]


def test_items_beyond_what_a_group_takes_now_are_dropped_with_their_question() -> None:
    chat = Chat().begin("E")
    chat.say("Siti", "1", "A B", "ya", "1", "C D", "ya", "1")
    chat.upgrade(MOVE, CHANGES.replace("max: 3", "max: 2"))

    assert chat.say("E F") == ["formulir.baru", "E.step.kota.ask"]
    assert len(chat.answers["ubah"]) == 2


def test_a_step_that_became_a_group_is_asked_anew() -> None:
    chat = Chat().begin("E")
    chat.say("Siti", "1", "Budi", "tidak")
    group = (
        "  nama:\n    type: group\n    more: Lagi\n    steps: {orang: {type: name, ask: Siapa}}\n"
    )
    old = '  nama: {type: name, label: Nama, ask: "Nama lengkap?"}\n'
    chat.upgrade(MOVE, CHANGES.replace(old, group))

    assert chat.say("manado") == ["E.step.nama.orang.ask"]
