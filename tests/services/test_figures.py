"""Figures follow the audit: open minutes, medians of values that occurred, what waits."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from data import statements
from data.instants import to_us
from services import (
    conversation,
    corrections,
    endings,
    figures,
    figures_keeping,
    queue,
    reopening,
    unsent,
)
from services.corrections import Part
from services.figure_sums import Spread, spread
from services.figures import Figures
from services.refusals import NotFound
from tests.desk import ADMIN, BENNY, CALENDAR, DIMAS, HENKY, MANADO, RINA, RULES, TONDANO, Desk

MINUTE = timedelta(minutes=1)


async def shown(desk: Desk, branch: str = "KC-MANADO") -> Figures:
    await figures_keeping.follow(desk.store, CALENDAR)
    until = to_us(desk.clock.at) + 1
    async with desk.store.read() as tx:
        return await figures.of_branch(
            tx, BENNY, branch, since=until - 30 * 86_400_000_000, until=until, zone=MANADO.zone
        )


async def serve(desk: Desk, *, wait: int, answer: int, handle: int) -> str:
    """One request from its filing to its end, so many minutes after each other."""
    ticket = await desk.file()
    desk.clock.at += wait * MINUTE
    await desk.claim(RINA, ticket.number)
    desk.clock.at += answer * MINUTE
    await desk.do(conversation.reply, RINA, ticket.number, "Baik.", rules=RULES)
    desk.clock.at += handle * MINUTE
    await desk.do(endings.finish, RINA, ticket.number, outcome="Sudah.")
    return ticket.number


async def test_a_request_is_measured_from_step_to_step(desk: Desk) -> None:
    await serve(desk, wait=7, answer=3, handle=5)
    seen = await shown(desk)

    assert seen.total.ended == seen.total.done == 1
    assert seen.total.wait == Spread(1, 7, 7)
    assert seen.total.response == Spread(1, 10, 10)
    assert seen.total.handling == Spread(1, 8, 8)
    assert [line.name for line in seen.services] == ["G"]
    assert [line.name for line in seen.officers] == ["rina"]
    assert [(line.name, line.wait.middle) for line in seen.at_hours] == [("10", 7)]
    assert seen.hours[0][10] == 1
    assert sum(seen.filed.values()) == sum(seen.ended.values()) == 1


async def test_minutes_are_those_in_which_the_branch_is_open(desk: Desk) -> None:
    ticket = await desk.file()
    desk.clock.at += timedelta(days=1)  # Monday 10.00 to Tuesday 10.00: seven hours, then two
    await desk.claim(RINA, ticket.number)
    await desk.do(endings.finish, RINA, ticket.number, outcome="Sudah.")

    assert (await shown(desk)).total.wait.middle == 9 * 60


async def test_a_second_claim_does_not_shorten_the_wait_but_the_handling(desk: Desk) -> None:
    ticket = await desk.file()
    desk.clock.at += 4 * MINUTE
    await desk.claim(RINA, ticket.number)
    await desk.do(queue.release, RINA, ticket.number)
    desk.clock.at += 20 * MINUTE
    await desk.claim(DIMAS, ticket.number)
    desk.clock.at += 6 * MINUTE
    await desk.do(endings.refuse, DIMAS, ticket.number, reason="Belum waktunya", calendar=CALENDAR)
    seen = await shown(desk)

    assert seen.total.wait.middle == 4
    assert seen.total.handling.middle == 6
    assert seen.total.refused == 1
    assert [line.name for line in seen.officers] == ["dimas"]


async def test_corrections_are_counted_once_however_often_figures_are_kept(desk: Desk) -> None:
    ticket = await desk.file()
    await desk.claim(RINA, ticket.number)
    await desk.do(
        corrections.ask_correction, RINA, ticket.number, parts=[Part("nik", "Kabur")], rules=RULES
    )
    await figures_keeping.follow(desk.store, CALENDAR)
    await desk.do(queue.release, RINA, ticket.number)
    for _ in range(2):
        await figures_keeping.follow(desk.store, CALENDAR)
    await desk.claim(RINA, ticket.number)
    await desk.do(endings.finish, RINA, ticket.number, outcome="Sudah.")

    assert (await shown(desk)).total.corrections == 1


async def test_a_reopened_request_has_not_ended(desk: Desk) -> None:
    number = await serve(desk, wait=1, answer=1, handle=1)
    assert (await shown(desk)).total.ended == 1

    await desk.do(reopening.reopen, BENNY, number, reason="Keliru", calendar=CALENDAR)

    assert (await shown(desk)).total.ended == 0


async def test_a_transferred_request_counts_where_it_ends(desk: Desk) -> None:
    ticket = await desk.file()
    reason = {"to": TONDANO, "reason": "Alamat"}
    await desk.do(queue.transfer, RINA, ticket.number, calendar=CALENDAR, **reason)
    await desk.claim(HENKY, ticket.number)
    await desk.do(endings.finish, HENKY, ticket.number, outcome="Sudah.")
    await figures_keeping.follow(desk.store, CALENDAR)
    async with desk.store.read() as tx:
        found = await figures.of_branches(
            tx, ADMIN, since=0, until=to_us(desk.clock.at) + 1, at=desk.clock.at
        )

    assert {one.branch: one.ended for one in found} == {"KC-TONDANO": 1}


UNDONE: dict[str, tuple[Any, dict[str, Any]]] = {
    "replied": (conversation.reply, {"text": "Baik.", "rules": RULES}),
    "correction": (
        corrections.ask_correction,
        {"parts": [Part("nik", "Kabur")], "rules": RULES},
    ),
    "finished": (endings.finish, {"outcome": "Sudah."}),
    "refused": (endings.refuse, {"reason": "Belum waktunya", "calendar": CALENDAR}),
    "transferred": (queue.transfer, {"to": TONDANO, "reason": "Alamat", "calendar": CALENDAR}),
}


@pytest.mark.parametrize("following", [True, False], ids=["running", "made anew"])
@pytest.mark.parametrize("action", UNDONE)
async def test_figures_keep_nothing_of_what_was_taken_back(
    desk: Desk, action: str, following: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = "postgres" if "Postgres" in type(desk.store).__name__ else "sqlite"
    known = statements.load(engine)
    every = replace(known["audit_newest"], sql="SELECT * FROM figure")
    monkeypatch.setitem(known, "figure_all", every)
    verb, values = UNDONE[action]
    ticket = await desk.file()
    await desk.claim(RINA, ticket.number)
    await figures_keeping.follow(desk.store, CALENDAR)
    [before] = await desk.all("figure_all")
    desk.clock.at += 2 * MINUTE
    await desk.do(verb, RINA, ticket.number, wait=MINUTE, **values)
    if following:
        await figures_keeping.follow(desk.store, CALENDAR)
        assert await desk.all("figure_all") != [before]
    await desk.do(unsent.take_back, RINA, ticket.number)
    await figures_keeping.follow(desk.store, CALENDAR)

    assert await desk.all("figure_all") == [before]


async def test_a_long_chain_is_counted_in_stretches(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for minutes in (1, 2, 3):
        await serve(desk, wait=minutes, answer=1, handle=1)
    monkeypatch.setattr(figures_keeping, "STRETCH", 2)
    seen = await shown(desk)

    assert seen.total.ended == 3
    assert seen.total.wait == Spread(3, 2, 3)


async def test_what_waits_now_is_told_by_service(desk: Desk) -> None:
    await desk.file()
    await desk.file(service="E")
    await desk.claim(RINA, (await desk.file()).number)
    async with desk.store.read() as tx:
        now = await figures.now(tx, BENNY, "KC-MANADO", desk.clock.at)
        later = await figures.now(tx, BENNY, "KC-MANADO", desk.clock.at + timedelta(days=9))

    assert {(one.service, one.waiting) for one in now.waiting} == {("G", 1), ("E", 1)}
    assert (now.count, now.held, now.late) == (2, 1, 0)
    assert later.late == 2


async def test_figures_of_another_branch_are_not_there(desk: Desk) -> None:
    async with desk.store.read() as tx:
        for officer, branch in ((HENKY, "KC-MANADO"), (RINA, "KC-MANADO")):
            with pytest.raises(NotFound):
                await figures.of_branch(tx, officer, branch, since=0, until=1, zone=MANADO.zone)
            with pytest.raises(NotFound):
                await figures.now(tx, officer, branch, desk.clock.at)
        seen = await figures.of_branches(tx, HENKY, since=0, until=1, at=desk.clock.at)
    assert seen == []


async def test_several_branches_have_medians_like_one(desk: Desk) -> None:
    for minutes in (1, 5, 2, 9, 4):
        await serve(desk, wait=minutes, answer=1, handle=minutes)
    alone = (await shown(desk)).total
    async with desk.store.read() as tx:
        [line] = await figures.of_branches(
            tx, ADMIN, since=0, until=to_us(desk.clock.at) + 1, at=desk.clock.at
        )

    assert (line.wait, line.wait_longest) == (alone.wait.middle, alone.wait.longest)
    assert line.handling == alone.handling.middle


@given(st.lists(st.integers(0, 500), min_size=1))
def test_the_middle_and_the_tenth_longest_are_values_that_occurred(values: list[int]) -> None:
    found = spread(values)

    assert found.middle in values
    assert found.longest in values
    assert found.middle is not None
    assert found.longest is not None
    assert sum(value <= found.middle for value in values) * 2 >= len(values)
    assert sum(value < found.middle for value in values) * 2 < len(values)
    assert sum(value <= found.longest for value in values) * 10 >= 9 * len(values)
    assert sum(value < found.longest for value in values) * 10 < 9 * len(values)
