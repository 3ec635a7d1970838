"""Where a form is left for good is told: at which question, and whether it was cancelled."""

from flows.events import TimerFired
from flows.facts import Abandoned
from tests.flows.world import Chat


def test_a_form_that_is_cancelled_tells_its_question() -> None:
    chat = Chat().begin()
    chat.say("dinas", "batal")
    chat.press("hapus")

    assert chat.made(Abandoned) == [Abandoned("G", "nama", "", "cancelled")]


def test_a_form_that_is_put_aside_is_not_left_yet() -> None:
    chat = Chat().begin()
    chat.say("dinas", "batal")
    chat.press("simpan")

    assert not any(isinstance(fact, Abandoned) for turn in chat.turns for fact in turn.facts)


def test_a_form_that_expires_tells_its_question_once() -> None:
    chat = Chat().begin()
    chat.say("dinas", "Siti Aminah")
    chat.pass_time(days=8)
    chat.happen(TimerFired("draft"))
    assert chat.made(Abandoned) == [Abandoned("G", "nik", "", "expired")]

    chat.happen(TimerFired("draft"))
    assert chat.made(Abandoned) == []


def test_a_form_that_was_put_aside_expires_where_it_stood() -> None:
    chat = Chat().begin()
    chat.say("dinas", "menu")
    chat.pass_time(days=8)
    chat.happen(TimerFired("draft"))

    assert chat.made(Abandoned) == [Abandoned("G", "nama", "", "expired")]


def test_a_complete_form_that_is_never_sent_is_left_at_the_review() -> None:
    chat = Chat().fill()
    chat.pass_time(days=8)
    chat.happen(TimerFired("draft"))

    assert chat.made(Abandoned) == [Abandoned("G", "review", "KC-MANADO", "expired")]
