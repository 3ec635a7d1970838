"""What only the embedded store has to survive: locks, a full disk, other processes."""

import asyncio
import contextlib
import sqlite3
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from data.sqlite import READERS, SqliteStore
from data.sqlite_glance import Glancer
from data.sqlite_writer import drive
from data.store import Head, Store, StoreBusy, TurnWrites, Tx
from tests.data.inbox import NOW, deliver, drain, echo, event, run, said


@pytest.fixture
def path(sqlite_address: str) -> Path:
    return Path(sqlite_address.removeprefix("sqlite:///"))


@pytest.fixture
async def store(path: Path) -> AsyncIterator[Store]:
    opened = SqliteStore(path, patience=50)
    await opened.open()
    yield opened
    await opened.close()


async def test_a_locked_database_is_busy_and_then_nothing_is_missing(
    store: Store, path: Path
) -> None:
    await store.ingest([event(1)])
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreBusy):
        await store.ingest([event(2)])
    with pytest.raises(StoreBusy):
        await run(store)
    with pytest.raises(StoreBusy):
        await deliver(store)
    assert await store.next_due() == NOW
    other.execute("COMMIT")
    other.close()
    assert list(await store.ingest([event(1), event(2)])) == [False, True]
    assert await drain(store) == 2
    assert said(await deliver(store)) == [b"1", b"2"]


async def lengthy(tx: Tx, head: Head) -> TurnWrites:
    return TurnWrites(b"", [bytes(100_000)])


async def test_a_full_disk_refuses_and_loses_nothing_that_was_taken(
    store: SqliteStore, path: Path
) -> None:
    async def limit(pages: int) -> None:
        async def verb(tx: Tx) -> None:
            tx._execute(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]

        await store.write(verb)

    with sqlite3.connect(path) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.close()
    await limit(pages + 4)
    taken = 0
    with pytest.raises(StoreBusy):
        while True:
            await store.ingest([event(f"{taken:0200}", f"telegram:{taken}")])
            taken += 1
    assert taken > 0
    with pytest.raises(StoreBusy):
        await run(store, lengthy)
    await limit(10 * pages + 1000)
    again = [event(f"{n:0200}", f"telegram:{n}") for n in range(taken + 1)]
    assert list(await store.ingest(again)) == [False] * taken + [True]
    assert await drain(store) == taken + 1
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT max(attempts) FROM event").fetchall() == [(0,)]
    connection.close()


async def test_jobs_that_wait_together_share_a_commit(store: SqliteStore) -> None:
    told: list[str] = []
    store._writer._connection.set_trace_callback(told.append)
    await asyncio.gather(*[store.ingest([event(n)]) for n in range(100)])
    store._writer._connection.set_trace_callback(None)
    assert 1 <= told.count("COMMIT") < 50


async def test_one_job_that_raises_leaves_the_others_of_its_batch(store: Store) -> None:
    async def bad(tx: Tx) -> None:
        await tx.run("worker_beat", owner="bad", now=NOW)
        raise ValueError

    async def good(tx: Tx) -> int:
        return await tx.run("worker_beat", owner="good", now=NOW)

    results = await asyncio.gather(
        *[store.write(verb) for verb in (good, bad, good)], return_exceptions=True
    )
    assert results[0] == results[2] == 1
    assert isinstance(results[1], ValueError)
    assert await store.recover_sends("good", NOW) == 0


async def test_a_turn_that_waits_for_anything_else_fails(store: Store) -> None:
    await store.ingest([event(1), event(2, "telegram:2")])

    async def turn(tx: Tx, head: Head) -> TurnWrites:
        if head.chat == "telegram:1":
            await asyncio.sleep(0)
        return await echo(tx, head)

    report = await run(store, turn)
    assert report.done == 1
    assert "nothing may be awaited" in str(report.failures[0].error)


def test_driving_returns_what_the_coroutine_returns() -> None:
    async def inner() -> int:
        return 2

    async def outer() -> int:
        return await inner() + await inner()

    assert drive(outer()) == 4


async def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "new.db")
    await store.open()
    await store.ingest([event(1)])
    found = modes(tmp_path)
    await store.close()
    assert found == {0o600}


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}


async def test_what_a_dead_process_was_sending_is_taken_back_at_once(
    store: Store, path: Path
) -> None:
    await store.ingest([event(1)])
    await drain(store)
    await store.heartbeat("first", NOW)
    await store.claim_sends(owner="first", now=NOW, limit=9)
    await store.close()
    await store.open()
    await store.heartbeat("second", NOW)
    assert await store.recover_sends("second", NOW) == 1


async def test_what_another_living_process_is_sending_is_left_to_it(
    store: Store, path: Path
) -> None:
    await store.ingest([event(1)])
    await drain(store)
    await store.heartbeat("first", NOW)
    await store.claim_sends(owner="first", now=NOW, limit=9)
    second = SqliteStore(path)
    await second.open()
    await second.heartbeat("second", NOW)
    assert await second.recover_sends("second", NOW) == 0
    await second.close()


async def test_a_glance_that_meets_a_lock_is_left_to_a_reader(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(glancer: Glancer, verb: object) -> None:
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise error

    monkeypatch.setattr(Glancer, "glance", locked)

    assert await store.glance(lambda tx: tx.all("fetches", limit=9)) == []


async def test_a_reader_that_was_given_up_while_it_began_serves_the_next(store: Store) -> None:
    async def look() -> None:
        async with store.read() as tx:
            await tx.all("next_due")

    await asyncio.gather(*(look() for _ in range(READERS)))
    for _ in range(READERS):
        looking = asyncio.create_task(look())
        await asyncio.sleep(0)
        looking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await looking
    for _ in range(READERS):
        await look()
