"""How far messages came: receipts that come late, twice, in any order, and for others."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from data.instants import to_us
from data.opening import open_store
from data.store import (
    NEVER,
    NewEvent,
    Parking,
    SendResult,
    Store,
    TemplateUse,
    TurnWrites,
    Tx,
)
from services import deliveries, identities, windows
from services.deliveries import tag_of, template_tag_of
from services.windows import Window
from tests.stores import postgres_store, sqlite_store

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgres"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    if request.param == "sqlite":
        found = open_store(await sqlite_store(tmp_path / "store.db"))
        await found.open()
        yield found
        await found.close()
        return
    async with postgres_store() as url:
        found = open_store(url)
        await found.open()
        yield found
        await found.close()


class Message:
    """A message that is being sent, as the outbox has it."""

    def __init__(self, store: Store, chat: str, row: int) -> None:
        self.store, self.chat, self.row = store, chat, row

    async def ended(self, status: str, reference: str = "", not_before: int = 0) -> None:
        result = SendResult(self.row, status, provider_ref=reference, not_before=not_before)
        await self.store.sent("me", [result])

    async def told(self, state: str, reference: str = "wamid.1", **more: Any) -> None:
        tag = more.pop("tag", tag_of(self.chat, self.row))
        how = {"at": NOW, "reference": reference, **more}
        await self.store.write(lambda tx: deliveries.told(tx, tag, state, **how))

    async def arrived(self) -> bool:
        async with self.store.read() as tx:
            return (await deliveries.recipient(tx, self.chat, self.row)).arrived

    async def due(self) -> int | None:
        return await self.store.next_send_due(["whatsapp"])

    async def sent_again(self) -> bool:
        again = await self.store.claim_sends(owner="me", now=to_us(NOW), limit=9)
        return [one.id for one in again] == [self.row]


@pytest.fixture
async def message(store: Store) -> Message:
    known = partial(identities.chat_of, channel="whatsapp", names=["bsuid:ID.1"], now=NOW)
    chat = await store.write(known)
    await store.write(lambda tx: identities.heard(tx, chat, NOW))
    event = NewEvent("whatsapp", "wamid.in", chat, b"{}", to_us(NOW), to_us(NOW))

    async def turn(tx: Tx, head: Any) -> TurnWrites:
        return TurnWrites(session=b"{}", outbox=[b"{}"])

    await store.heartbeat("me", to_us(NOW))
    await store.receive([event], turn, now=to_us(NOW), attempts=3)
    [outgoing] = await store.claim_sends(owner="me", now=to_us(NOW), limit=9)
    return Message(store, chat, outgoing.id)


@pytest.mark.parametrize("order", ["sent delivered read", "read sent delivered read"])
async def test_in_whatever_order_receipts_come_the_furthest_counts(
    message: Message, order: str
) -> None:
    await message.ended("sent", "wamid.1")
    for state in order.split():
        await message.told(state)
    assert await message.arrived()
    async with message.store.read() as tx:
        row = await tx.one("delivery_recipient", chat=message.chat, row=message.row)
    assert row is not None and row["state"] == "read"


async def test_a_receipt_may_come_before_the_answer(message: Message) -> None:
    await message.told("delivered")
    await message.ended("retry")
    assert await message.arrived()


async def test_what_nobody_knew_the_end_of_has_arrived(message: Message) -> None:
    await message.ended("unknown")
    await message.told("sent")
    assert await message.due() is None
    assert await message.arrived()


async def test_what_arrived_after_all_is_not_tried_again(message: Message) -> None:
    await message.ended("retry", not_before=to_us(NOW))
    assert await message.due() == to_us(NOW)
    await message.told("sent")
    assert await message.due() is None


async def test_what_failed_has_not_arrived(message: Message) -> None:
    await message.ended("unknown")
    await message.told("failed", reason="undeliverable")
    assert not await message.arrived()
    await message.told("delivered")
    assert await message.arrived()


@pytest.mark.parametrize(
    "tag", ["", "x", "whatsapp:other/1", "whatsapp:other/99999999999999999999", "a/b"]
)
async def test_a_receipt_of_something_else_changes_nothing(message: Message, tag: str) -> None:
    await message.ended("retry", not_before=to_us(NOW))
    await message.told("sent", tag=tag)
    assert await message.due() == to_us(NOW)
    assert not await message.arrived()


SHUT_AT = NOW + timedelta(hours=20)
"""Before our own clock says that the window is shut."""


HOUR = timedelta(hours=1)


async def window_of(message: Message) -> Window:
    async with message.store.read() as tx:
        window = await windows.window_of(tx, message.chat)
    assert window is not None
    return window


@pytest.mark.parametrize("ended", ["sent", "unknown", ""])
async def test_what_the_window_refused_later_is_tried_again_and_the_window_is_shut(
    message: Message, ended: str
) -> None:
    if ended:
        await message.ended(ended, "wamid.1" if ended == "sent" else "")
    await message.told("sent")
    await message.told("failed", reason="window_closed", at=SHUT_AT)

    assert not await message.arrived()
    assert not (await window_of(message)).is_open(SHUT_AT)
    assert await message.sent_again()
    await message.ended("sent", "wamid.2")
    await message.told("failed", reason="window_closed", at=SHUT_AT)  # the old one once more
    assert not await message.sent_again()


@pytest.mark.parametrize("late", ["sent", "window_closed"])
@pytest.mark.parametrize("now", ["waits", "is being sent", "is unknown"])
async def test_late_words_of_the_sending_that_was_refused_are_not_about_the_next(
    message: Message, now: str, late: str
) -> None:
    await message.ended("sent", "wamid.1")
    await message.told("failed", reason="window_closed", at=SHUT_AT)
    if now != "waits":
        assert await message.sent_again()
    if now == "is unknown":
        await message.ended("unknown")
    if late == "sent":
        await message.told("sent")
    else:
        await message.told("failed", reason=late, at=SHUT_AT)

    assert not await message.arrived()
    assert await message.sent_again() == (now == "waits")
    await message.ended("unknown")
    await message.told("delivered", "wamid.2")
    assert await message.arrived()


async def test_who_wrote_since_has_an_open_window(message: Message) -> None:
    later = SHUT_AT + timedelta(seconds=5)
    await message.ended("sent", "wamid.1")
    await message.store.write(lambda tx: identities.heard(tx, message.chat, later))
    await message.told("failed", reason="window_closed", at=SHUT_AT)

    assert (await window_of(message)).is_open(later + timedelta(hours=23))
    assert await message.sent_again()


async def asked_by_template(message: Message, reference: str) -> None:
    """The message is parked behind a template that its network calls so."""
    heard = (await window_of(message)).heard
    used = TemplateUse("jawaban_siap", "KC-MANADO", reference, to_us(NOW))
    parking = Parking(message.chat, heard, used)
    await message.store.sent(
        "me", [SendResult(message.row, "retry", not_before=NEVER, parking=parking)]
    )


async def failed_templates(message: Message) -> int:
    async with message.store.read() as tx:
        row = await tx.one("system_queue", now=0, since=0)
    assert row is not None
    return int(row["templates_failed"])


@pytest.mark.parametrize("reference", ["wamid.t", ""])
@pytest.mark.parametrize("early", [True, False])
async def test_what_is_told_of_a_template_counts_however_early_and_under_whatever_name(
    message: Message, early: bool, reference: str
) -> None:
    tag = template_tag_of(message.chat, message.row)
    if not early:
        await asked_by_template(message, reference)
    await message.told("failed", "wamid.t", tag=tag, reason="undeliverable")
    await message.told("sent", "wamid.t", tag=tag)
    if early:
        await asked_by_template(message, reference)

    assert await failed_templates(message) == 1
    assert not await message.arrived(), "the template came so far, not the message behind it"


async def test_what_is_told_of_another_template_changes_nothing(message: Message) -> None:
    for chat, row in ((message.chat, message.row + 1), ("whatsapp:other", message.row)):
        await message.told("failed", "wamid.t", tag=template_tag_of(chat, row), reason="x")
    await message.told("failed", "wamid.x", tag=template_tag_of(message.chat, message.row))
    await asked_by_template(message, "wamid.t")
    await message.told("failed", "wamid.y", tag=template_tag_of(message.chat, message.row))

    assert await failed_templates(message) == 0


async def test_what_was_told_of_a_template_that_was_never_noted_is_forgotten(
    message: Message,
) -> None:
    tag = template_tag_of(message.chat, message.row)
    await message.told("failed", "wamid.t", tag=tag)
    await message.told("failed", "wamid.u", tag=tag, at=NOW + deliveries.KEPT + HOUR)
    await asked_by_template(message, "wamid.t")

    assert await failed_templates(message) == 0


@pytest.mark.parametrize(("after", "asked"), [(timedelta(hours=-1), False), (HOUR, True)])
async def test_only_a_template_that_was_not_answered_still_asks_when_the_window_is_shut(
    message: Message, after: timedelta, asked: bool
) -> None:
    at = to_us(NOW + after)
    await message.store.write(lambda tx: tx.run("identity_asked", chat=message.chat, at=at))
    await message.told("failed", reason="window_closed", at=SHUT_AT)

    window = await window_of(message)
    assert not window.is_open(SHUT_AT)
    assert window.asked is asked


@pytest.mark.parametrize("meanwhile", [False, True])
async def test_a_window_is_shut_as_it_was_seen_and_not_to_who_wrote_meanwhile(
    message: Message, meanwhile: bool
) -> None:
    seen, chat = await window_of(message), message.chat
    if meanwhile:  # by a clock that counts in seconds, so that it may say less than ours
        await message.store.write(lambda tx: identities.heard(tx, chat, NOW + HOUR))
    at = NOW + HOUR + timedelta(milliseconds=900)
    await message.store.write(lambda tx: windows.shut(tx, chat, at, seen=seen.heard))

    assert (await window_of(message)).is_open(at) is meanwhile


async def test_who_is_written_to_by_which_name(store: Store, message: Message) -> None:
    async with store.read() as tx:
        known = await deliveries.recipient(tx, message.chat, message.row)
        nobody = await deliveries.recipient(tx, "whatsapp:nobody", 1)
    assert (known.named("bsuid"), known.named("wa")) == ("ID.1", "")
    assert nobody.names == () and not nobody.arrived
