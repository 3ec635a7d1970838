"""The one connection that writes to a SQLite file: batches, locks, commits under way."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from data.sqlite_writer import LARGEST_BATCH, QUICK, SqliteTx, Writer
from data.statements import load
from data.store import StoreBusy
from tests.data.inbox import NOW

HELP = 5.0
"""Seconds after which a test that hangs is let go, to fail."""


@pytest.fixture
def path(sqlite_address: str) -> Path:
    return Path(sqlite_address.removeprefix("sqlite:///"))


@pytest.fixture
def connection(path: Path) -> sqlite3.Connection:
    """What the writer is given, as the store opens it; the writer closes it."""
    opened = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    opened.execute("PRAGMA foreign_keys = ON")
    return opened


@pytest.fixture
async def writer(connection: sqlite3.Connection) -> AsyncIterator[Writer]:
    opened = Writer(connection, load("sqlite"), patience=HELP)
    yield opened
    await opened.close()


@pytest.fixture
def other(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection of another process."""
    opened = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=0)
    yield opened
    opened.close()


def beat(owner: str) -> Callable[[SqliteTx], int]:
    """A job that leaves one row."""
    return lambda tx: tx.ask("worker_beat", owner=owner, now=NOW).rowcount


def orphan(tx: SqliteTx) -> None:
    """A job whose commit fails."""
    tx._execute("PRAGMA defer_foreign_keys = ON")
    tx._execute("INSERT INTO message (request, at, author, body) VALUES (9, 1, 'bot', '')")


def stored(connection: sqlite3.Connection) -> list[str]:
    """The rows that jobs have left, in the order in which they were written."""
    rows = connection.execute("SELECT id FROM worker ORDER BY rowid").fetchall()
    return [row[0] for row in rows]


class Held:
    """A connection whose commits do not begin until `go`."""

    def __init__(self, writer: Writer) -> None:
        self.reached = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._free = threading.Event()
        self._connection = writer._connection
        writer._connection = cast(sqlite3.Connection, self)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: str) -> sqlite3.Cursor:
        if sql == "COMMIT":
            self._loop.call_soon_threadsafe(self.reached.set)
            self._free.wait(HELP)
        return self._connection.execute(sql)

    def go(self) -> None:
        self._free.set()


class Timed:
    """A connection whose commits take *took* seconds of a clock of its own; who made them."""

    def __init__(self, writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
        self.took = 0.0
        self.committers: list[threading.Thread] = []
        self._now = 0.0
        self._connection = writer._connection
        writer._connection = cast(sqlite3.Connection, self)
        monkeypatch.setattr("data.sqlite_writer.perf_counter", lambda: self._now)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: str) -> sqlite3.Cursor:
        if sql == "COMMIT":
            self._now += self.took
            self.committers.append(threading.current_thread())
        return self._connection.execute(sql)


async def rounds(number: int = 20) -> None:
    """Let the event loop go on a little."""
    for _ in range(number):
        await asyncio.sleep(0)


async def until(holds: Callable[[], bool]) -> None:
    """Let the event loop go on until something holds."""
    async with asyncio.timeout(HELP):
        while not holds():  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0)


async def test_the_event_loop_goes_on_while_another_process_writes(
    writer: Writer, other: sqlite3.Connection
) -> None:
    locked, goes_on = threading.Event(), threading.Event()

    def hold() -> bool:
        other.execute("BEGIN IMMEDIATE")
        locked.set()
        went_on = goes_on.wait(HELP / 2)
        other.execute("COMMIT")
        return went_on

    holding = asyncio.create_task(asyncio.to_thread(hold))
    await asyncio.to_thread(locked.wait)
    jobs = [asyncio.create_task(writer.submit(beat(str(n)))) for n in range(3)]
    await until(lambda: writer._locked_since is not None)
    jobs.append(asyncio.create_task(writer.submit(beat("3"))))
    await rounds()
    goes_on.set()
    assert await holding
    assert await asyncio.gather(*jobs) == [1, 1, 1, 1]
    assert stored(other) == ["0", "1", "2", "3"]


async def test_what_comes_during_a_commit_waits_for_the_next(
    writer: Writer, other: sqlite3.Connection
) -> None:
    held = Held(writer)
    first = asyncio.create_task(writer.submit(beat("first")))
    await held.reached.wait()
    second = asyncio.create_task(writer.submit(beat("second"), patient=True))
    third = asyncio.create_task(writer.submit(beat("third")))
    await rounds()
    assert stored(other) == []
    held.go()
    assert await asyncio.gather(first, second, third) == [1, 1, 1]
    assert stored(other) == ["first", "second", "third"]


