"""Windows on either engine: how long they stay open, and the queue in their order."""

from datetime import timedelta

import pytest

from bot.console.queue_view import View
from services import board, identities, windows
from services.board import Filter
from tests.desk import MONDAY_TEN, RINA, SARI, Desk

DAY = timedelta(hours=24)


async def somebody(desk: Desk, ago: timedelta, channel: str = "whatsapp") -> str:
    """The chat of a person who wrote *ago*."""
    at = desk.clock.at - ago
    desk.filed += 1
    names = [f"bsuid:ID.{desk.filed}"]
    chat = await desk.do(identities.chat_of, channel, names)
    await desk.store.write(lambda tx: identities.heard(tx, chat, at))
    return chat


async def by_windows(desk: Desk, which: str, **narrow: object) -> list[str]:
    wanted = Filter(heard_after=_us(desk), **narrow)  # type: ignore[arg-type]
    async with desk.store.read() as tx:
        found = await board.page(tx, RINA, "KC-MANADO", which, wanted)
    return [row["number"] for row in found.rows]


def _us(desk: Desk) -> int:
    return int((desk.clock.at - DAY).timestamp() * 1_000_000)


async def test_a_network_without_a_rule_has_no_window(desk: Desk) -> None:
    async with desk.store.read() as tx:
        assert await windows.window_of(tx, "telegram:1") is None


async def test_who_never_wrote_has_a_shut_window(desk: Desk) -> None:
    async with desk.store.read() as tx:
        window = await windows.window_of(tx, "whatsapp:nobody")
    assert window is not None
    assert not window.is_open(MONDAY_TEN)
    assert not window.asked


@pytest.mark.parametrize("channel", ["whatsapp", "messenger"])
async def test_a_window_is_open_for_a_day_after_the_last_word(desk: Desk, channel: str) -> None:
    chat = await somebody(desk, timedelta(), channel)
    async with desk.store.read() as tx:
        window = await windows.window_of(tx, chat)
    assert window is not None
    assert window.left(MONDAY_TEN) == DAY
    assert window.is_open(MONDAY_TEN + DAY - timedelta(microseconds=1))
    assert not window.is_open(MONDAY_TEN + DAY)


async def test_the_queue_goes_by_when_windows_shut_and_the_shut_come_last(desk: Desk) -> None:
    shut = await desk.file(chat=await somebody(desk, timedelta(days=2)))
    fresh = await desk.file(chat=await somebody(desk, timedelta(hours=1)))
    web = await desk.file(chat="web:ana")
    soon = await desk.file(chat=await somebody(desk, timedelta(hours=23)))
    urgent = await desk.file(chat="web:budi", urgent=True)

    found = await by_windows(desk, "menunggu")

    order = [urgent, soon, fresh, shut, web]
    assert found == [ticket.number for ticket in order]
    assert await by_windows(desk, "menunggu", channel="web") == [urgent.number, web.number]


@pytest.mark.parametrize("which", ["menunggu", "saya"])
async def test_without_an_open_window_the_deadline_decides(desk: Desk, which: str) -> None:
    later = await desk.file(chat="web:ana", service="A")
    sooner = await desk.file(chat="web:budi", service="G")
    due = {}
    for ticket in (later, sooner):
        async with desk.store.read() as tx:
            row = await tx.one("request_by_number", number=ticket.number)
        assert row is not None
        due[ticket.number] = row["due_at"]
        if which == "saya":
            await desk.claim(RINA, ticket.number)
    assert due[sooner.number] < due[later.number], "the services of this test need other deadlines"

    assert await by_windows(desk, which) == [sooner.number, later.number]


async def test_what_an_officer_holds_goes_by_windows_too(desk: Desk) -> None:
    fresh = await desk.file(chat=await somebody(desk, timedelta(hours=1)))
    soon = await desk.file(chat=await somebody(desk, timedelta(hours=23)))
    for ticket in (fresh, soon):
        await desk.claim(RINA, ticket.number)

    assert await by_windows(desk, "saya") == [soon.number, fresh.number]


async def test_pages_by_windows_leave_nothing_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(board, "PAGE", 2)
    hours = (5, 3, 30, 4, 40)
    filed = [await desk.file(chat=await somebody(desk, timedelta(hours=ago))) for ago in hours]
    seen, key = [], None
    for _ in range(3):
        async with desk.store.read() as tx:
            wanted = Filter(heard_after=_us(desk))
            found = await board.page(tx, RINA, "KC-MANADO", "menunggu", wanted, key)
        seen += [row["number"] for row in found.rows]
        # as the address of the next page carries it
        key = View(sesudah=".".join(map(str, found.behind or ("",)))).key

    assert key is None
    assert seen == [filed[n].number for n in (0, 3, 1, 2, 4)]


async def test_another_branch_is_not_shown(desk: Desk) -> None:
    await desk.file(chat=await somebody(desk, timedelta(hours=1)))
    wanted = Filter(heard_after=_us(desk))
    async with desk.store.read() as tx:
        assert not (await board.page(tx, SARI, "KC-TONDANO", "menunggu", wanted)).rows
