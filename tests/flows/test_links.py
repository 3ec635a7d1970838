"""What opens a chat or happens around it: links, groups, changed messages, blocks, albums."""

from datetime import timedelta

import pytest

from flows.events import Blocking, Crowd, Edited, Opened, Text
from flows.facts import Blocked, Brought
from tests.flows.world import Chat


def test_a_link_chooses_service_and_branch() -> None:
    chat = Chat()
    chat.happen(Opened("kc_manado_G"))

    assert chat.keys == ["sapa.baru", "tautan.cabang", "persetujuan"]
    assert chat.session.branch == "KC-MANADO"


@pytest.mark.parametrize(
    "start",
    ["KC_MANADO_g", "G_kc_manado", "g-KC-Manado", "poster7_kc_manado_G_2026", "kc_manado__G_"],
)
def test_the_parts_of_a_link_stand_in_any_order_and_case(start: str) -> None:
    chat = Chat()
    chat.happen(Opened(start))

    assert chat.keys == ["sapa.baru", "tautan.cabang", "persetujuan"]
    assert chat.session.journey is not None and chat.session.journey.service == "G"


def test_the_branch_of_a_link_answers_that_question_of_the_form() -> None:
    chat = Chat()
    chat.happen(Opened("kc_manado_G"))

    assert chat.session.journey is not None
    assert chat.session.journey.answers == {"kantor": "KC-MANADO"}


def test_the_branch_of_a_link_waits_for_the_next_form_and_for_no_other() -> None:
    chat = Chat()
    chat.happen(Opened("kc_manado"))
    assert chat.keys == ["sapa.baru", "menu.utama"]

    assert chat.say("g") == ["tautan.cabang", "persetujuan"]
    chat.say("tidak")
    assert chat.say("g") == ["persetujuan"]


def test_a_link_changes_nothing_of_an_open_form() -> None:
    chat = Chat()
    chat.happen(Opened("G"))
    chat.happen(Opened("kc_manado_E"))

    assert chat.keys == ["sapa.kembali", "obrolan.layanan_lain", "persetujuan"]
    assert chat.session.branch == chat.session.linked == ""


@pytest.mark.parametrize("start", ["../../etc", "poster", "", "_" * 64, "kc_" * 400, "🙂"])
def test_a_link_that_means_nothing_leads_to_the_menu(start: str) -> None:
    chat = Chat()
    chat.happen(Opened(start))

    assert chat.keys == ["sapa.baru", "menu.utama"]


def test_a_group_is_told_once_a_day_and_nothing_else_happens_there() -> None:
    chat = Chat()
    told = []
    for hours in (0, 1, 22.9, 0.2):
        chat.now += timedelta(hours=hours)
        chat.happen(Crowd())
        told.append(list(chat.keys))

    assert told == [["grup.tolak"], [], [], ["grup.tolak"]]
    assert not chat.session.met and chat.session.put is None


def test_changed_messages_are_answered_once_for_all_in_a_row() -> None:
    chat = Chat()
    chat.say("halo")
    told = []
    for seconds in (0, 20, 50, 61):
        chat.now += timedelta(seconds=seconds)
        chat.happen(Edited())
        told.append(list(chat.keys))

    assert told == [["pesan.diubah", "menu.utama"], [], [], ["pesan.diubah", "menu.utama"]]


def test_a_block_is_noted_once_and_whoever_writes_has_us_unblocked() -> None:
    chat = Chat()
    chat.say("halo")
    facts = [chat.happen(event) for event in (Blocking(True), Blocking(True))]
    assert facts == [[Blocked(True)], []]

    assert Blocked(False) in chat.happen(Text("halo"))


def test_an_album_that_no_question_asks_for_gets_one_answer() -> None:
    chat = Chat().begin()
    before = chat.keys
    told = [list(chat.send(f"{n:064x}", album="A1")) for n in range(10)]

    assert told[0] and told[1:] == [[]] * 9
    assert before and chat.session.journey is not None
    assert chat.send("f" * 64, album="A2"), "the next album is another matter"


def test_an_album_in_the_menu_is_offered_to_a_promise_picture_by_picture() -> None:
    chat = Chat()
    chat.say("halo")
    for n in range(3):
        chat.send(f"{n:064x}", album="A1")
        [brought] = chat.made(Brought)
        assert (brought.more, chat.keys) == ((True, []) if n else (False, ["menu.utama"]))
