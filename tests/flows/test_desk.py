"""Officers: what they did is said, what is written to them is passed on, corrections, rating."""

from datetime import timedelta

from flows.events import Text, TimerFired
from flows.facts import (
    AskedHours,
    AskedStatus,
    Corrected,
    DropTimer,
    Line,
    Rated,
    SetTimer,
    Wrote,
)
from forms.fields import Document
from tests.flows.world import CHANGES, JOINS, NIK, Chat, journeys

TICKET = "MND-G-0001"
ANSWERS = {"answers": {"alasan": "dinas", "nama": "Siti", "nik": NIK}}


def served() -> Chat:
    chat = Chat().fill()
    chat.say("kirim")
    chat.desk("claimed")
    return chat


def test_an_officer_who_takes_over_is_named_and_the_bot_falls_silent() -> None:
    chat = served()
    assert chat.keys == ["petugas.mulai"]
    assert chat.says[0].values == {"tiket": TICKET, "petugas": "Rina", "cabang": "Manado"}

    assert chat.say("terima kasih") == []
    assert chat.made(Wrote) == [Wrote(TICKET, "terima kasih")]


def test_documents_and_cards_join_the_conversation_too() -> None:
    chat = served()
    chat.send()
    assert chat.made(Wrote) == [Wrote(TICKET, Document("a" * 64, "image/jpeg", 1000))]

    chat.contact("0812")
    assert len(chat.made(Wrote)) == 1


def test_while_served_only_a_few_words_are_words() -> None:
    chat = served()
    chat.say("status")
    assert chat.facts == [AskedStatus(TICKET)]
    chat.say("bantuan")
    assert chat.facts == [AskedHours("KC-MANADO")]
    chat.say("batal")
    assert chat.made(Wrote) == [Wrote(TICKET, "batal")]
    assert chat.say("menu") == ["menu.utama"]


def test_after_menu_what_is_no_choice_still_reaches_the_officer() -> None:
    chat = served()
    chat.say("menu")

    assert chat.say("fotonya sudah saya kirim ya bu") == []
    assert chat.made(Wrote) == [Wrote(TICKET, "fotonya sudah saya kirim ya bu")]
    assert chat.session.phase == "serving"


def test_an_emergency_is_answered_and_reaches_the_officer() -> None:
    chat = served()

    assert chat.say("ibu sesak") == ["darurat"]
    assert chat.made(Wrote) == [Wrote(TICKET, "ibu sesak")]


def test_an_officer_does_not_interrupt_an_open_form() -> None:
    chat = Chat().begin()
    chat.say("1")

    assert chat.desk("claimed", ticket="MND-E-0009", service="E") == ["petugas.mulai"]
    assert chat.say("Siti") == ["G.step.nik.ask"]


def test_when_the_form_is_done_the_chat_is_with_the_officer() -> None:
    chat = Chat().fill()
    chat.desk("claimed", ticket="MND-E-0009", service="E")
    chat.say("kirim")

    assert chat.session.phase == "serving"


def test_what_the_officer_wrote_is_said_as_it_was_written() -> None:
    chat = served()

    assert chat.desk("replied", text="Sebentar ya, Bu.") == ["petugas.balas"]
    assert chat.says[0].values["teks"] == "Sebentar ya, Bu."


def test_of_two_officers_the_one_heard_last_is_written_to() -> None:
    chat = served()
    chat.desk("claimed", ticket="MND-E-0009", service="E")
    chat.desk("replied", text="Halo")

    chat.say("halo juga")

    assert chat.made(Wrote) == [Wrote(TICKET, "halo juga")]


def test_transfer_and_release_end_the_talk_and_say_so() -> None:
    for action, key in (("transferred", "petugas.pindah"), ("released", "petugas.lepas")):
        chat = served()
        assert chat.desk(action) == [key]
        assert (chat.session.serving, chat.session.phase) == ([], "menu")


def test_a_correction_asks_only_its_one_question() -> None:
    chat = served()

    said = chat.desk("correction", text="NIK tidak terbaca", step="nik", values=ANSWERS)
    assert said == ["petugas.perbaikan", "G.step.nik.ask"]
    assert chat.says[1].values == {"nama": "Siti", "langkah": ""}

    assert chat.say("7171012703569902") == []
    [fact] = chat.made(Corrected)
    assert (fact.ticket, fact.service, fact.step) == (TICKET, "G", "nik")
    assert fact.answers["nik"] == "7171012703569902"
    assert chat.session.phase == "serving"


