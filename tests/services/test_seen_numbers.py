"""Trail, reports and the system: the verbs themselves refuse whom they are not for."""

import pytest

from services import exports, system, trail
from services.exports import Wanted
from services.officers import Officer
from services.refusals import NotFound
from services.trail import Search
from tests.desk import ADMIN, BENNY, HENKY, RINA, TIO, WATI, Desk

ALWAYS = 10**17


@pytest.mark.parametrize(
    ("officer", "branch"),
    [(RINA, "KC-MANADO"), (RINA, ""), (HENKY, "KC-MANADO"), (WATI, "KC-MAKASSAR")],
    ids=lambda one: getattr(one, "id", one),
)
async def test_the_trail_is_searched_and_taken_within_right_and_scope(
    desk: Desk, officer: Officer, branch: str
) -> None:
    search = Search(0, ALWAYS, branch=branch)
    async with desk.store.read() as tx:
        with pytest.raises(NotFound):
            await trail.find(tx, officer, search)
    with pytest.raises(NotFound):
        await desk.do(trail.take, officer, search)
    assert "trail_exported" not in await desk.trail(officer.id)


async def test_without_a_branch_everybody_finds_the_own_ones_only(desk: Desk) -> None:
    await desk.file()
    async with desk.store.read() as tx:
        found = {
            officer.id: {row["branch"] for row in await trail.find(tx, officer, Search(0, ALWAYS))}
            for officer in (BENNY, HENKY, TIO)
        }

    assert found["benny"] == {"KC-MANADO"}
    assert found["henky"] == {"KC-TONDANO"}
    assert {"", "KC-MANADO", "KC-TONDANO"} <= found["tio"]


@pytest.mark.parametrize("officer", [RINA, BENNY, WATI, TIO], ids=lambda one: one.role)
async def test_the_system_is_shown_to_head_office_only(desk: Desk, officer: Officer) -> None:
    async with desk.store.read() as tx:
        with pytest.raises(NotFound):
            await system.look(tx, officer, desk.clock.at)
        with pytest.raises(NotFound):
            await system.crowd(tx, officer, lambda session: [], desk.clock.at)
        assert (await system.look(tx, ADMIN, desk.clock.at)).dead == 0


@pytest.mark.parametrize(
    ("officer", "branch"), [(RINA, "KC-MANADO"), (HENKY, "KC-MANADO")], ids=["right", "scope"]
)
async def test_reports_are_counted_and_taken_within_right_and_scope(
    desk: Desk, officer: Officer, branch: str
) -> None:
    await desk.file()
    wanted = Wanted(0, ALWAYS, branch)
    async with desk.store.read() as tx:
        with pytest.raises(NotFound):
            await exports.count(tx, officer, wanted)
    with pytest.raises(NotFound):
        await desk.do(exports.take, officer, wanted, form="csv")
