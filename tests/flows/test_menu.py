"""Greeting, menus, consent, parking and resuming, cancelling."""

from datetime import timedelta

import pytest

from flows.events import Contact, Edited, Event, Opened, Sent, Text, TimerFired, Unfit
from flows.facts import AskedHours, AskedStatus, Consented, SetTimer
from forms.fields import ContactCard, Document
from forms.language import words
from tests.flows.world import CHANGES, JOINS, START, Chat


@pytest.mark.parametrize(
    "event",
    [
        Text("p"),
        Text(""),
        Sent(Document("a" * 64, "image/png", 5)),
        Unfit("sticker"),
        Contact(ContactCard("0812", own=True)),
        Edited(),
        Opened(),
    ],
)
def test_whatever_comes_first_is_greeted_and_gets_the_menu(event: Event) -> None:
    chat = Chat()
    chat.happen(event)

    assert chat.keys == ["sapa.baru", "menu.utama"]


@pytest.mark.parametrize(
    ("hour", "salam"),
    [(3, "malam"), (4, "pagi"), (10, "pagi"), (11, "siang"), (15, "sore"), (18, "malam")],
)
def test_the_greeting_follows_the_local_hour(hour: int, salam: str) -> None:
    chat = Chat()
    chat.now = START.replace(hour=17, day=19) + timedelta(hours=hour)  # Jakarta is UTC+7
    chat.say("halo")

    assert words(chat.says[0].values["salam"]) == salam


def test_services_are_listed_in_the_order_of_the_menu_with_their_letters() -> None:
    chat = Chat()
    chat.say("halo", "1")

    assert [option.row or option.label for option in chat.options] == [
        "A. Daftar baru",
        "E. Ubah data identitas",
        "G. Pindah faskes",
        "Kembali",
    ]


def test_a_letter_is_taken_in_the_main_menu_too() -> None:
    chat = Chat()
    chat.say("halo")

    assert chat.say("g") == ["persetujuan"]


def test_a_service_that_was_withdrawn_meanwhile_leads_to_the_menu() -> None:
    chat = Chat()
    chat.say("halo", "1")
    chat.upgrade(CHANGES, JOINS)

    assert chat.press("G") == ["menu.utama"]


def test_menu_items_answer_honestly() -> None:
    chat = Chat()
    chat.say("halo")
    assert [chat.say(n) for n in ("2", "3", "5", "6")] == [
        ["info.cek_status"],
        ["info.cek_tagihan"],
        ["info.lokasi"],
        ["info.pengaduan"],
    ]
    assert len(chat.options) == 7
    chat.say("4")
    assert chat.facts == [AskedStatus()]
    chat.say("7")
    assert chat.facts[0] == AskedHours("")
    assert chat.keys == ["menu.petugas"]
    assert len(chat.options) == 7


def test_what_is_no_choice_is_answered_with_the_choices() -> None:
    chat = Chat()
    chat.say("halo")

    assert chat.say("saya mau curhat") == ["menu.ulang"]
    assert len(chat.options) == 7


def test_consent_is_a_step_of_its_own_and_is_recorded() -> None:
    chat = Chat()
    chat.say("halo", "1", "G")
    assert chat.says[0].values == {"judul": "Pindah faskes", "data": "NIK dan foto KK"}

    assert chat.say("setuju") == ["siapkan", "G.step.alasan.ask"]
    shown = {"judul": "Pindah faskes", "data": "NIK dan foto KK"}
    assert chat.made(Consented) == [Consented("G", "persetujuan", shown)]


def test_refusing_keeps_nothing() -> None:
    chat = Chat()
    chat.say("halo", "1", "G")

    assert chat.say("tidak") == ["persetujuan.tolak"]
    assert (chat.session.journey, chat.session.drafts) == (None, {})
    assert chat.say("menu") == ["menu.utama"]


def test_which_data_are_meant_is_explained_before_agreeing() -> None:
    chat = Chat()
    chat.say("halo", "1", "G")

    assert chat.say("3") == ["persetujuan.rinci"]
    assert chat.say("setuju") == ["siapkan", "G.step.alasan.ask"]


def test_an_unclear_answer_is_no_consent() -> None:
    chat = Chat()
    chat.say("halo", "1", "G")

    assert chat.say("nanti dulu ya kak soalnya") == ["salah.pilihan"]
    assert chat.session.phase == "consent"


def test_menu_before_consent_keeps_nothing() -> None:
    chat = Chat()
    chat.say("halo", "1", "G")

    assert chat.say("menu") == ["menu.utama"]
    assert chat.session.drafts == {}


def test_menu_in_a_form_parks_it_and_says_so() -> None:
    chat = Chat().begin()
    chat.say("1")

    assert chat.say("menu") == ["simpan.jeda", "menu.utama"]
    assert chat.says[0].values == {
        "judul": "Pindah faskes",
        "sampai": {"id": "Jumat, 27 November 2026", "en": "Friday, 27 November 2026"},
    }


