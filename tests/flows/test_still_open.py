"""The same request again while the first is still open: noticed, and asked."""

import pytest

from flows.facts import AskedStatus
from tests.flows.world import CHANGES, JOINS, Chat


@pytest.fixture
def chat() -> Chat:
    """Somebody whose request of service G waits."""
    chat = Chat().fill()
    chat.say("kirim")
    return chat


def test_how_it_stands_is_told_before_another_is_begun(chat: Chat) -> None:
    assert chat.say("G") == ["tiket.masih"]
    assert chat.facts[0] == AskedStatus("", "G")

    assert chat.say("buat satu lagi") == ["persetujuan"]


def test_a_service_that_was_withdrawn_meanwhile_is_not_begun_again(chat: Chat) -> None:
    chat.say("G")
    chat.upgrade(CHANGES, JOINS)

    assert chat.press("satu_lagi") == ["formulir.hilang", "menu.utama"]


def test_a_word_may_be_mistyped_where_it_is_asked(chat: Chat) -> None:
    chat.say("G")

    assert chat.say("privasy") == ["privasi", "tiket.masih"]


def test_another_service_begins_at_once(chat: Chat) -> None:
    assert chat.say("E") == ["persetujuan"]


def test_one_may_leave_it_at_that(chat: Chat) -> None:
    chat.say("G")

    assert chat.say("menu utama") == ["menu.utama"]
    assert chat.session.journey is None


def test_the_ticket_is_told_once_an_officer_named_it(chat: Chat) -> None:
    chat.desk("claimed")
    chat.say("menu", "G")

    assert chat.facts[0] == AskedStatus("MND-G-0001", "G")
    assert len(chat.session.open) == 1


@pytest.mark.parametrize("end", ["finished", "refused", "expired"])
def test_a_request_that_ended_is_no_hindrance(chat: Chat, end: str) -> None:
    chat.desk(end)

    assert chat.say("menu", "G") == ["persetujuan"]
    assert chat.session.open == []


def test_a_request_that_was_reopened_is_open_again(chat: Chat) -> None:
    chat.desk("finished")
    chat.desk("released")

    assert chat.say("menu", "G")[-1] == "tiket.masih"


def test_of_two_the_one_that_ended_goes(chat: Chat) -> None:
    chat.desk("claimed")
    chat.say("menu", "G", "1", "setuju", "dinas", "Budi Santoso", "7171011203549902", "12-03-1954")
    chat.say("lewati", "manado", "1")
    chat.send()
    chat.say("kirim")

    chat.desk("finished")

    assert [one.ticket for one in chat.session.open] == [""]
    assert chat.say("menu", "G")[-1] == "tiket.masih"
