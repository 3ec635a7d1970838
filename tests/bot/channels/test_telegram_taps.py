"""After a tap: the wait ends at once, and the message reads like a filled form."""

import asyncio

import pytest

from bot.channels.telegram import Telegram
from data.store import StoreBusy
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


async def test_where_nobody_knows_the_question_no_choice_is_claimed(
    api: FakeBotApi,
    telegram: Telegram,
    person: Person,
    talking: Echo,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def broken(chat: str) -> int:
        raise StoreBusy

    await offered(person)
    monkeypatch.setattr(telegram, "_on_table", broken)
    await person.tap("Ya, benar")
    await api.until(lambda: api.called("editMessageReplyMarkup"))
    await person.hears(2)
    assert person.texts == ["Sudah benar?", "Dipilih: Ya, benar"]


async def test_a_choice_without_room_below_its_question_only_closes_it(
    api: FakeBotApi, person: Person, talking: Echo
) -> None:
    await offered(person)
    long = {**person.read[0], "text": "😀" * 4090}
    await person.tap("Ya, benar", on=long)
    await api.until(lambda: api.called("editMessageReplyMarkup"))
    assert api.called("editMessageText") == []


async def test_marks_stay_where_they_were_behind_letters_of_two_units(
    api: FakeBotApi, person: Person, talking: Echo
) -> None:
    await offered(person)
    shown = person.read[0]
    bold = {"type": "bold", "offset": 3, "length": 5}
    await person.tap("Ya, benar", on={**shown, "text": "😀 benar?", "entities": [bold]})
    await api.until(lambda: person.read[0].get("edited"))
    assert person.texts[0] == "😀 benar?\n✓ Ya, benar"
    assert bold_of(person.read[0]) == ["benar"]
