"""Rendering: one message for a turn, two at most, and the question keeps its buttons."""

import msgspec
import pytest

from bot.runtime.messages import Outbound
from bot.runtime.render import MERGE_LIMIT, encode, messages
from flows.facts import Say
from forms.choices import Option

YES = Option("ya", "Ya")


def rendered(*says: Say) -> list[Outbound]:
    return list(messages(says, lambda key, values, language: key.format(**values)))


def test_nothing_said_is_no_message() -> None:
    assert rendered() == []


def test_sentences_become_one_message_whose_question_keeps_its_buttons() -> None:
    [one] = rendered(Say("Halo {nama}.", {"nama": "Siti"}), Say("Benar?", {}, (YES,), 4, "choice"))
    assert one == Outbound("Halo Siti.\n\nBenar?", (YES,), 4, "choice")


def test_what_is_said_after_buttons_is_a_second_message() -> None:
    first, second = rendered(Say("Benar?", {}, (YES,), 4, "choice"), Say("Oh ya."))
    assert (first.put, first.options) == (4, (YES,))
    assert second == Outbound("Oh ya.")


def test_a_question_without_buttons_is_still_one_after_a_remark() -> None:
    [one] = rendered(Say("Nomor HP?", {}, (), 5, "contact"), Say("Contoh: 0812."))
    assert (one.put, one.expects) == (5, "contact")


def test_the_later_of_two_questions_is_the_one_that_is_open() -> None:
    [one] = rendered(Say("Nama?", {}, (), 5), Say("Foto?", {}, (), 6, "photo"))
    assert (one.put, one.expects) == (6, "photo")


def test_a_message_tells_the_language_of_its_chat() -> None:
    says = (Say("Right?", {}, (YES,), 4), Say("Oh."), Say("Oh."))
    told = messages(says, lambda key, values, language: language, "en")
    assert {(one.language, one.text[:2]) for one in told} == {("en", "en")}


def test_what_would_be_too_long_with_buttons_is_split() -> None:
    half = "x" * (MERGE_LIMIT // 2)
    assert len(rendered(Say(half), Say(half[2:]))) == 1
    assert len(rendered(Say(half), Say(half[1:]))) == 2


@pytest.mark.parametrize("options", [(), (YES,)])
def test_there_are_never_more_than_two_messages(options: tuple[Option, ...]) -> None:
    says = [Say("x" * MERGE_LIMIT, {}, options, n) for n in range(1, 6)]
    first, second = rendered(*says)
    assert first.put == 1
    assert second.put == 5
    assert second.text.count("\n\n") == 3


def test_a_message_comes_back_from_the_outbox_as_it_was() -> None:
    message = Outbound("\x02Halo\x03", (YES,), 4, "choice", listed=True)
    assert msgspec.json.decode(encode(message), type=Outbound) == message
