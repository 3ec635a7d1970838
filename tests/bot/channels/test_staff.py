"""The officers' channel: python-telegram-bot over loopback, fed from our own ingest."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from telegram import Bot

from bot.channels.staff import Staff, StaffSettings
from bot.channels.staff_decode import decode
from bot.runtime.messages import Outbound
from bot.runtime.ports import Failing, FetchFailed, Throttled, Uncertain, Unreachable
from data.store import NewEvent
from flows.events import DECODER, Crowd, Opened, Press, Text, Unfit
from forms.choices import Option
from tests.bot.channels.conftest import Beats, Noon, Pauses, running
from tests.bot.channels.echo import Echo
from tests.bot.channels.person import Person
from tests.fakes.bot_api import TOKEN, FakeBotApi

HIDDEN = {"type": "hidden_user", "date": 1_764_000_000}
"""What Telegram once sent, and no library can read: a forwarder without a name."""


@pytest.fixture
async def officer(staff: Staff, echo: Echo, person: Person) -> AsyncIterator[Person]:
    """An officer who talks with the echo."""
    echo.over(staff)
    async with running(staff, echo):
        yield person


# --- decoding -----------------------------------------------------------------------------------


def decoded(**update: Any) -> list[NewEvent]:
    raw = {"update_id": 7, **update}
    return decode(raw, bot=Bot(TOKEN), bot_id=4242, received_at=5)


def said(person: Person, **content: Any) -> Any:
    [event] = decoded(message=person.message(**content))
    assert (event.channel, event.provider_id, event.chat) == ("staff", "4242:7", "staff:81")
    return DECODER.decode(event.body)


def test_texts_starts_and_other_things_are_told_apart(person: Person) -> None:
    assert said(person, text="halo") == Text("halo")
    assert said(person, text="/antrean") == Text("/antrean")
    assert said(person, text="/start ABC23") == Opened("ABC23")
    assert said(person, text="/start@chika_bot") == Opened()
    assert said(person, sticker=STICKER) == Unfit("other")


def test_of_a_group_nothing_is_kept_but_that_it_turned_to_us(person: Person) -> None:
    group = {"id": -5, "type": "group", "title": "x"}
    [event] = decoded(message={**person.message(text="rahasia"), "chat": group})
    assert (event.chat, DECODER.decode(event.body)) == ("staff:-5", Crowd())
    assert decoded(message={**person.message(migrate_to_chat_id=-9), "chat": group}) == []
    assert decoded(message={**person.message(text="x"), "chat": {**group, "type": "channel"}}) == []


def test_a_group_that_moved_turns_to_us_under_its_new_number(person: Person) -> None:
    moved = {"id": -1009, "type": "supergroup", "title": "x"}
    [event] = decoded(message={**person.message(migrate_from_chat_id=-5), "chat": moved})
    assert (event.chat, DECODER.decode(event.body)) == ("staff:-1009", Crowd())


def test_a_tap_in_a_group_is_nothing(person: Person) -> None:
    query = {"id": "q", "from": person.user, "chat_instance": "1", "data": "1|ya"}
    group = {"id": -5, "type": "group", "title": "x"}
    private, shared = person.message(text="?"), {**person.message(text="?"), "chat": group}
    assert decoded(callback_query={**query, "message": shared}) == []
    [event] = decoded(callback_query={**query, "message": private})
    assert DECODER.decode(event.body) == Press("ya", 1)


def test_what_the_library_cannot_read_is_a_dead_letter(person: Person) -> None:
    [event] = decoded(message=person.message(text="x", forward_origin=HIDDEN))
    assert event.dead.startswith("unreadable: ")
    assert event.chat == "staff:81"


def test_what_nobody_said_is_nothing() -> None:
    assert decoded(my_chat_member=None) == []
    assert decode([], bot=Bot(TOKEN), bot_id=1, received_at=5)[0].dead


# --- talking ------------------------------------------------------------------------------------


async def test_a_tap_is_heard_and_its_button_stops_waiting(
    api: FakeBotApi, officer: Person, echo: Echo
) -> None:
    await officer.say("pilih")
    await officer.hears(1)
    await officer.tap("Ubah")
    await officer.hears(2)
    await api.until(lambda: api.called("answerCallbackQuery"))
    assert echo.heard == [Text("pilih"), Press("ubah", 1)]


async def test_an_unreadable_update_blocks_nobody(officer: Person, echo: Echo) -> None:
    await officer.say("satu")
    await officer.send(text="terusan", forward_origin=HIDDEN)
    await officer.say("dua")
    await officer.hears(2)
    assert echo.heard == [Text("satu"), Text("dua")]
    assert len(echo.dead) == 1


async def test_nothing_is_acknowledged_before_it_is_stored(
    api: FakeBotApi, staff: Staff, person: Person, echo: Echo
) -> None:
    stored: list[int] = []

    async def receive(events: Sequence[NewEvent]) -> Sequence[bool]:
        assert api.unconfirmed == [event.rank for event in events]
        stored.extend(event.rank for event in events)
        return await echo(events)

    echo.over(staff)
    await person.say("satu")
    async with running(staff, receive):
        await person.hears(1)
        await api.until(lambda: not api.unconfirmed)
    assert len(stored) == 1


async def test_a_busy_store_is_asked_again(officer: Person, echo: Echo, pauses: Pauses) -> None:
    echo.busy = 2
    await officer.say("halo")
    await officer.hears(1)
    assert pauses == [1.0, 2.0]


@pytest.mark.parametrize(
    ("status", "body", "seconds"),
    [
        (409, {"ok": False, "error_code": 409, "description": "Conflict: other getUpdates"}, 30.0),
        (502, "<html>Bad Gateway</html>", 1.0),
        (401, {"ok": False, "error_code": 401, "description": "Unauthorized"}, 60.0),
    ],
)
async def test_trouble_is_waited_out(
    api: FakeBotApi, officer: Person, pauses: Pauses, status: int, body: Any, seconds: float
) -> None:
    api.fail("getUpdates", status, body)
    await officer.say("halo")
    await officer.hears(1)
    assert pauses == [seconds]


async def test_a_flood_is_waited_out_as_told(
    api: FakeBotApi, officer: Person, pauses: Pauses
) -> None:
    api.flood("getUpdates", 11)
    await officer.say("halo")
    await officer.hears(1)
    assert pauses == [11]


async def test_the_bot_waits_for_a_telegram_that_is_down_at_the_start(
    api: FakeBotApi, staff: Staff, person: Person, echo: Echo, pauses: Pauses
) -> None:
    api.fail("getMe", 502, "<html>", times=2)
    echo.over(staff)
    await person.say("halo")
    async with running(staff, echo):
        await person.hears(1)
    assert pauses == [1.0, 2.0]


# --- sending ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (403, {"ok": False, "error_code": 403, "description": "Forbidden: blocked"}, Unreachable),
        (400, {"ok": False, "error_code": 400, "description": "Bad Request: x"}, Unreachable),
        (401, {"ok": False, "error_code": 401, "description": "Unauthorized"}, Throttled),
        (500, {"ok": False, "error_code": 500, "description": "Internal"}, Uncertain),
        (502, "<html>Bad Gateway</html>", Failing),
        (503, "", Failing),
        (504, "<html>Gateway Timeout</html>", Uncertain),
        (413, "<html>Too Large</html>", Uncertain),
    ],
)
async def test_refusals_are_told_to_the_outbox(
    api: FakeBotApi, staff: Staff, person: Person, status: int, body: Any, expected: type[Exception]
) -> None:
    api.fail("sendMessage", status, body)
    with pytest.raises(expected):
        await staff.send("staff:81", Outbound("halo"))


async def test_what_was_meant_for_a_chat_that_moved_is_said_in_no_other(
    api: FakeBotApi, staff: Staff, person: Person
) -> None:
    api.moved[person.id] = -1009
    api.chats.add(-1009)
    with pytest.raises(Unreachable, match=r"^moved$"):
        await staff.send("staff:81", Outbound("halo"))
    assert api.messages == []


async def test_a_flood_passes_on_how_long(api: FakeBotApi, staff: Staff, person: Person) -> None:
    api.flood("sendMessage", 7)
    with pytest.raises(Throttled) as throttled:
        await staff.send("staff:81", Outbound("halo"))
    assert throttled.value.retry_after == 7


async def test_nobody_to_send_to_is_told(staff: Staff) -> None:
    with pytest.raises(Unreachable, match="chat_not_found"):
        await staff.send("staff:5", Outbound("halo"))


async def test_a_telegram_that_is_not_there_is_tried_again(clock: Noon, beats: Beats) -> None:
    staff = Staff(StaffSettings(TOKEN, "http://127.0.0.1:9"), clock, beats)
    with pytest.raises(Throttled):
        await staff.send("staff:81", Outbound("halo"))
    await staff.aclose()


async def test_an_answer_that_cannot_be_read_is_no_reason_to_send_again(
    api: FakeBotApi, staff: Staff, person: Person
) -> None:
    api.fail("sendMessage", 200, {"ok": True, "result": {"chat": 5}})
    assert await staff.send("staff:81", Outbound("halo")) == ""


async def test_what_does_not_fit_into_a_button_travels_by_its_place(
    api: FakeBotApi, staff: Staff, person: Person
) -> None:
    long = Option("x" * 100, "Panjang")
    await staff.send("staff:81", Outbound("Pilih", options=(Option("a", "A"), long), put=3))
    rows = person.read[-1]["keyboard"]["inline_keyboard"]
    assert [button["callback_data"] for row in rows for button in row] == ["3|a", "3|#2"]


async def test_officers_send_no_files(staff: Staff) -> None:
    with pytest.raises(FetchFailed):
        await staff.fetch("x")


# --- the beat -----------------------------------------------------------------------------------


async def test_the_beat_looks_for_alerts_and_survives_what_fails(
    officer: Person, beats: Beats
) -> None:
    beats.broken = 2
    await asyncio.wait_for(beats.told.wait(), 5)


STICKER = {
    "file_id": "S",
    "file_unique_id": "S",
    "width": 9,
    "height": 9,
    "type": "regular",
    "is_animated": False,
    "is_video": False,
}
