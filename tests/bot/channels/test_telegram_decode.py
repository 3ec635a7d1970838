"""Telegram's updates as events: each by itself, the strange ones too."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.raw_updates import number_of
from bot.channels.telegram_decode import FileRef, decode
from data.store import NewEvent
from flows.events import (
    DECODER,
    Blocking,
    Contact,
    Crowd,
    Edited,
    Event,
    Opened,
    Press,
    Text,
    Unfit,
)
from forms.fields import ContactCard

PERSON = {"id": 81, "is_bot": False, "first_name": "Peserta"}
PRIVATE = {"id": 81, "type": "private", "first_name": "Peserta"}
GROUP = {"id": -100, "type": "supergroup", "title": "Warga"}
SIZE = {"file_unique_id": "u", "width": 90, "height": 90}
FILE = {"file_id": "F1", "file_unique_id": "u"}
CARD = {"phone_number": "+6281200000142", "first_name": "P"}
CHANNEL = {"id": -200, "type": "channel", "title": "Kabar"}
PLACE = {"latitude": 1.48, "longitude": 124.84}


def message(chat: dict[str, Any] = PRIVATE, **content: Any) -> dict[str, Any]:
    return {"message_id": 5, "date": 1_764_000_000, "chat": chat, "from": PERSON, **content}


def member(chat: dict[str, Any], status: str, **more: Any) -> dict[str, Any]:
    """The bot's own standing in *chat* becomes *status*."""
    bot = {"id": 42, "is_bot": True, "first_name": "CHIKA"}
    return {
        "chat": chat,
        "from": PERSON,
        "date": 1_764_000_000,
        "old_chat_member": {"user": bot, "status": "left"},
        "new_chat_member": {"user": bot, "status": status, **more},
    }


def read(**update: Any) -> list[NewEvent]:
    return decode({"update_id": 900, **update}, bot_id=42, received_at=7)


def event(**content: Any) -> Event:
    [found] = read(message=message(**content))
    assert not found.dead
    return DECODER.decode(found.body)


def pressed(data: str, where: dict[str, Any] | None) -> list[NewEvent]:
    query = {"id": "q", "from": PERSON, "chat_instance": "1", "data": data}
    return read(callback_query=query | ({"message": where} if where else {}))


def test_an_event_says_whose_it_is_and_where_it_stands() -> None:
    [found] = read(message=message(text="halo"))
    assert (found.channel, found.chat, found.provider_id) == ("telegram", "telegram:81", "42:900")
    assert (found.rank, found.received_at, found.due_at, found.media) == (900, 7, 7, "")


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("halo", Text("halo")),
        ("/start", Opened()),
        ("/start kc_manado_G", Opened("kc_manado_G")),
        ("/start@chika_bot G", Opened("G")),
        ("/menu", Text("/menu")),
        ("/LANG@chika_bot", Text("/lang")),
        ("/STATUS@chika_bot MND-G-0034", Text("status MND-G-0034")),
        ("/ bukan perintah", Text("/ bukan perintah")),
        ("1/2", Text("1/2")),
        ("", Text("")),
        ("👍👍", Text("👍👍")),
        ("x" * 50_000, Text("x" * 4096)),
        ("setengah \ud83d", Text("setengah ?")),
    ],
)
def test_what_is_typed_means(text: str, means: Event) -> None:
    assert event(text=text) == means


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({"voice": {**FILE, "duration": 2}}, "voice"),
        ({"audio": {**FILE, "duration": 2}}, "voice"),
        ({"video_note": {**FILE, "duration": 2, "length": 9}}, "video"),
        ({"video": {**FILE, "duration": 2, "width": 9, "height": 9}}, "video"),
        (
            {
                "animation": {**FILE, "duration": 2, "width": 9, "height": 9},
                "document": {**FILE, "file_name": "a.gif"},
            },
            "video",
        ),
        (
            {
                "sticker": {
                    **FILE,
                    "type": "regular",
                    "width": 9,
                    "height": 9,
                    "is_animated": False,
                    "is_video": False,
                }
            },
            "sticker",
        ),
        ({"location": PLACE}, "location"),
        (
            {"venue": {"location": PLACE, "title": "t", "address": "a"}, "location": PLACE},
            "location",
        ),
        ({"poll": None}, "other"),
    ],
)
def test_what_no_form_takes_says_what_it_is(content: dict[str, Any], why: str) -> None:
    assert event(**content) == Unfit(why)


def test_a_photo_is_fetched_in_its_largest_size_with_its_album() -> None:
    sizes = [
        {**SIZE, "file_id": "large", "width": 1280, "file_size": 9000},
        {**SIZE, "file_id": "small"},
    ]
    [found] = read(message=message(photo=sizes, media_group_id="A7", caption="KTP"))
    assert DECODER.decode(found.body) == Unfit("lost")
    reference = msgspec.json.decode(found.media, type=FileRef)
    assert reference == FileRef("large", size=9000, album="A7")


def test_a_document_keeps_its_name_and_what_it_claims_to_be() -> None:
    about = {**FILE, "file_name": "kk.pdf", "mime_type": "application/pdf", "file_size": 3}
    [found] = read(message=message(document=about))
    assert msgspec.json.decode(found.media, type=FileRef) == FileRef(
        "F1", "kk.pdf", "application/pdf", 3
    )


@pytest.mark.parametrize(("owner", "own"), [(81, True), (82, False), (None, False)])
def test_a_contact_card_is_own_only_with_the_sender_as_its_owner(
    owner: int | None, own: bool
) -> None:
    card = {"phone_number": "+6281200000142", "first_name": "P", "user_id": owner}
    assert event(contact=card) == Contact(ContactCard("+6281200000142", own))


