"""A conversation on Messenger: who is who, what is sent, and what trouble means."""

from datetime import timedelta
from typing import Any

import pytest

from bot.channels.messenger.channel import Messenger
from bot.runtime.messages import Outbound
from bot.runtime.ports import Failing, FetchFailed, Parked, Throttled, Uncertain, Unreachable
from data.instants import from_us, to_us
from data.store import SendResult, Store, TurnWrites
from flows.events import Contact, Edited, Opened, Press, Text, Unfit
from forms.choices import Option
from forms.fields import ContactCard
from services import windows
from tests.bot.channels.echo import LONG, OPTIONS, Echo
from tests.bot.channels.messenger_seat import LARGEST_FILE, messenger
from tests.desk import SetClock
from tests.fakes.messenger_page import FILES, PAGE, FakePage, MessengerPerson, delivery


async def test_what_is_typed_is_answered_in_a_chat_without_a_name(
    echo: Echo, ana: MessengerPerson, store: Store
) -> None:
    assert await ana.say("halo") == 200
    assert ana.texts == ["Anda menulis tebal: halo"]
    [event] = echo.events
    assert event.chat.startswith("messenger:")
    assert ana.id not in event.chat
    async with store.read() as tx:
        row = await tx.one("identity_of", chat=event.chat)
    assert row is not None
    assert from_us(row["heard_at"]).timestamp() * 1000 == ana.moment


async def test_everybody_keeps_a_chat_of_their_own(
    echo: Echo, ana: MessengerPerson, page: FakePage
) -> None:
    budi = MessengerPerson(page, "7100000082")
    for person in (ana, budi, ana):
        await person.say("halo")
    chats = [event.chat for event in echo.events]
    assert chats[0] == chats[2] != chats[1]
    assert len(budi.texts) == 1


async def test_a_message_that_is_delivered_twice_counts_once(
    echo: Echo, ana: MessengerPerson
) -> None:
    item = ana.message(text="halo")
    for _ in range(2):
        assert await ana.send(item) == 200
    assert echo.heard == [Text("halo")]
    assert len(ana.texts) == 1


async def test_who_has_not_the_secret_is_not_believed(
    echo: Echo, ana: MessengerPerson, page: FakePage
) -> None:
    assert await page.deliver(delivery(ana.message(text="halo")), secret="palsu") == 403
    assert echo.events == []


async def test_what_the_page_says_itself_is_not_heard(
    echo: Echo, ana: MessengerPerson, page: FakePage
) -> None:
    echoed = ana.message(text="Anda menulis", is_echo=True, app_id=1)
    own = {**ana.message(text="Anda menulis"), "sender": {"id": PAGE}}
    raw = delivery(echoed, own)
    raw["entry"].append({"id": PAGE, "time": 1, "standby": [ana.message(text="untuk yang lain")]})
    assert await page.deliver(raw) == 200
    assert echo.events == []


async def test_what_came_for_another_page_is_not_heard(
    echo: Echo, ana: MessengerPerson, page: FakePage
) -> None:
    assert await page.deliver(delivery(ana.message(text="halo"), page="99")) == 200
    assert echo.events == []


async def test_all_of_a_batch_is_heard_in_the_order_in_which_it_was_written(
    echo: Echo, ana: MessengerPerson, page: FakePage
) -> None:
    satu, dua, tiga = (ana.message(text=text) for text in ("satu", "dua", "tiga"))
    raw = delivery(tiga, satu)
    raw["entry"] += delivery(dua)["entry"]
    assert await page.deliver(raw) == 200
    assert echo.heard == [Text("satu"), Text("dua"), Text("tiga")]


async def test_a_later_message_ranks_behind_an_earlier_one(
    echo: Echo, ana: MessengerPerson
) -> None:
    satu, dua = ana.message(text="satu"), ana.message(text="dua")
    await ana.send(dua)
    await ana.send(satu)
    assert echo.events[0].rank > echo.events[1].rank


async def test_an_unreadable_item_holds_up_nobody(
    echo: Echo, ana: MessengerPerson, page: FakePage
) -> None:
    broken: list[Any] = [
        None,
        {"message": {"mid": "m"}},
        {**ana.message(text="x"), "timestamp": "gestern"},
        {**ana.message(text="x"), "sender": {"id": "../x"}},
        ana.message(text={"x": 1}),
    ]
    assert await page.deliver(delivery(*broken, ana.message(text="halo"))) == 200
    assert echo.heard == [Text("halo")]
    assert len(echo.dead) == len(broken)
    assert all(why.startswith("unreadable") for why in echo.dead)


async def test_a_link_opens_the_chat_for_a_service(echo: Echo, ana: MessengerPerson) -> None:
    referral = {"ref": "kc_manado_G", "source": "SHORTLINK", "type": "OPEN_THREAD"}
    await ana.send(ana.postback("GET_STARTED", "Mulai", referral=referral))
    await ana.send(ana.item(referral=referral))
    await ana.send(ana.postback("GET_STARTED", "Mulai"))
    assert echo.heard == [Opened("kc_manado_G"), Opened("kc_manado_G"), Opened("")]