async def test_the_event_loop_commits_itself_while_the_disk_is_quick(
    writer: Writer, other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    timed = Timed(writer, monkeypatch)
    for name, took in (("0", 0.0), ("1", QUICK), ("2", QUICK), ("3", 0.0), ("4", 0.0)):
        timed.took = took
        assert await writer.submit(beat(name)) == 1
        assert stored(other)[-1] == name

    here = threading.current_thread()
    assert [one is here for one in timed.committers] == [False, True, False, False, True]


async def test_a_commit_on_the_event_loop_that_fails_fails_its_jobs_too(
    writer: Writer, other: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    timed = Timed(writer, monkeypatch)
    await writer.submit(beat("before"))
    with pytest.raises(sqlite3.IntegrityError):
        await writer.submit(orphan)
    assert timed.committers[-1] is threading.current_thread()
    assert await writer.submit(beat("after")) == 1
    assert stored(other) == ["before", "after"]


async def test_closing_waits_for_the_commit_under_way_and_for_what_came_before(
    connection: sqlite3.Connection, other: sqlite3.Connection
) -> None:
    writer = Writer(connection, load("sqlite"), patience=HELP)
    held = Held(writer)
    jobs = [asyncio.create_task(writer.submit(beat("first")))]
    await held.reached.wait()
    jobs.append(asyncio.create_task(writer.submit(beat("second"))))
    await rounds()
    closing = asyncio.create_task(writer.close())
    await rounds()
    with pytest.raises(StoreBusy):
        await writer.submit(beat("too late"))
    held.go()
    await closing
    assert [job.result() for job in jobs if job.done()] == [1, 1]
    assert stored(other) == ["first", "second"]


async def test_a_commit_that_fails_fails_its_jobs_and_lets_go_of_the_file(
    writer: Writer, other: sqlite3.Connection
) -> None:
    ended = await asyncio.gather(
        writer.submit(orphan), writer.submit(beat("beside")), return_exceptions=True
    )
    assert [type(one) for one in ended] == [sqlite3.IntegrityError, sqlite3.IntegrityError]
    other.execute("BEGIN IMMEDIATE")
    other.execute("ROLLBACK")
    assert await writer.submit(beat("after")) == 1
    assert stored(other) == ["after"]


async def test_who_no_longer_waits_keeps_nobody_from_its_result(
    writer: Writer, other: sqlite3.Connection
) -> None:
    def bad(tx: SqliteTx) -> None:
        raise ValueError

    gone = [asyncio.create_task(writer.submit(work)) for work in (beat("gone"), bad)]
    rest = [asyncio.create_task(writer.submit(work)) for work in (beat("here"), bad)]
    await asyncio.sleep(0)
    for job in gone:
        job.cancel()
    async with asyncio.timeout(HELP):
        ended = await asyncio.gather(*rest, return_exceptions=True)
    assert ended[0] == 1
    assert isinstance(ended[1], ValueError)
    assert stored(other) == ["gone", "here"]


async def test_a_batch_has_an_end_and_urgent_work_is_in_the_first(
    writer: Writer, connection: sqlite3.Connection
) -> None:
    told: list[str] = []
    connection.set_trace_callback(told.append)
    jobs = [writer.submit(beat(str(n))) for n in range(LARGEST_BATCH)]
    await asyncio.gather(*jobs, writer.submit(beat("urgent"), urgent=True))
    connection.set_trace_callback(None)
    assert told.count("COMMIT") == 2
    assert stored(connection) == ["urgent", *(str(n) for n in range(LARGEST_BATCH))]


async def test_things_for_the_same_work_share_it_and_one_that_fails_fails_alone(
    writer: Writer, other: sqlite3.Connection
) -> None:
    calls: list[list[str]] = []

    def greet(tx: SqliteTx, names: Sequence[str]) -> Sequence[str]:
        calls.append(list(names))
        for name in names:
            beat(name)(tx)
        if "bad" in names:
            raise ValueError
        return [f"hello {name}" for name in names]

    good = await asyncio.gather(*(writer.share(greet, name) for name in ("a", "b")))
    assert good == ["hello a", "hello b"]
    assert calls == [["a", "b"]]

    ended = await asyncio.gather(
        *(writer.share(greet, name) for name in ("c", "bad", "d")), return_exceptions=True
    )
    assert ended[::2] == ["hello c", "hello d"]
    assert isinstance(ended[1], ValueError)
    assert calls[1:] == [["c", "bad", "d"], ["c"], ["bad"], ["d"]]
    assert stored(other) == ["a", "b", "c", "d"]


async def test_patient_work_goes_with_the_next_that_is_not(
    writer: Writer, connection: sqlite3.Connection, other: sqlite3.Connection
) -> None:
    told: list[str] = []
    connection.set_trace_callback(told.append)
    patient = asyncio.create_task(writer.submit(beat("patient"), patient=True))
    await rounds()
    assert told == []
    assert await writer.submit(beat("next")) == 1
    assert patient.done()
    assert told.count("COMMIT") == 1
    assert await writer.submit(beat("alone"), patient=True) == 1
    assert stored(other) == ["patient", "next", "alone"]


async def test_patient_work_alone_is_done_each_time(
    writer: Writer, other: sqlite3.Connection
) -> None:
    alone = asyncio.create_task(writer.submit(beat("1"), patient=True))
    assert await asyncio.wait_for(alone, HELP) == 1
    again = asyncio.create_task(writer.submit(beat("2"), patient=True))
    done, _ = await asyncio.wait([again], timeout=HELP)
    await writer.submit(beat("3"))
    assert done == {again}, "it waited for other work"


async def test_patience_that_ends_during_a_commit_waits_for_it(
    writer: Writer, other: sqlite3.Connection
) -> None:
    held = Held(writer)
    early = asyncio.create_task(writer.submit(beat("1"), patient=True))
    await rounds()
    first = asyncio.create_task(writer.submit(beat("2")))
    await held.reached.wait()
    late = asyncio.create_task(writer.submit(beat("3"), patient=True))
    await until(lambda: writer._later is None)
    assert stored(other) == []
    held.go()
    assert await asyncio.gather(early, first, late) == [1, 1, 1]
