"""Whatever is done to the audit behind its back is found, and where."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from services import audit, audit_chain
from services.audit_chain import Break, Head
from tests.desk import BENNY, RINA, Desk, sqlite_desk

BRANCH = "KC-MANADO"


async def fill(desk: Desk) -> list[int]:
    """Entries of three requests; the ids of the branch's chain in order."""
    for _ in range(3):
        ticket = await desk.file()
        await desk.claim(RINA, ticket.number)
    return [row["id"] for row in await desk.all("audit_chain", branch=BRANCH, after=0, limit=99)]


async def test_chains_that_nobody_touched_are_whole(desk: Desk) -> None:
    ids = await fill(desk)
    found = [await audit_chain.verify(desk.store, name) for name in await names(desk)]

    assert all(isinstance(one, Head) for one in found)
    assert {one.branch: one.id for one in found}[BRANCH] == ids[-1]
    assert {"", "KC-MANADO", "KC-TONDANO"} <= {*await names(desk)}


async def names(desk: Desk) -> list[str]:
    return [name async for name in audit_chain.branches(desk.store)]


async def test_a_long_chain_is_walked_in_stretches(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await fill(desk)
    monkeypatch.setattr(audit_chain, "STRETCH", 2)

    head = await audit_chain.verify(desk.store, BRANCH)

    assert head == Head(BRANCH, ids[-1], head.hash if isinstance(head, Head) else "", len(ids))


def alter(ids: list[int]) -> list[str]:
    return [f"UPDATE audit SET actor = 'lain' WHERE id = {ids[4]}"]


def alter_the_time(ids: list[int]) -> list[str]:
    return [f"UPDATE audit SET at = at - 60000000 WHERE id = {ids[4]}"]


def alter_the_last(ids: list[int]) -> list[str]:
    return [f"UPDATE audit SET detail = '{{}}' || ' ' WHERE id = {ids[-1]}"]


def delete(ids: list[int]) -> list[str]:
    return [f"DELETE FROM audit WHERE id = {ids[4]}"]


def delete_the_first(ids: list[int]) -> list[str]:
    return [f"DELETE FROM audit WHERE id = {ids[0]}"]


def insert(ids: list[int]) -> list[str]:
    """A copy of an entry at the end: its content and hash fit each other."""
    columns = "at, actor, action, object, branch, detail, prev, hash"
    return [f"INSERT INTO audit ({columns}) SELECT {columns} FROM audit WHERE id = {ids[4]}"]


def reorder(ids: list[int]) -> list[str]:
    return [
        f"UPDATE audit SET id = 999 WHERE id = {ids[4]}",
        f"UPDATE audit SET id = {ids[4]} WHERE id = {ids[5]}",
        f"UPDATE audit SET id = {ids[5]} WHERE id = 999",
    ]


def move_to_another_branch(ids: list[int]) -> list[str]:
    return [f"UPDATE audit SET branch = 'KC-TONDANO' WHERE id = {ids[4]}"]


TAMPERING: dict[Callable[[list[int]], list[str]], tuple[int | None, str]] = {
    alter: (4, "changed"),
    alter_the_time: (4, "changed"),
    alter_the_last: (-1, "changed"),
    delete: (5, "unlinked"),
    delete_the_first: (1, "unlinked"),
    insert: (None, "unlinked"),
    reorder: (4, "unlinked"),
    move_to_another_branch: (5, "unlinked"),
}


def tamper(folder: Path, statements: list[str]) -> None:
    """Change the file as somebody would who may do anything with it."""
    with closing(sqlite3.connect(folder / "desk.db")) as file, file:
        file.execute("DROP TRIGGER audit_keeps_rows")
        file.execute("DROP TRIGGER audit_keeps_values")
        for statement in statements:
            file.execute(statement)


@pytest.mark.parametrize("how", TAMPERING, ids=lambda how: how.__name__)
async def test_tampering_is_found_at_its_place(
    tmp_path: Path, how: Callable[[list[int]], list[str]]
) -> None:
    place, why = TAMPERING[how]
    async with sqlite_desk(tmp_path) as desk:
        ids = await fill(desk)
        tamper(tmp_path, how(ids))
        found = await audit_chain.verify(desk.store, BRANCH)

    assert isinstance(found, Break)
    assert found.why == why
    assert found.id == (ids[place] if place is not None else max(ids) + 1)


async def test_an_entry_with_a_new_hash_breaks_the_link_to_the_next(tmp_path: Path) -> None:
    async with sqlite_desk(tmp_path) as desk:
        ids = await fill(desk)
        chain = await desk.all("audit_chain", branch=BRANCH, after=0, limit=99)
        forged = {**chain[4], "actor": "lain"}
        sealed = audit.seal(forged)
        tamper(
            tmp_path,
            [f"UPDATE audit SET actor = 'lain', hash = '{sealed}' WHERE id = {ids[4]}"],
        )
        found = await audit_chain.verify(desk.store, BRANCH)

    assert found == Break(BRANCH, ids[5], "unlinked")


async def test_what_is_cut_off_at_the_end_is_missed_by_a_head_that_was_kept(
    tmp_path: Path,
) -> None:
    async with sqlite_desk(tmp_path) as desk:
        ids = await fill(desk)
        kept = [head async for head in audit_chain.heads(desk.store)]
        tamper(tmp_path, [f"DELETE FROM audit WHERE id >= {ids[-2]}"])

        assert isinstance(await audit_chain.verify(desk.store, BRANCH), Head)
        assert await audit_chain.verify(desk.store, BRANCH, kept) == Break(
            BRANCH, ids[-1], "cut_off"
        )


async def test_a_last_entry_that_was_sealed_anew_is_not_the_head_that_was_kept(
    tmp_path: Path,
) -> None:
    async with sqlite_desk(tmp_path) as desk:
        ids = await fill(desk)
        kept = [head async for head in audit_chain.heads(desk.store)]
        chain = await desk.all("audit_chain", branch=BRANCH, after=0, limit=99)
        sealed = audit.seal({**chain[-1], "actor": "lain"})
        tamper(
            tmp_path,
            [f"UPDATE audit SET actor = 'lain', hash = '{sealed}' WHERE id = {ids[-1]}"],
        )

        assert isinstance(await audit_chain.verify(desk.store, BRANCH), Head)
        assert await audit_chain.verify(desk.store, BRANCH, kept) == Break(
            BRANCH, ids[-1], "changed"
        )


async def test_a_kept_head_still_holds_when_the_chain_has_grown(desk: Desk) -> None:
    await fill(desk)
    kept = [head async for head in audit_chain.heads(desk.store)]
    await desk.do(audit.note, actor=BENNY.id, action="noted", thing="MND-G-0001", branch=BRANCH)

    for branch in await names(desk):
        assert isinstance(await audit_chain.verify(desk.store, branch, kept), Head)