def test_a_correction_of_several_answers_asks_one_by_one_and_hands_all_on_together() -> None:
    chat = served()
    values = {**ANSWERS, "more": {"gone:0": "?", "nama:0": "Lihat KTP"}}

    assert chat.desk("correction", text="Kabur", step="nik", values=values) == [
        "petugas.perbaikan",
        "G.step.nik.ask",
    ]
    assert chat.says[0].values["bagian"] == [Line(1, "NIK", "Kabur"), Line(2, "Nama", "Lihat KTP")]
    assert chat.say("7171012703569902") == ["perbaikan.berikut", "G.step.nama.ask"]
    assert chat.says[0].values == {"judul": "Nama", "teks": "Lihat KTP"}
    assert chat.made(Corrected) == []
    chat.say("menu")
    chat.say("lanjut")
    assert chat.says[0].values == {"tiket": TICKET, "teks": "Lihat KTP", "bagian": []}
    assert chat.say("Siti Aminah") == []
    [fact] = chat.made(Corrected)
    assert (fact.step, fact.also) == ("nama", ("nik",))
    assert (fact.answers["nik"], fact.answers["nama"]) == ("7171012703569902", "Siti Aminah")


def test_a_correction_that_never_came_ends_the_request_and_its_question() -> None:
    chat = served()
    chat.desk("correction", text="NIK tidak terbaca", step="nik", values=ANSWERS)

    assert chat.desk("expired") == ["selesai.lewat"]

    assert (chat.session.corrections, chat.session.serving) == ([], [])
    assert chat.session.phase == "menu"


def test_a_request_that_is_withdrawn_ends_its_correction_without_a_word() -> None:
    chat = served()
    chat.desk("correction", text="NIK tidak terbaca", step="nik", values=ANSWERS)

    assert chat.desk("withdrawn") == []

    session = chat.session
    assert (session.corrections, session.serving, session.open) == ([], [], [])
    assert (session.phase, session.put) == ("menu", None)


def test_what_an_officer_wants_corrected_cannot_be_kept_or_skipped() -> None:
    chat = served()
    chat.desk("correction", step="nik", values=ANSWERS)

    assert chat.say("tetap") == ["nav.tetap_kosong"]
    chat.say("1", "2", "3")
    assert [option.value for option in chat.options] == ["coba", "bantu"]
    assert chat.session.phase == "correcting"


def test_a_correction_waits_for_the_open_form_and_comes_right_after_it() -> None:
    chat = Chat().fill()
    assert chat.desk("correction", step="nik", values=ANSWERS) == ["petugas.perbaikan_nanti"]

    assert chat.say("kirim") == ["petugas.perbaikan", "G.step.nik.ask"]


def test_a_correction_left_for_the_menu_is_found_there() -> None:
    chat = served()
    chat.desk("correction", step="nik", values=ANSWERS)

    assert chat.say("menu") == ["menu.utama"]
    assert chat.options[-1].label == TICKET
    assert chat.say("8") == ["petugas.perbaikan", "G.step.nik.ask"]
    chat.say("menu")
    assert chat.say("lanjut") == ["petugas.perbaikan", "G.step.nik.ask"]


def test_a_correction_of_one_item_of_a_group() -> None:
    chat = Chat()
    items = [{"apa": "nama", "nama_baru": "A B"}, {"apa": "hp", "hp_baru": "+6281200000142"}]
    chat.desk(
        "correction", service="E", step="ubah.hp_baru",
        values={"answers": {"nama": "Siti", "ubah": items}, "item": 1},
    )  # fmt: skip

    chat.say("0812-0000-0143")

    [fact] = chat.made(Corrected)
    assert fact.answers["ubah"][1]["hp_baru"] == "+6281200000143"
    assert fact.answers["ubah"][0] == items[0]


def test_a_correction_of_a_question_that_is_gone_becomes_a_message() -> None:
    chat = served()

    assert chat.desk("correction", step="gaji", text="Gaji keliru") == ["petugas.balas"]
    assert chat.session.phase == "serving"


def test_a_correction_of_a_closed_request_is_not_asked_any_more() -> None:
    chat = served()
    chat.desk("correction", step="nik", values=ANSWERS)

    chat.desk("refused", text="Sudah diurus di kantor")

    assert (chat.session.corrections, chat.session.phase) == ([], "menu")


def test_the_question_of_a_correction_may_vanish_in_an_upgrade() -> None:
    chat = served()
    chat.desk("correction", step="nik", values=ANSWERS)
    chat.upgrade(CHANGES, JOINS)

    assert chat.say("7171012703569902") == ["formulir.hilang"]
    assert chat.session.corrections == []


