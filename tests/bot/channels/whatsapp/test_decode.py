"""WhatsApp's deliveries: every item on its own, whatever stands beside it."""

from typing import Any

import pytest

from bot.channels.graph.heard import Heard
from bot.channels.whatsapp.decode import Item, Renamed, Status, decode
from bot.channels.whatsapp.kinds import FileRef
from flows.events import Contact, Edited, Event, Opened, Press, Text, Unfit
from forms.fields import ContactCard
from tests.fakes.graph_api import ACCOUNT, FakeGraphApi
from tests.fakes.whatsapp_person import WhatsAppPerson, change, delivery


@pytest.fixture
def ana() -> WhatsAppPerson:
    return WhatsAppPerson(FakeGraphApi())


def read(raw: Any) -> list[Item]:
    return decode(raw, phone_number_id=ACCOUNT)


def heard(raw: Any) -> list[Heard]:
    return [item for item in read(raw) if isinstance(item, Heard)]


def only(ana: WhatsAppPerson, message: dict[str, Any]) -> Heard:
    [found] = heard(delivery(message, contacts=[ana.contact]))
    return found


def test_a_text_is_known_by_both_names_the_firmest_first(ana: WhatsAppPerson) -> None:
    message = ana.text("halo")
    found = only(ana, message)
    assert (found.id, found.names) == (message["id"], ["bsuid:ID.81", "wa:628110000081"])
    assert (found.event, found.moment) == (Text("halo"), ana.second * 1000)


def test_somebody_with_a_user_name_only_is_heard(ana: WhatsAppPerson) -> None:
    ana.number = ""
    assert only(ana, ana.text("halo")).names == ["bsuid:ID.81"]


def test_a_payload_of_before_the_scoped_ids_is_heard(ana: WhatsAppPerson) -> None:
    ana.scoped = ""
    assert only(ana, ana.text("halo")).names == ["wa:628110000081"]


def test_the_scoped_id_may_stand_with_the_contact_only(ana: WhatsAppPerson) -> None:
    message = ana.text("halo")
    del message["from_user_id"]
    assert only(ana, message).names == ["bsuid:ID.81", "wa:628110000081"]


def test_nobody_gets_the_scoped_id_of_somebody_else(ana: WhatsAppPerson) -> None:
    budi = WhatsAppPerson(FakeGraphApi(), "628110000082", "ID.82")
    message = ana.text("halo")
    del message["from_user_id"]
    found = heard(delivery(message, contacts=[budi.contact, ana.contact]))
    assert found[0].names == ["bsuid:ID.81", "wa:628110000081"]


@pytest.mark.parametrize(
    ("left_out", "names"),
    [("from_user_id", ["wa:628110000081"]), ("from", ["bsuid:ID.81"])],
)
def test_the_only_contact_may_be_somebody_elses(
    ana: WhatsAppPerson, left_out: str, names: list[str]
) -> None:
    budi = WhatsAppPerson(FakeGraphApi(), "628110000082", "ID.82")
    message = ana.text("halo")
    del message[left_out]
    [found] = heard(delivery(message, contacts=[budi.contact]))
    assert found.names == names


CARD = ContactCard("+628110000081", own=True)
SAID: list[tuple[str, Any, Event]] = [
    ("interactive", {"type": "button_reply", "button_reply": {"id": "7|ya"}}, Press("ya", 7)),
    ("interactive", {"type": "list_reply", "list_reply": {"id": "7|#3"}}, Press("#3", 7)),
    ("interactive", {"type": "button_reply", "button_reply": {"id": "lain"}}, Press("lain", -1)),
    ("interactive", {"type": "nfm_reply", "nfm_reply": {}}, Unfit("other")),
    ("button", {"payload": "7|ya", "text": "Ya"}, Press("ya", 7)),
    ("button", {"payload": "lain", "text": "Lanjut"}, Text("Lanjut")),
    ("button", {"text": "Lanjut"}, Text("Lanjut")),
    ("audio", {"id": "1", "voice": True}, Unfit("voice")),
    ("video", {"id": "1"}, Unfit("video")),
    ("sticker", {"id": "1"}, Unfit("sticker")),
    ("location", {"latitude": 1.4, "longitude": 124.8}, Unfit("location")),
    ("order", {}, Unfit("other")),
    ("unsupported", None, Unfit("other")),
    ("something_new", {"a": 1}, Unfit("other")),
    ("edit", {"original_message_id": "wamid.1", "message": {}}, Edited()),
    ("revoke", {"original_message_id": "wamid.1"}, Edited()),
    ("request_welcome", None, Opened()),
]


@pytest.mark.parametrize(("kind", "content", "event"), SAID)
def test_each_kind_of_message_is_an_event(
    ana: WhatsAppPerson, kind: str, content: Any, event: Event
) -> None:
    assert only(ana, ana.message(kind, content)).event == event


def test_a_reaction_asks_for_no_answer(ana: WhatsAppPerson) -> None:
    assert heard(delivery(ana.message("reaction", {"message_id": "wamid.1"}))) == []


def test_an_own_number_by_button_is_a_further_name(ana: WhatsAppPerson) -> None:
    ana.number = ""
    found = only(ana, ana.card("+628110000081"))
    assert found.event == Contact(CARD)
    assert found.names == ["bsuid:ID.81", "wa:628110000081"]


