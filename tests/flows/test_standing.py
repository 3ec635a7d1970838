"""Where open forms stand, for counts: the open one and those put aside."""

from flows.standing import standing
from tests.flows.world import CHANGES, JOINS, Chat, SmallFacts


def places(chat: Chat) -> list[tuple[str, str]]:
    return list(standing(chat.session, chat.services, SmallFacts(), chat.now.date()))


def test_an_open_form_stands_at_its_question() -> None:
    chat = Chat().begin()
    assert places(chat) == [("G", "alasan")]

    chat.say("dinas", "Siti Aminah")
    assert places(chat) == [("G", "nik")]


def test_a_form_that_is_put_aside_stands_where_it_was_left() -> None:
    chat = Chat().begin()
    chat.say("dinas", "menu", "1", "E", "setuju")

    assert places(chat) == [("E", "nama"), ("G", "nama")]


def test_a_complete_form_stands_at_the_review_and_a_sent_one_nowhere() -> None:
    chat = Chat().fill()
    assert places(chat) == [("G", "review")]

    chat.press("KIRIM")
    assert places(chat) == []


def test_a_form_of_a_service_that_is_gone_stands_nowhere() -> None:
    chat = Chat().begin()
    chat.upgrade(CHANGES, JOINS)

    assert places(chat) == []