async def test_the_own_number_is_sent_by_a_button(echo: Echo, ana: MessengerPerson) -> None:
    await ana.say("nomor")
    message = ana.read[-1]["message"]
    assert message["quick_replies"] == [{"content_type": "user_phone_number"}]
    phone = "+6281200000142"
    await ana.send(ana.message(text=phone, quick_reply={"payload": phone}))
    assert echo.heard[-1] == Contact(ContactCard(phone=phone, own=True))


async def test_buttons_of_either_kind_bring_value_and_question(
    echo: Echo, ana: MessengerPerson, channel: Messenger
) -> None:
    await ana.say("pilih")
    await ana.tap(2)
    assert echo.heard[-1] == Press("ubah", 1)
    many = tuple(Option(f"v{n}", f"Pilihan {n}") for n in range(13))
    await channel.send(echo.events[0].chat, Outbound("Yang mana?", many, 7, "choice"))
    assert ana.texts[-1].endswith("\n13. Pilihan 12")
    assert len(ana.offered) == 13
    await ana.tap(13)
    assert echo.heard[-1] == Press("v12", 7)


async def test_buttons_that_are_not_ours_say_what_stands_on_them(
    echo: Echo, ana: MessengerPerson
) -> None:
    await ana.send(ana.postback("PERSISTENT_MENU_1", "Status"))
    await ana.send(ana.message(text="Halo", quick_reply={"payload": "FAQ"}))
    assert echo.heard == [Text("Status"), Text("Halo")]


@pytest.mark.parametrize(
    ("kind", "why"),
    [("audio", "voice"), ("video", "video"), ("location", "location"), ("template", "other")],
)
async def test_attachments_that_no_form_takes_say_what_they_are(
    echo: Echo, ana: MessengerPerson, kind: str, why: str
) -> None:
    await ana.send(ana.message(attachments=[ana.attachment(kind)]))
    assert echo.heard == [Unfit(why)]


async def test_a_sticker_is_no_photo(echo: Echo, ana: MessengerPerson) -> None:
    sticker = ana.attachment("image")
    sticker["payload"]["sticker_id"] = 369239263222822
    await ana.send(ana.message(attachments=[sticker], sticker_id=369239263222822))
    assert echo.heard == [Unfit("sticker")]


async def test_a_shared_link_is_its_words(echo: Echo, ana: MessengerPerson) -> None:
    shown = {"type": "fallback", "payload": {"url": "https://x.example", "title": "x"}}
    await ana.send(ana.message(text="https://x.example", attachments=[shown]))
    assert echo.heard == [Text("https://x.example")]


async def test_what_asks_for_no_answer_gets_none(echo: Echo, ana: MessengerPerson) -> None:
    await ana.send(
        ana.item(reaction={"action": "react", "emoji": "x", "mid": "m"}),
        ana.message(is_deleted=True),
        ana.item(optin={"type": "one_time_notif_req"}),
    )
    assert echo.events == []
    await ana.send(ana.item(message_edit={"mid": "m", "text": "lain", "num_edit": 1}))
    assert echo.heard == [Edited()]


async def test_pictures_of_one_message_are_an_album(echo: Echo, ana: MessengerPerson) -> None:
    photos = [ana.attachment("image", b"satu"), ana.attachment("file", b"dua", "kk.pdf")]
    await ana.send(ana.message(attachments=photos))
    assert [media.data for media in echo.fetched] == [b"satu", b"dua"]
    assert echo.fetched[1].name.endswith("kk.pdf")
    assert len({media.album for media in echo.fetched}) == 1 and echo.fetched[0].album
    assert len({event.provider_id for event in echo.events}) == 2


@pytest.mark.parametrize("place", ["https://evil.example/x", "http://127.0.0.1:9/x", "file:///x"])
async def test_a_file_is_fetched_from_metas_hosts_only(
    channel: Messenger, page: FakePage, place: str
) -> None:
    with pytest.raises(FetchFailed):
        await channel.fetch(f'{{"url":"{place}"}}')
    assert page.asked == []


async def test_a_file_too_large_is_refused(channel: Messenger, page: FakePage) -> None:
    page.media["x"] = b"x" * (LARGEST_FILE + 1)
    with pytest.raises(FetchFailed) as refused:
        await channel.fetch(f'{{"url":"{FILES}x"}}')
    assert refused.value.why == "too_big"


async def test_a_long_text_goes_in_parts_of_two_thousand(echo: Echo, ana: MessengerPerson) -> None:
    await ana.say("panjang")
    assert " ".join(ana.texts) == LONG
    assert len(ana.texts) == 5


async def test_parts_of_a_long_text_that_were_taken_are_not_read_at_each_try(
    echo: Echo, ana: MessengerPerson, page: FakePage, channel: Messenger
) -> None:
    await ana.say("halo")
    long = Outbound(LONG, id=7)
    page.let_through()
    page.fail(2, 500, times=2)
    page.let_through()
    page.fail(2, 500)
    for _ in range(3):
        with pytest.raises(Failing):
            await channel.send(echo.events[0].chat, long)
    await channel.send(echo.events[0].chat, long)
    assert " ".join(ana.texts[1:]) == LONG