def test_an_edited_message_is_an_edit_and_a_moving_location_is_nothing() -> None:
    [found] = read(edited_message=message(text="baru", edit_date=1_764_000_100))
    assert DECODER.decode(found.body) == Edited()
    assert read(edited_message=message(location=PLACE, edit_date=1_764_000_100)) == []


@pytest.mark.parametrize(
    "where",
    [
        message(text="Setuju?"),
        {"message_id": 5, "date": 0, "chat": PRIVATE},
        None,
    ],
    ids=["shown", "too old to be shown", "deleted"],
)
def test_a_press_counts_whatever_became_of_its_message(where: dict[str, Any] | None) -> None:
    [found] = pressed("3|ya", where)
    assert DECODER.decode(found.body) == Press("ya", 3)
    assert found.chat == "telegram:81"


@pytest.mark.parametrize(
    ("data", "value", "put"),
    [
        ("3|ya|tidak", "ya|tidak", 3),
        ("3|#12", "#12", 3),
        ("3|", "", 3),
        ("halo", "halo", -1),
        ("-3|ya", "-3|ya", -1),
        ("9999999999|ya", "9999999999|ya", -1),
        ("٣|ya", "٣|ya", -1),
        ("", "", -1),
    ],
)
def test_the_data_of_a_button_says_value_and_question(data: str, value: str, put: int) -> None:
    [found] = pressed(data, None)
    assert DECODER.decode(found.body) == Press(value, put)


def test_of_a_group_nothing_is_kept_but_that_it_turned_to_us() -> None:
    for content in ({"text": "rahasia warga"}, {"contact": CARD}, {"photo": [{**SIZE, **FILE}]}):
        [found] = read(message=message(GROUP, **content))
        assert (DECODER.decode(found.body), found.media) == (Crowd(), "")
        assert found.chat == "telegram:-100"
        assert b"rahasia" not in found.body


@pytest.mark.parametrize(
    "update",
    [
        {"edited_message": message(GROUP, text="rahasia", edit_date=1_764_000_100)},
        {"channel_post": message(CHANNEL, text="rahasia")},
        {"edited_channel_post": message(CHANNEL, text="rahasia", edit_date=1_764_000_100)},
        {"message": message(GROUP, migrate_to_chat_id=-1009)},
        {"my_chat_member": member(GROUP, "left")},
        {"my_chat_member": member(GROUP, "kicked", until_date=0)},
        {"my_chat_member": member(CHANNEL, "member")},
    ],
)
def test_what_a_group_or_channel_does_besides_is_nothing(update: dict[str, Any]) -> None:
    assert read(**update) == []


def test_a_press_in_a_group_is_nothing() -> None:
    assert pressed("1|ya", message(GROUP, text="rahasia warga")) == []


def test_a_group_that_takes_us_in_turns_to_us() -> None:
    [found] = read(my_chat_member=member(GROUP, "member"))
    assert (found.chat, DECODER.decode(found.body)) == ("telegram:-100", Crowd())


def test_a_group_that_moved_turns_to_us_under_its_new_number() -> None:
    [found] = read(message=message({**GROUP, "id": -1009}, migrate_from_chat_id=-100))
    assert (found.chat, DECODER.decode(found.body)) == ("telegram:-1009", Crowd())


@pytest.mark.parametrize(
    ("status", "more", "blocked"), [("kicked", {"until_date": 0}, True), ("member", {}, False)]
)
def test_who_blocks_us_or_no_longer_does_is_noted(
    status: str, more: dict[str, Any], blocked: bool
) -> None:
    [found] = read(my_chat_member=member(PRIVATE, status, **more))
    assert (found.chat, DECODER.decode(found.body)) == ("telegram:81", Blocking(blocked))


def test_a_forward_that_aiogram_cannot_read_is_kept_as_a_dead_letter() -> None:
    hidden = {"type": "hidden_user", "date": 1_764_000_000}
    [found] = read(message=message(text="terusan", forward_origin=hidden))
    assert found.dead == "unreadable: ValidationError"
    assert (found.chat, found.provider_id, found.rank) == ("telegram:81", "42:900", 900)
    assert json.loads(found.body)["message"]["text"] == "terusan"


def test_an_update_without_a_number_still_has_a_name_of_its_own() -> None:
    names = [
        decode({**number, "message": message(text=text)}, bot_id=42, received_at=7)[0].provider_id
        for number, text in (({}, "a"), ({}, "a"), ({}, "b"), ({"update_id": 2**70}, "a"))
    ]
    assert names[0] == names[1]
    assert len(set(names)) == 3


@pytest.mark.parametrize("number", [2**70, 2**53, 0, -1, "900", None, 1.5])
def test_a_number_that_no_database_could_hold_gives_no_rank(number: Any) -> None:
    for found in decode({"update_id": number, "message": 1}, bot_id=42, received_at=7):
        assert (found.rank, number_of({"update_id": number})) == (0, 0)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["text", "contact", "photo", "document", "sticker", "date", "chat", "from"])


@given(st.one_of(JSON, st.fixed_dictionaries({"update_id": JSON, "message": JSON})))
def test_no_json_whatever_makes_decoding_fail(raw: Any) -> None:
    assert len(decode(raw, bot_id=42, received_at=7)) <= 1


@given(st.dictionaries(KEYS, JSON, max_size=3))
def test_no_damage_to_a_message_makes_decoding_fail(damage: dict[str, Any]) -> None:
    raw = {"update_id": 900, "message": message(text="halo") | damage}
    for found in decode(raw, bot_id=42, received_at=7):
        assert found.dead or DECODER.decode(found.body)
