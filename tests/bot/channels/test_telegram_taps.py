"""After a tap: the wait ends at once, and the message reads like a filled form."""

import asyncio

from bot.channels.telegram import Telegram
from bot.channels.telegram_taps import NewestQuestions
from tests.bot.channels.conftest import running
from tests.bot.channels.echo import Echo
from tests.bot.channels.person import Person
from tests.fakes.bot_api import FakeBotApi, bold_of


async def offered(person: Person) -> None:
    before = len(person.read)
    await person.say("pilih")
    await person.hears(before + 1)


async def test_a_tap_closes_its_message_with_the_choice(
    api: FakeBotApi, person: Person, talking: Echo
) -> None:
    await offered(person)
    await person.tap("Ya, benar")
    await api.until(lambda: person.read[0].get("edited"))
    assert person.texts == ["Sudah benar?\n✓ Ya, benar", "Dipilih: Ya, benar"]
    assert bold_of(person.read[0]) == ["benar"]
    assert person.read[0]["keyboard"] == {}
    assert len(api.called("answerCallbackQuery")) == 1


async def test_a_tap_is_answered_only_after_it_is_stored(
    api: FakeBotApi, telegram: Telegram, person: Person, echo: Echo
) -> None:
    echo.over(telegram)
    async with running(telegram, echo):
        await offered(person)
        echo.busy = 2
        await person.tap("Ubah")
        await api.until(lambda: api.called("answerCallbackQuery"))
    assert echo.busy == 0
    assert len(api.called("answerCallbackQuery")) == 1


async def test_a_tap_that_came_too_late_never_looks_like_a_choice(
    api: FakeBotApi, person: Person, talking: Echo
) -> None:
    await offered(person)
    await offered(person)
    await person.tap("Ya, benar", on=person.read[0])
    await api.until(lambda: api.called("editMessageReplyMarkup"))
    await person.hears(3)
    assert person.texts == ["Sudah benar?", "Sudah benar?", "Tombol ini sudah lewat."]
    assert person.read[0]["keyboard"] == {}
    assert person.read[1]["keyboard"] != {}


async def test_a_tap_on_a_deleted_message_is_answered_and_counts(
    api: FakeBotApi, person: Person, talking: Echo
) -> None:
    await offered(person)
    await person.press("1|ya", None)
    await person.hears(2)
    await api.until(lambda: api.called("answerCallbackQuery"))
    assert person.texts[1] == "Dipilih: Ya, benar"


async def test_no_refused_courtesy_disturbs_the_conversation(
    api: FakeBotApi, person: Person, talking: Echo
) -> None:
    await offered(person)
    api.fail("answerCallbackQuery", 500, "gone")
    api.flood("editMessageText", 30)
    await person.tap("Ya, benar")
    await api.until(lambda: api.called("editMessageText"))
    await person.say("lanjut")
    await person.hears(3)
    assert person.texts == ["Sudah benar?", "Dipilih: Ya, benar", "Anda menulis tebal: lanjut"]


async def test_two_taps_on_one_button_are_two_events_and_one_choice(
    api: FakeBotApi, person: Person, talking: Echo
) -> None:
    await offered(person)
    message = dict(person.read[0])
    await asyncio.gather(person.tap("Ya, benar", on=message), person.tap("Ya, benar", on=message))
    await api.until(lambda: len(api.called("answerCallbackQuery")) == 2)
    await api.until(lambda: person.read[0].get("edited"))
    assert person.texts[0] == "Sudah benar?\n✓ Ya, benar"


def test_the_newest_questions_of_many_chats_are_a_bounded_memory() -> None:
    newest = NewestQuestions(room=2)
    for chat in ("a", "b", "c"):
        newest.asked(chat, 1)
    assert [newest.is_newest(chat, 1) for chat in ("a", "b", "c")] == [False, True, True]


def test_a_message_that_asks_nothing_leaves_the_question_on_the_table() -> None:
    newest = NewestQuestions()
    newest.asked("a", 4)
    newest.asked("a", 0)
    assert newest.is_newest("a", 4)
    assert not newest.is_newest("a", 0)
