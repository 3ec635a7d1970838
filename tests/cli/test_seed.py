"""Weeks that are played: whatever happens at a desk happens, and the same seed repeats it."""

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from bot.cli.demo import people
from bot.cli.demo.sayings import load_sayings
from bot.cli.seed import RealRequests, fill
from bot.config import Config, StoreUrl
from data.sqlite import SqliteStore
from flows.load import load_all
from services import audit_chain
from tests.desk import CALENDAR, MANADO, sqlite_desk

END = datetime(2026, 11, 26, 3, 30, tzinfo=UTC)
"""Thursday 11.30 in Manado."""


def config_in(folder: Path) -> Config:
    config, replace = Config(root=folder), msgspec.structs.replace
    return replace(
        config,
        store=replace(config.store, url=StoreUrl(f"sqlite:///{folder / 'desk.db'}")),
        documents=replace(config.documents, folder=folder / "documents"),
    )


async def played(folder: Path, requests: int = 60, *, force: bool = False) -> list[str]:
    return await fill(config_in(folder), [MANADO], requests, 7, END, force=force)


def ask(folder: Path, question: str) -> list[tuple]:  # type: ignore[type-arg]
    with closing(sqlite3.connect(folder / "desk.db")) as connection:
        return connection.execute(question).fetchall()


@pytest.fixture(scope="module")
def weeks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weeks")
    asyncio.run(played(folder))
    return folder


def test_every_service_is_filed_and_every_kind_of_thing_happens(weeks: Path) -> None:
    services = {code for (code,) in ask(weeks, "SELECT service FROM request")}
    happened = Counter(action for (action,) in ask(weeks, "SELECT action FROM audit"))

    assert ask(weeks, "SELECT COUNT(*) FROM request") == [(60,)]
    assert services == set(load_all(Path("flows")))
    assert set(happened) >= {
        *("filed", "claimed", "replied", "noted", "correction_asked", "corrected", "finished"),
        *("refused", "transferred", "revealed", "document_viewed"),
    }
    assert ask(weeks, "SELECT COUNT(*) FROM rating")[0][0] > 5
    assert ask(weeks, "SELECT COUNT(*) FROM request WHERE status = 'waiting'")[0][0] >= 4


def test_nothing_is_left_undone_or_broken(weeks: Path) -> None:
    dead = ask(weeks, "SELECT error FROM event WHERE status = 'dead'")
    behind = ask(weeks, f"SELECT id FROM event WHERE status = 'new' AND due_at < {END:%s}000000")

    assert dead == []
    assert behind == []


def test_officers_take_requests_only_while_the_branch_is_open(weeks: Path) -> None:
    rows = ask(weeks, "SELECT at FROM audit WHERE action = 'claimed'")
    assert rows
    for (at,) in rows:
        assert CALENDAR.is_open("KC-MANADO", datetime.fromtimestamp(at / 1e6, UTC))


async def test_the_chain_of_the_branch_holds(weeks: Path) -> None:
    store = SqliteStore(weeks / "desk.db")
    await store.open()
    try:
        assert isinstance(await audit_chain.verify(store, "KC-MANADO"), audit_chain.Head)
    finally:
        await store.close()


def test_identity_numbers_are_nobodys(weeks: Path) -> None:
    for (answers,) in ask(weeks, "SELECT answers FROM request"):
        for number in people.LIKE_NIK.findall(answers):
            assert number[12:14] == "99", number


async def test_the_same_seed_plays_the_same_weeks(weeks: Path, tmp_path: Path) -> None:
    await played(tmp_path)

    for question in (
        "SELECT at, actor, action, object, detail, hash FROM audit ORDER BY id",
        "SELECT number, report, status, ended_at, documents.n FROM request, (SELECT COUNT(*) AS n "
        "FROM request_document) AS documents ORDER BY number",
        "SELECT request, at, author, body FROM message ORDER BY id",
    ):
        assert ask(tmp_path, question) == ask(weeks, question)


async def test_playing_again_adds_nothing_but_links(weeks: Path) -> None:
    before = ask(weeks, "SELECT COUNT(*) FROM audit")
    told = await played(weeks)

    assert told[0] == "KC-MANADO: filled before with seed 7, 60 requests"
    assert len(told) == 4
    assert ask(weeks, "SELECT COUNT(*) FROM audit") == before


async def test_a_store_with_real_requests_is_left_alone_unless_forced(tmp_path: Path) -> None:
    async with sqlite_desk(tmp_path) as desk:
        await desk.file()
    with pytest.raises(RealRequests):
        await played(tmp_path, 3)
    assert ask(tmp_path, "SELECT COUNT(*) FROM request") == [(1,)]

    await played(tmp_path, 3, force=True)
    assert ask(tmp_path, "SELECT COUNT(*) FROM request") == [(4,)]


def test_what_is_written_has_something_for_every_occasion() -> None:
    sayings = load_sayings()

    assert all(sayings.words.values())
    assert all(getattr(sayings, name) for name in sayings.__struct_fields__)