def test_the_end_is_said_and_rating_is_asked_once_and_later() -> None:
    chat = served()

    assert chat.desk("finished", text="Faskes sudah pindah") == ["selesai.ok"]
    assert SetTimer("rate", chat.now + timedelta(minutes=10)) in chat.facts

    chat.pass_time(minutes=10)
    chat.happen(TimerFired("rate"))
    assert chat.keys == ["nilai.tanya"]
    assert chat.say("baik") == ["nilai.terima"]
    assert chat.made(Rated) == [Rated(TICKET, 3)]


def test_a_poor_rating_may_be_explained() -> None:
    chat = rated()
    assert chat.say("3") == ["nilai.kurang"]
    assert chat.made(Rated) == [Rated(TICKET, 1)]

    assert chat.say("lama sekali") == ["nilai.terima"]
    assert chat.made(Rated) == [Rated(TICKET, 1, "lama sekali")]


def test_no_rating_is_needed() -> None:
    chat = rated()
    assert chat.say("lewati") == ["nilai.terima"]
    assert chat.made(Rated) == []

    chat = rated()
    assert chat.say("G") == ["persetujuan"]
    assert rated().say("menu") == ["menu.utama"]


def test_rating_waits_while_a_form_is_open() -> None:
    chat = served()
    chat.desk("finished")
    chat.say("G")
    chat.happen(TimerFired("rate"))

    assert chat.keys == []
    assert len(chat.made(SetTimer)) == 1


def test_nobody_is_asked_after_a_service_that_says_so() -> None:
    quiet = CHANGES.replace("title: Ubah data\n", "title: Ubah data\nrate: no\n")
    chat = Chat(journeys(quiet))
    chat.desk("finished", service="E")

    assert chat.made(SetTimer) == []


def test_a_refusal_gives_the_rule_and_asks_for_no_rating() -> None:
    chat = served()

    assert chat.desk("refused", text="Baru 2 bulan") == ["selesai.tolak"]
    assert chat.made(SetTimer) == []


def test_a_message_early_or_late_reaches_the_officer() -> None:
    chat = served()
    chat.happen(Text("tadi"), received=chat.now - timedelta(minutes=5))

    assert chat.made(Wrote) == [Wrote(TICKET, "tadi")]


def rated() -> Chat:
    chat = served()
    chat.desk("finished")
    chat.pass_time(minutes=10)
    chat.happen(TimerFired("rate"))
    return chat


def test_rating_is_given_up_after_a_day() -> None:
    chat = served()
    chat.desk("finished")
    chat.say("G")
    chat.pass_time(hours=24, seconds=1)
    chat.happen(TimerFired("rate"))

    assert (chat.made(SetTimer), chat.session.rating) == ([], None)


def test_rating_waits_while_something_else_is_asked() -> None:
    chat = served()
    chat.desk("finished")
    chat.press("buka:MND-G-0001")
    chat.happen(TimerFired("rate"))

    assert (chat.keys, len(chat.made(SetTimer))) == ([], 1)


def test_each_answer_rates_the_request_that_was_asked_about() -> None:
    chat = rated()
    chat.desk("finished", ticket="MND-E-0009", service="E")

    assert chat.say("baik") == ["nilai.terima"]
    assert chat.made(Rated) == [Rated(TICKET, 3)]
    chat.happen(TimerFired("rate"))
    assert chat.say("cukup") == ["nilai.terima"]
    assert chat.made(Rated) == [Rated("MND-E-0009", 2)]


def test_a_request_that_is_opened_again_is_asked_about_only_after_its_end() -> None:
    chat = served()
    chat.desk("finished")
    chat.desk("reopened", officer="")

    assert chat.made(DropTimer) == [DropTimer("rate")]
    chat.desk("finished")
    chat.happen(TimerFired("rate"))
    assert chat.keys == ["nilai.tanya"]


def test_nobody_is_asked_twice_about_one_request() -> None:
    chat = rated()
    chat.say("baik")
    chat.desk("reopened", officer="")

    chat.desk("finished")
    assert chat.made(SetTimer) == []


def test_what_an_officer_opens_after_long_was_asked_about_long_ago() -> None:
    chat = served()
    chat.desk("finished")
    chat.pass_time(days=15)
    chat.desk("finished", ticket="MND-E-0009", service="E")
    assert chat.desk("reopened") == ["petugas.buka_lagi"]

    chat.desk("finished")
    assert chat.session.rating is not None
    assert chat.session.rating.ticket == "MND-E-0009"
