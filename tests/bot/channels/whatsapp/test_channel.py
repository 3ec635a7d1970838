"""A conversation on WhatsApp: who is who, what is sent, and what trouble means."""

import asyncio
from datetime import timedelta

import pytest

from bot.channels.whatsapp.channel import WhatsApp
from bot.runtime.messages import Asking, Outbound
from bot.runtime.ports import Failing, FetchFailed, Parked, Throttled, Uncertain, Unreachable
from data.instants import from_us
from data.store import Store
from flows.events import Press, Text
from tests.bot.channels.echo import LONG, OPTIONS, Echo
from tests.bot.channels.whatsapp.conftest import LARGEST_FILE
from tests.desk import SetClock
from tests.fakes.graph_api import ACCOUNT, FakeGraphApi
from tests.fakes.whatsapp_person import WhatsAppPerson, delivery, entry


async def heard_at(store: Store, chat: str) -> float:
    async with store.read() as tx:
        row = await tx.one("identity_of", chat=chat)
    assert row is not None
    return from_us(row["heard_at"]).timestamp()


async def test_what_is_typed_is_answered_in_a_chat_without_a_name(
    echo: Echo, ana: WhatsAppPerson, store: Store
) -> None:
    assert await ana.say("halo") == 200
    assert ana.texts == ["Anda menulis *tebal*: halo"]
    [event] = echo.events
    assert event.chat.startswith("whatsapp:") and ana.number not in event.chat
    assert ana.scoped not in event.chat
    assert await heard_at(store, event.chat) == ana.second


async def test_a_person_is_written_to_by_the_firmest_name(
    echo: Echo, ana: WhatsAppPerson, api: FakeGraphApi
) -> None:
    await ana.say("halo")
    assert api.taken[-1]["recipient"] == "ID.81" and "to" not in api.taken[-1]
    older = WhatsAppPerson(api, "628110000082", "")
    await older.say("halo")
    assert api.taken[-1]["to"] == "628110000082" and "recipient" not in api.taken[-1]


async def test_somebody_keeps_the_chat_when_the_number_changes(
    echo: Echo, ana: WhatsAppPerson, clock: SetClock
) -> None:
    await ana.say("satu")
    clock.at += timedelta(hours=1)
    await ana.send(
        ana.message(
            "system", {"type": "user_changed_number", "wa_id": "628110000099", "user_id": "ID.99"}
        )
    )
    ana.number, ana.scoped = "628110000099", "ID.99"
    await ana.say("dua")
    assert len({event.chat for event in echo.events}) == 1
    assert ana.texts == ["Anda menulis *tebal*: dua"]


@pytest.mark.parametrize("late", [-1, 0, 1])
@pytest.mark.parametrize("known", [False, True])
async def test_who_changes_the_number_within_one_delivery_keeps_one_chat(
    echo: Echo, ana: WhatsAppPerson, late: int, known: bool
) -> None:
    """The change is told a second before, with or after the first message under the new name."""
    if known:
        await ana.say("nol")
    before = ana.text("satu")
    change = {"type": "user_changed_number", "wa_id": "628110000099", "user_id": "ID.99"}
    system = ana.message("system", change)
    ana.number, ana.scoped = "628110000099", "ID.99"
    after = ana.text("dua")
    system["timestamp"] = str(int(after["timestamp"]) + late)
    await ana._api.deliver(delivery(after, system, before))

    assert echo.heard[-2:] == [Text("satu"), Text("dua")]
    assert len({event.chat for event in echo.events}) == 1


async def test_a_change_that_comes_late_leaves_nobody_without_a_chat(
    echo: Echo, api: FakeGraphApi, ana: WhatsAppPerson, whatsapp: WhatsApp
) -> None:
    change = {"type": "user_changed_user_id", "previous_user_id": "ID.81", "user_id": "ID.99"}
    system = ana.message("system", change)
    await ana.say("satu")
    after = WhatsAppPerson(api, "", "ID.99")
    await after.say("dua")
    await ana.send(system)
    for event in echo.events:
        await whatsapp.send(event.chat, Outbound("Masih di sini?"))
    assert api.taken[-1]["recipient"] == "ID.99"


async def test_a_press_and_a_row_bring_their_question_back(echo: Echo, ana: WhatsAppPerson) -> None:
    await ana.say("pilih")
    assert ana.texts == ["Sudah *benar*?"]
    assert [title for _, _, title in ana.offered] == [option.label for option in OPTIONS]
    await ana.tap(2)
    assert echo.heard[-1] == Press("ubah", 1)
    assert ana.texts[-1] == "Dipilih: Ubah"


