"""The officers' bot in the store, on both engines: links, alerts, and lists within scope."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from data.instants import from_us, to_us
from services import staff_alerts, staff_links
from services.refusals import NotFound, Refused
from services.staff_alerts import News
from tests.desk import ADMIN, CALENDAR, DIMAS, RINA, SARI, TONDANO, Desk
from tests.scope import take_scope_away

LASTS = timedelta(minutes=10)
NEAR = timedelta(minutes=60)


async def link(desk: Desk, officer: staff_links.Officer, chat: str) -> None:
    code = await desk.do(staff_links.make_code, officer, lasts=LASTS)
    assert await desk.do(staff_links.use_code, chat, code) == officer


async def news(desk: Desk) -> Sequence[News]:
    async with desk.store.read() as tx:
        return await staff_alerts.news(tx, now=desk.clock.at, calendar=CALENDAR, near=NEAR)


async def test_a_code_counts_once_and_in_time(desk: Desk) -> None:
    first = await desk.do(staff_links.make_code, RINA, lasts=LASTS)
    await desk.do(staff_links.use_code, "staff:1", first)
    for code in (first, "", "AAAAAAAAAA"):
        with pytest.raises(Refused, match=r"staf\.kode_salah"):
            await desk.do(staff_links.use_code, "staff:2", code)

    late = await desk.do(staff_links.make_code, RINA, lasts=LASTS)
    desk.clock.at += LASTS
    with pytest.raises(Refused, match=r"staf\.kode_salah"):
        await desk.do(staff_links.use_code, "staff:2", late)


async def test_a_chat_and_an_officer_belong_together_one_to_one(desk: Desk) -> None:
    await link(desk, RINA, "staff:1")
    await link(desk, RINA, "staff:2")
    await link(desk, DIMAS, "staff:2")
    async with desk.store.read() as tx:
        assert await staff_links.who(tx, "staff:2") == DIMAS
        assert await staff_links.link_of(tx, RINA) is None
        with pytest.raises(NotFound):
            await staff_links.who(tx, "staff:1")


async def test_alerts_are_for_who_serves_the_branch(desk: Desk) -> None:
    await link(desk, RINA, "staff:1")
    await link(desk, SARI, "staff:2")
    await link(desk, ADMIN, "staff:3")
    here, there = await desk.file(urgent=True), await desk.file(branch=TONDANO, urgent=True)

    found = {one.officer: one.numbers for one in await news(desk) if one.kind == "urgent"}
    assert found == {"rina": (here.number,), "sari": (there.number,)}
    await desk.store.write(lambda tx: staff_links.switch(tx, ADMIN, "urgent", on=True))
    found = {one.officer: set(one.numbers) for one in await news(desk) if one.kind == "urgent"}
    assert found["pusat"] == {here.number, there.number}


async def test_what_was_told_is_not_news(desk: Desk) -> None:
    await link(desk, RINA, "staff:1")
    await desk.file(urgent=True)
    found = await news(desk)
    await desk.do(staff_alerts.tell, found)
    await desk.do(staff_alerts.tell, found)
    assert await news(desk) == []
    assert len(await desk.all("staff_waiting", viewer="rina", limit=9)) == 1


async def test_a_deadline_that_moves_is_told_again(desk: Desk) -> None:
    await link(desk, RINA, "staff:1")
    number = (await desk.file()).number
    due = (await desk.request(number)).due_at
    desk.clock.at = from_us(due) - timedelta(minutes=5)
    [near] = await news(desk)
    assert (near.kind, near.things) == ("near", (f"{number}/{due}",))
    await desk.do(staff_alerts.tell, [near])
    assert await news(desk) == []

    later = to_us(desk.clock.at + timedelta(minutes=30))
    request = await desk.request(number)
    await desk.store.write(lambda tx: tx.run("request_due", id=request.id, due_at=later))
    assert [one.things for one in await news(desk)] == [(f"{number}/{later}",)]


async def seen(desk: Desk) -> tuple[int, list[str], list[str]]:
    """What Rina's telephone shows: how many wait, which, and what is in hand."""
    [counts] = await desk.all("staff_counts", viewer="rina", now=to_us(desk.clock.at))
    waiting, mine = [
        [row["number"] for row in await desk.all(statement, viewer="rina", limit=9)]
        for statement in ("staff_waiting", "staff_mine")
    ]
    return counts["waiting"], waiting, mine


async def test_lists_and_counts_stay_within_scope(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = await desk.file(), await desk.file(branch=TONDANO)
    await desk.claim(RINA, here.number)
    assert await seen(desk) == (0, [], [here.number])

    take_scope_away(desk.store, monkeypatch)
    assert await seen(desk) == (1, [there.number], [here.number])