async def test_a_busy_store_is_told_to_meta(echo: Echo, ana: MessengerPerson) -> None:
    echo.busy = 1
    item = ana.message(text="halo")
    assert await ana.send(item) == 503
    assert await ana.send(item) == 200
    assert echo.heard == [Text("halo")]


async def test_outside_the_window_a_message_is_parked(
    echo: Echo, ana: MessengerPerson, channel: Messenger, clock: SetClock, page: FakePage
) -> None:
    await ana.say("halo")
    chat = echo.events[0].chat
    clock.at += timedelta(hours=24)
    with pytest.raises(Parked):
        await channel.send(chat, Outbound("Selesai."))
    assert len(page.taken) == 1
    ana.moment = int(clock.at.timestamp() * 1000)
    await ana.say("ada kabar?")
    await channel.send(chat, Outbound("Selesai."))
    assert ana.texts[-1] == "Selesai."


async def test_a_window_that_only_meta_knows_shut_parks_and_is_known_shut_from_then_on(
    echo: Echo,
    ana: MessengerPerson,
    channel: Messenger,
    page: FakePage,
    store: Store,
    clock: SetClock,
) -> None:
    await ana.say("halo")
    chat = echo.events[0].chat
    page.shut.add(ana.id)
    with pytest.raises(Parked) as parked:
        await channel.send(chat, Outbound("Selesai."))

    async with store.read() as tx:
        window = await windows.window_of(tx, chat)
    assert window is not None and not window.is_open(clock.now())
    assert parked.value.heard == window.heard, "else it would be tried again at once"
    page.shut.clear()
    with pytest.raises(Parked):
        await channel.send(chat, Outbound("Selesai."))
    ana.moment = int(clock.at.timestamp() * 1000)
    await ana.say("ada kabar?")
    await channel.send(chat, Outbound("Selesai."))
    assert ana.texts[-1] == "Selesai."


async def test_trouble_says_whether_another_try_helps(
    echo: Echo, ana: MessengerPerson, channel: Messenger, page: FakePage
) -> None:
    await ana.say("halo")
    chat = echo.events[0].chat
    page.fail(613)
    with pytest.raises(Throttled):
        await channel.send(chat, Outbound("x"))
    page.take_and_break()
    with pytest.raises(Uncertain):
        await channel.send(chat, Outbound("x"))
    page.strangers.add(ana.id)
    with pytest.raises(Unreachable, match="unknown_person"):
        await channel.send(chat, Outbound("x"))
    with pytest.raises(Unreachable):
        await channel.send("messenger:nobody", Outbound("x"))


async def test_what_may_not_be_shown_is_numbered_instead(
    echo: Echo, ana: MessengerPerson, channel: Messenger, page: FakePage
) -> None:
    await ana.say("halo")
    page.fail(100)
    await channel.send(echo.events[0].chat, Outbound("Benar?", OPTIONS, 3, "choice"))
    assert ana.texts[-1] == "Benar?\n1. Ya, benar  2. Ubah  0. Kembali"


async def test_a_first_chat_has_its_button_once_the_page_answers(
    page: FakePage, store: Store, clock: SetClock
) -> None:
    pauses = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    channel = messenger(page, store, clock, pause=pause)
    page.fail(2, 500, times=2)
    await channel.run(Echo())
    await channel.aclose()
    assert page.profile[-1] == {"get_started": {"payload": "GET_STARTED"}}
    assert pauses == [1.0, 2.0]


async def test_receipts_are_kept_and_never_go_back(
    echo: Echo, ana: MessengerPerson, store: Store, clock: SetClock
) -> None:
    await ana.say("halo")
    [event] = echo.events
    now = to_us(clock.now())
    await store.ingest([event])

    async def turn(tx: object, head: object) -> TurnWrites:
        return TurnWrites(session=b"{}", outbox=[b'{"text":"x"}', b'{"text":"y"}'])

    await store.turns(turn, now=now, limit=9, attempts=1)
    await store.heartbeat("uji", now)
    sent = []
    for mid in ("m_1", "m_2"):
        [sending] = await store.claim_sends(owner="uji", now=now, limit=9)
        await store.sent("uji", [SendResult(sending.id, "sent", mid, ended_at=now)])
        sent.append(sending.id)

    async def states() -> list[str | None]:
        async with store.read() as tx:
            rows = [await tx.one("delivery_recipient", chat=event.chat, row=row) for row in sent]
        return [row and row["state"] for row in rows]

    watermark = int(clock.at.timestamp() * 1000)
    await ana.send(ana.item(delivery={"mids": ["m_1", "m_x"], "watermark": watermark}))
    assert await states() == ["delivered", None]
    await ana.send(ana.item(read={"watermark": watermark}))
    await ana.send(ana.item(delivery={"mids": ["m_1"], "watermark": watermark}))
    assert await states() == ["read", "read"]