async def test_the_same_delivery_twice_is_one_event(echo: Echo, ana: WhatsAppPerson) -> None:
    raw = delivery(ana.text("halo"), contacts=[ana.contact])
    again = {**raw, "entry": [*raw["entry"], entry(ana.text("dua"))]}
    assert [await ana._api.deliver(one) for one in (raw, raw, again)] == [200, 200, 200]
    assert echo.heard == [Text("halo"), Text("dua")]


async def test_a_busy_store_answers_503_and_loses_nothing(echo: Echo, ana: WhatsAppPerson) -> None:
    echo.busy = 1
    raw = delivery(ana.text("halo"))
    assert [await ana._api.deliver(raw), await ana._api.deliver(raw)] == [503, 200]
    assert echo.heard == [Text("halo")]


async def test_a_forged_delivery_changes_nothing(echo: Echo, ana: WhatsAppPerson) -> None:
    assert await ana._api.deliver(delivery(ana.text("halo")), secret="lain") == 403
    assert echo.events == []


async def test_a_later_message_ranks_behind_an_earlier_one(echo: Echo, ana: WhatsAppPerson) -> None:
    one, two = ana.text("1"), ana.text("2")
    await ana.send(two)
    await ana.send(one)
    assert echo.events[0].rank > echo.events[1].rank


async def test_what_arrives_is_shown_as_read_while_the_answer_is_written(
    echo: Echo, ana: WhatsAppPerson, api: FakeGraphApi, whatsapp: WhatsApp
) -> None:
    message = ana.text("halo")
    await ana.send(message, {"type": "broken"})
    await asyncio.gather(*whatsapp._courtesies)
    [mark] = api.courtesies
    assert mark["message_id"] == message["id"] and mark["typing_indicator"] == {"type": "text"}
    await ana.send(message)
    await asyncio.gather(*whatsapp._courtesies)
    assert len(api.courtesies) == 1


@pytest.mark.parametrize(
    ("code", "status", "meant"),
    [
        (131026, 400, "undeliverable"),
        (131056, 400, 6),
        (130429, 429, 30),
        (80007, 400, 30),
        (190, 401, 60),
    ],
)
async def test_what_meta_refuses_has_a_meaning(
    echo: Echo,
    ana: WhatsAppPerson,
    api: FakeGraphApi,
    whatsapp: WhatsApp,
    code: int,
    status: int,
    meant: str | int,
) -> None:
    await ana.say("halo")
    chat = echo.events[0].chat
    api.fail(code, status)
    with pytest.raises((Throttled, Unreachable)) as refused:
        await whatsapp.send(chat, Outbound("Pesan", OPTIONS))
    said = refused.value
    assert meant == (said.reason if isinstance(said, Unreachable) else said.retry_after)
    await whatsapp.send(chat, Outbound("Pesan"))
    assert ana.texts[1:] == ["Pesan"]


async def test_buttons_that_meta_refuses_are_read_as_lines(
    echo: Echo, ana: WhatsAppPerson, api: FakeGraphApi, whatsapp: WhatsApp
) -> None:
    await ana.say("halo")
    api.fail(131009)
    await whatsapp.send(echo.events[0].chat, Outbound("Nomor?", OPTIONS, expects="contact"))
    assert ana.texts[-1] == "Nomor?\n1. Ya, benar  2. Ubah  0. Kembali"


async def test_parts_of_a_long_text_that_were_taken_are_not_read_at_each_try(
    echo: Echo, ana: WhatsAppPerson, api: FakeGraphApi, whatsapp: WhatsApp
) -> None:
    await ana.say("halo")
    long = Outbound(LONG, id=7)
    api.let_through()
    api.fail(2, 500, times=2)
    api.let_through()
    api.fail(2, 500)
    for _ in range(3):
        with pytest.raises(Failing):
            await whatsapp.send(echo.events[0].chat, long)
    await whatsapp.send(echo.events[0].chat, long)
    assert " ".join(ana.texts[1:]) == LONG


async def test_a_long_text_that_its_window_shut_in_is_read_from_its_beginning(
    echo: Echo, ana: WhatsAppPerson, api: FakeGraphApi, whatsapp: WhatsApp, clock: SetClock
) -> None:
    await ana.say("halo")
    chat, long = echo.events[0].chat, Outbound(LONG, id=7)
    api.let_through()
    api.fail(131047)
    with pytest.raises(Parked):
        await whatsapp.send(chat, long)
    ana.second = int(clock.at.timestamp())
    await ana.say("ya")
    before = len(ana.texts)
    await whatsapp.send(chat, long)
    assert " ".join(ana.texts[before:]) == LONG


async def test_nobody_is_written_to_who_is_not_known(whatsapp: WhatsApp) -> None:
    with pytest.raises(Unreachable, match="unknown_person"):
        await whatsapp.send("whatsapp:nobody", Outbound("Pesan"))