@pytest.mark.parametrize(
    ("phone", "origin", "own"),
    [
        ("+628110000081", "other", True),
        ("+628110000099", "other", False),
        ("+628110000099", "contact_request", True),
    ],
)
def test_whose_number_a_card_has_is_told(
    ana: WhatsAppPerson, phone: str, origin: str, own: bool
) -> None:
    found = only(ana, ana.card(phone, origin))
    assert found.event == Contact(ContactCard(phone, own=own))
    assert found.names == ["bsuid:ID.81", "wa:628110000081"]


def test_a_file_is_fetched_by_its_id(ana: WhatsAppPerson) -> None:
    picture = only(ana, ana.photo(b"x"))
    paper = only(ana, ana.photo(b"y", "document", filename="surat.pdf"))
    assert picture.event == paper.event == Unfit("lost")
    assert picture.file is not None and picture.file.id.startswith("media.")
    assert isinstance(paper.file, FileRef) and paper.file.name == "surat.pdf"


def test_every_entry_change_and_message_of_a_batch_is_heard(ana: WhatsAppPerson) -> None:
    texts = [ana.text(str(n)) for n in range(8)]
    contacts = [ana.contact]
    raw = {
        "entry": [
            {"changes": [change(*texts[:2], contacts=contacts), change(*texts[2:4])]},
            {"changes": [change(*texts[4:])]},
        ]
    }
    assert [one.event for one in heard(raw)] == [Text(str(n)) for n in range(8)]


def test_what_was_written_first_comes_first(ana: WhatsAppPerson) -> None:
    one, two = ana.text("1"), ana.text("2")
    assert [found.event for found in heard(delivery(two, one))] == [Text("1"), Text("2")]


BROKEN: list[Any] = [
    None,
    17,
    [],
    {},
    {"type": "text", "from": "628110000081", "timestamp": "1", "id": "w"},
    {"type": "text", "text": {"body": "x"}, "timestamp": "1", "id": "w"},
    {"type": "text", "text": {"body": "x"}, "from": "628110000081", "id": "w"},
    {"type": "text", "text": {"body": 5}, "from": "628110000081", "id": "w", "timestamp": "1"},
    {"type": "text", "text": {"body": "x"}, "from": "628110000081", "id": "w", "timestamp": "9e9"},
    {"type": [], "from": "628110000081", "timestamp": "1", "id": "w"},
    {"type": "contacts", "contacts": [], "from": "628110000081", "timestamp": "1", "id": "w"},
    {"type": "image", "image": {}, "from": "628110000081", "timestamp": "1", "id": "w"},
    {"type": "interactive", "interactive": {"type": "list_reply"}, "from": "628110000081"},
]


@pytest.mark.parametrize("broken", BROKEN)
def test_a_message_that_cannot_be_read_is_kept_and_blocks_nobody(
    ana: WhatsAppPerson, broken: Any
) -> None:
    before, after = ana.text("1"), ana.text("2")
    found = heard(delivery(before, broken, after))
    assert {one.event for one in found if not one.dead} == {Text("1"), Text("2")}
    [dead] = [one for one in found if one.dead]
    assert dead.event is None and dead.dead.startswith("unreadable") and dead.id


@pytest.mark.parametrize(
    "raw",
    [
        None,
        [],
        {"entry": None},
        {"entry": [None, {"changes": "x"}]},
        {"entry": [{"changes": [{"field": "messages", "value": None}]}]},
        {"entry": [{"changes": [{"field": "messages"}]}]},
        delivery(field="account_update"),
        delivery({"type": "text"}, account="another"),
    ],
)
def test_what_is_not_for_us_is_left_out(raw: Any) -> None:
    assert read(raw) == []


def test_a_group_is_not_served(ana: WhatsAppPerson) -> None:
    [found] = heard(delivery({**ana.text("halo"), "group_id": "g"}))
    assert (found.dead, found.raw) == ("not a private chat", b"{}")


@pytest.mark.parametrize(
    ("system", "after"),
    [
        (
            {"type": "user_changed_number", "wa_id": "628110000099", "user_id": "ID.99"},
            ["bsuid:ID.99", "wa:628110000099"],
        ),
        ({"type": "user_changed_number", "wa_id": "628110000099"}, ["wa:628110000099"]),
        (
            {"type": "user_changed_user_id", "previous_user_id": "ID.81", "user_id": "ID.99"},
            ["bsuid:ID.99"],
        ),
    ],
)
def test_a_changed_name_is_told(
    ana: WhatsAppPerson, system: dict[str, str], after: list[str]
) -> None:
    [found] = read(delivery(ana.message("system", system)))
    assert isinstance(found, Renamed)
    assert list(found.after) == after and "wa:628110000081" in found.before


def test_other_system_messages_say_nothing(ana: WhatsAppPerson) -> None:
    assert read(delivery(ana.message("system", {"type": "customer_identity_changed"}))) == []


def test_a_status_comes_with_its_tag_and_reason() -> None:
    sent = {"id": "wamid.1", "status": "sent", "timestamp": "7", "biz_opaque_callback_data": "t"}
    failed = {"id": "wamid.2", "status": "failed", "timestamp": "8", "errors": [{"code": 131047}]}
    odd = [{"status": "sent"}, {"status": "deleted", "timestamp": "9"}, "x"]
    assert read(delivery(statuses=[sent, failed, *odd])) == [
        Status("wamid.1", "t", "sent", 7000),
        Status("wamid.2", "", "failed", 8000, "window_closed"),
    ]