def test_the_same_service_offers_to_go_on_and_lanjut_does() -> None:
    for typed, said in (
        (("G", "Lanjutkan"), ["G.step.nama.ask"]),
        (("G", "lanjut"), ["G.step.nama.ask"]),
        (("lanjut",), ["simpan.terus", "G.step.nama.ask"]),
    ):
        chat = Chat().begin()
        chat.say("1", "menu")
        assert chat.say(*typed) == said
        assert chat.answers == {"alasan": "dinas"}


def test_lanjut_goes_on_with_the_form_that_was_named_last() -> None:
    chat = Chat().begin()
    chat.say("1", "menu", "E", "setuju", "menu")
    chat.say("lanjut")
    assert chat.session.journey and chat.session.journey.service == "E"

    chat.say("menu")
    chat.pass_time(hours=2)
    chat.happen(TimerFired("remind"))
    assert chat.keys == ["simpan.ingat"]
    assert chat.says[-1].values["judul"] == "Pindah faskes"
    assert chat.say("lanjut")[-1] == "G.step.nama.ask"


def test_starting_again_forgets_the_parked_form() -> None:
    chat = Chat().begin()
    chat.say("1", "menu", "G")

    assert chat.say("mulai dari awal") == ["persetujuan"]
    assert chat.answers == {}


def test_lanjut_without_a_parked_form_says_so() -> None:
    chat = Chat()
    chat.say("halo")

    assert chat.say("lanjut") == ["simpan.kosong", "menu.utama"]


def test_two_forms_can_be_parked_side_by_side() -> None:
    chat = Chat().begin("G")
    chat.say("menu")
    chat.say("1", "E", "setuju", "Siti", "menu")

    assert set(chat.session.drafts) == {"E", "G"}


def test_batal_asks_once_with_saving_first() -> None:
    chat = Chat().begin()
    chat.say("1")
    assert chat.say("batal") == ["nav.batal_tanya"]
    assert [option.value for option in chat.options] == ["simpan", "hapus", "teruskan"]

    assert chat.say("3") == ["G.step.nama.ask"]
    chat.say("batal")
    assert chat.say("1") == ["simpan.jeda"]
    assert set(chat.session.drafts) == {"G"}


def test_batal_and_hapus_forget_the_form() -> None:
    chat = Chat().begin()
    chat.say("1", "batal")

    assert chat.say("2") == ["nav.batal_ya"]
    assert (chat.session.journey, chat.session.drafts) == (None, {})


def test_what_cannot_be_used_has_its_own_answer_and_the_question_stays() -> None:
    chat = Chat().begin()
    for why, key in {"voice": "suara", "too_big": "foto.besar", "odd": "lain"}.items():
        chat.happen(Unfit(why, {"batas": "5 MB"}))
        assert chat.keys == [key, "G.step.alasan.ask"]
    chat.happen(Edited())
    assert chat.keys == ["pesan.diubah", "G.step.alasan.ask"]


def test_one_reminder_after_two_idle_hours() -> None:
    chat = Chat().begin()
    chat.say("1")
    chat.pass_time(hours=2)
    chat.happen(TimerFired("remind"))
    assert chat.keys == ["simpan.ingat"]

    chat.pass_time(hours=3)
    chat.happen(TimerFired("remind"))
    assert chat.facts == []


def test_the_reminder_waits_for_idleness_and_for_a_decent_hour() -> None:
    chat = Chat().begin()
    chat.pass_time(hours=1, minutes=59)
    chat.say("1")
    chat.happen(TimerFired("remind"))
    assert chat.made(SetTimer) == [SetTimer("remind", START + timedelta(hours=3, minutes=59))]

    late = Chat()
    late.now = START.replace(hour=12)  # 19.00 in Jakarta
    late.begin()
    [remind] = [fact for fact in first_timers(late) if fact.kind == "remind"]
    assert remind.at == START.replace(day=21, hour=1)  # 08.00 of the next day


def first_timers(chat: Chat) -> list[SetTimer]:
    return [fact for turn in chat.turns for fact in turn.facts if isinstance(fact, SetTimer)]


def test_a_form_is_deleted_when_it_was_not_touched_for_as_long_as_it_is_kept() -> None:
    chat = Chat().begin()
    chat.pass_time(days=6)
    chat.say("1")
    chat.pass_time(days=1)
    chat.happen(TimerFired("draft"))
    assert chat.keys == []

    chat.pass_time(days=6)
    chat.happen(TimerFired("draft"))

    assert chat.keys == ["simpan.habis"]
    assert (chat.session.journey, chat.session.phase) == (None, "menu")


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("1", ["menu.nomor", "menu.utama"]),
        ("lanjut", ["simpan.kosong", "menu.utama"]),
        ("ya", ["menu.utama"]),
    ],
)
def test_a_form_that_is_deleted_while_it_is_offered_is_offered_no_more(
    word: str, answer: list[str]
) -> None:
    chat = Chat().begin()
    chat.say("dinas", "menu")
    offered = chat.say("1", "G")
    chat.pass_time(days=7)
    chat.happen(TimerFired("draft"))
    assert (offered, chat.keys) == (["simpan.lanjut"], ["simpan.habis"])

    assert chat.say(word) == answer


def test_timers_that_nothing_waits_for_are_silent() -> None:
    chat = Chat()
    chat.happen(TimerFired("remind"))
    chat.happen(TimerFired("something"))

    assert chat.facts == []