async def test_one_person_is_written_to_at_the_pace_that_meta_allows(
    echo: Echo, ana: WhatsAppPerson, whatsapp: WhatsApp, clock: SetClock
) -> None:
    await ana.say("halo")
    chat = echo.events[0].chat
    for _ in range(44):
        await whatsapp.send(chat, Outbound("Pesan"))
    with pytest.raises(Throttled) as later:
        await whatsapp.send(chat, Outbound("Pesan"))
    assert 0 < later.value.retry_after <= 6
    clock.at += timedelta(seconds=later.value.retry_after)
    await whatsapp.send(chat, Outbound("Pesan"))
    assert len(ana.read) == 46


async def test_a_photo_arrives_byte_for_byte(
    echo: Echo, ana: WhatsAppPerson, api: FakeGraphApi
) -> None:
    data = bytes(range(256)) * 500
    await ana.send(ana.photo(data), ana.photo(b"%PDF", "document", filename="surat.pdf"))
    assert [file.data for file in echo.fetched] == [data, b"%PDF"]
    assert echo.fetched[1].name == "surat.pdf"
    assert set(api.asked) == {"graph.facebook.com", "lookaside.fbsbx.com"}


@pytest.mark.parametrize(
    ("told", "why", "final"),
    [
        ({"url": "https://127.0.0.1/x"}, "lost", True),
        ({"url": "http://lookaside.fbsbx.com/x"}, "lost", True),
        ({"url": None}, "lost", True),
        ({"sha256": "0" * 64}, "lost", False),
        ({"file_size": LARGEST_FILE + 1}, "too_big", True),
    ],
)
async def test_a_file_from_elsewhere_or_another_one_is_refused(
    echo: Echo,
    ana: WhatsAppPerson,
    api: FakeGraphApi,
    whatsapp: WhatsApp,
    told: dict[str, object],
    why: str,
    final: bool,
) -> None:
    await ana.send(ana.photo(b"x"))
    api.told, api.asked = told, []
    with pytest.raises(FetchFailed) as refused:
        await whatsapp.fetch(echo.events[0].media)
    assert (refused.value.why, refused.value.final) == (why, final)
    assert set(api.asked) <= {"graph.facebook.com", "lookaside.fbsbx.com"}


async def test_a_photo_that_is_too_large_or_gone_is_told(
    echo: Echo, ana: WhatsAppPerson, api: FakeGraphApi, whatsapp: WhatsApp
) -> None:
    await ana.send(ana.photo(b"x"))
    [key] = api.media
    api.media[key], api.told = b"x" * (LARGEST_FILE + 1), {"file_size": 1}
    with pytest.raises(FetchFailed, match="too_big"):
        await whatsapp.fetch(echo.events[0].media)
    del api.media[key]
    with pytest.raises((FetchFailed, Throttled)):
        await whatsapp.fetch(echo.events[0].media)


async def test_an_answer_that_never_came_is_uncertain(
    echo: Echo, ana: WhatsAppPerson, api: FakeGraphApi, whatsapp: WhatsApp
) -> None:
    await ana.say("halo")
    api.take_and_break()
    with pytest.raises(Uncertain):
        await whatsapp.send(echo.events[0].chat, Outbound("Pesan"))
    assert len(ana.read) == 2


async def test_another_number_of_the_business_is_not_ours(
    echo: Echo, ana: WhatsAppPerson, api: FakeGraphApi
) -> None:
    assert ACCOUNT != "another"
    assert await api.deliver(delivery(ana.text("halo"), account="another")) == 200
    assert echo.events == []


async def test_what_the_window_refuses_waits_behind_one_template(
    echo: Echo, ana: WhatsAppPerson, api: FakeGraphApi, whatsapp: WhatsApp, clock: SetClock
) -> None:
    await ana.say("halo")
    chat = echo.events[0].chat
    asking = Asking("jawaban_siap", "MND-G-0034", "KC-MANADO", "KC Manado")
    api.shut.add("ID.81")
    with pytest.raises(Parked) as parked:
        await whatsapp.send(chat, Outbound("Jawaban", asking=asking))
    sent = api.taken[-1]
    assert sent["template"]["name"] == "jawaban_siap" and sent["recipient"] == "ID.81"
    assert sent["template"]["components"][0]["parameters"][0]["text"] == "MND-G-0034"
    assert parked.value.template is not None and parked.value.template.reference == sent["id"]
    clock.at += timedelta(hours=24)
    api.fail(132001)
    with pytest.raises(Parked, match="template:132001"):
        await whatsapp.send(chat, Outbound("Jawaban", asking=asking))
    tried = len(api.taken)
    with pytest.raises(Parked):
        await whatsapp.send(chat, Outbound("Jawaban"))
    assert len(api.taken) == tried
