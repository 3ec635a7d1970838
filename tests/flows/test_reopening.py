"""A request that is over and not solved: offered, asked why, and handed on once."""

import pytest

from flows.events import Press
from flows.facts import AskedStatus, Reopen, Wrote
from tests.declared import FLOWS
from tests.flows.world import CHANGES, Chat, journeys

TICKET = "MND-G-0001"
BUTTON = f"buka:{TICKET}"


@pytest.fixture
def chat() -> Chat:
    """Somebody whose request of service G is finished."""
    chat = Chat().fill()
    chat.say("kirim")
    chat.desk("claimed")
    chat.desk("finished", text="Sudah pindah")
    return chat


def tap(chat: Chat) -> list[str]:
    """The button below an older message is pressed."""
    chat.happen(Press(BUTTON, 1))
    return chat.keys


def values(chat: Chat) -> list[str]:
    return [one.value for one in chat.options]


def test_the_button_below_the_result_asks_why_and_hands_it_on(chat: Chat) -> None:
    assert chat.keys == ["selesai.ok"]
    assert values(chat) == [BUTTON, "menu"]

    assert chat.press(BUTTON) == ["buka_lagi.tanya"]
    assert chat.say("kartunya masih lama") == []
    assert chat.facts == [Reopen(TICKET, "kartunya masih lama")]
    assert (chat.session.phase, chat.session.put) == ("menu", None)


def test_no_reason_is_needed(chat: Chat) -> None:
    chat.press(BUTTON)
    assert chat.press("LEWATI") == []
    assert chat.made(Reopen) == [Reopen(TICKET, "")]


def test_one_may_leave_it_at_that(chat: Chat) -> None:
    chat.press(BUTTON)
    assert chat.press("menu") == ["menu.utama"]
    assert chat.made(Reopen) == []


def test_a_picture_is_no_reason(chat: Chat) -> None:
    chat.press(BUTTON)
    chat.send()
    assert chat.keys[-1] == "buka_lagi.tanya"


@pytest.mark.parametrize("words", ["belum selesai", "Belum beres!", "not solved yet"])
def test_words_mean_the_request_that_ended_last(chat: Chat, words: str) -> None:
    assert chat.say("menu") == ["menu.utama"]
    assert chat.say(words) == ["buka_lagi.tanya"]
    assert chat.put.state == TICKET


def test_the_button_works_below_newer_questions(chat: Chat) -> None:
    chat.say("menu")
    assert tap(chat) == ["buka_lagi.tanya"]


def test_an_open_form_goes_first(chat: Chat) -> None:
    chat.say("menu", "E", "setuju")
    assert tap(chat)[0] == "buka_lagi.nanti"
    assert chat.session.phase == "filling"


def test_a_result_does_not_take_the_place_of_a_form(chat: Chat) -> None:
    chat.say("menu", "E", "setuju")
    serial = chat.put.serial
    assert chat.desk("refused", ticket="MND-E-0009", service="E") == ["selesai.tolak"]
    assert (chat.options, chat.put.serial) == ((), serial)


def test_what_is_open_again_is_not_opened_twice(chat: Chat) -> None:
    tap(chat)
    chat.say("lewati")
    chat.desk("reopened", officer="")
    assert chat.keys == []

    assert tap(chat)[0] == "buka_lagi.sudah"
    chat.say("belum selesai")
    assert chat.facts[0] == AskedStatus()
    assert chat.made(Reopen) == []


def test_status_offers_it_below(chat: Chat) -> None:
    assert chat.say("status") == ["buka_lagi.tawar"]
    assert chat.facts[0] == AskedStatus()
    assert values(chat) == [BUTTON, "menu"]
    assert chat.say("1") == ["buka_lagi.tanya"]


def test_status_of_one_that_is_named(chat: Chat) -> None:
    assert chat.say(f"bagaimana {TICKET}") == ["buka_lagi.tawar"]
    assert chat.facts[0] == AskedStatus(TICKET)
    chat.say("menu")
    assert "buka_lagi.tawar" not in chat.say("status MND-E-0009")


def test_it_is_offered_only_as_long_and_as_often_as_it_may_be(chat: Chat) -> None:
    chat.pass_time(days=14)
    assert chat.say("status") == ["menu.utama"]

    for _ in range(2):
        chat.desk("reopened", officer="")
        chat.desk("finished")
    assert chat.options == ()


def test_while_another_officer_listens_words_are_for_them(chat: Chat) -> None:
    chat.desk("claimed", ticket="MND-E-0009", service="E")
    chat.say("belum selesai")
    assert chat.made(Wrote) == [Wrote("MND-E-0009", "belum selesai")]

    assert tap(chat) == ["buka_lagi.tanya"]
    chat.say("masih salah")
    assert chat.made(Reopen) == [Reopen(TICKET, "masih salah")]
    assert chat.session.phase == "serving"


def test_where_only_officers_may_it_is_said_at_once() -> None:
    quiet = CHANGES.replace("title: Ubah data\n", "title: Ubah data\nreopen: no\n")
    chat = Chat(journeys(quiet))
    chat.say("halo")
    chat.desk("finished", service="E")
    assert chat.options == ()

    assert chat.say("belum selesai")[0] == "buka_lagi.petugas"
    assert chat.made(Reopen) == []


def test_a_correction_that_never_came_is_filed_anew() -> None:
    chat = Chat().fill()
    chat.say("kirim")
    chat.desk("expired")
    assert chat.session.ended == []


def test_who_condoles_asks_for_no_rating_and_leaves_reopening_to_officers() -> None:
    condoling = [
        flow for flow in FLOWS.values()
        if any("duka cita" in str(sentence) for _, sentence in flow.sentences())
    ]  # fmt: skip

    assert [flow.code for flow in condoling] == ["H"]
    assert not any(flow.rate or flow.reopen for flow in condoling)


@pytest.mark.parametrize(("said", "key"), [("ya", "buka_lagi.tanya"), ("tidak", "menu.utama")])
def test_the_offer_below_a_status_is_a_question_that_yes_and_no_answer(
    chat: Chat, said: str, key: str
) -> None:
    chat.say("status")
    assert chat.keys == ["buka_lagi.tawar"]

    assert chat.say(said) == [key]
