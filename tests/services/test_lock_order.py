"""On PostgreSQL chats are held before requests, and these before trails: nobody deadlocks."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from functools import partial
from typing import Any, TypeVar

import asyncpg
import pytest

from data.instants import to_us
from data.postgres import PostgresStore
from data.store import Head, NewEvent, TurnWrites, Tx
from flows.events import ENCODER, Text
from services import calendar_changes, leases, queue, waiting
from services.calendar_entries import Edit, Entry
from services.hours import Calendar
from services.refusals import Refused
from services.waiting import Moved
from tests.desk import (
    BENNY,
    DIMAS,
    FACTS,
    MANADO,
    MONDAY_TEN,
    RINA,
    RULES,
    WEEK,
    Desk,
    enrol,
    rendered,
)
from tests.stores import postgres_store

T = TypeVar("T")

CHATS = [f"web:{n:02}" for n in range(16)]
ROUNDS = 25
LATER = MONDAY_TEN + timedelta(minutes=20)
"""When every claim made at `MONDAY_TEN` has lapsed."""

pytestmark = pytest.mark.slow


class Counting(PostgresStore):
    """A store that counts what PostgreSQL had to resolve."""

    deadlocks = 0

    async def _again(self, attempt: Callable[[], Awaitable[T]]) -> T:
        async def counted() -> T:
            try:
                return await attempt()
            except asyncpg.DeadlockDetectedError:
                self.deadlocks += 1
                raise

        return await super()._again(counted)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with postgres_store() as url:
        store = Counting(url)
        await store.open()
        desk = Desk(store, calendar=Calendar(FACTS, WEEK))
        await desk.do(enrol)
        for chat in CHATS:
            await desk.file(chat=chat)
        yield desk
        await store.close()


class Rush:
    """Everybody at work on the same few chats."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def participants(self) -> None:
        """Every chat writes, and each turn files one more request with the branch."""
        for n in range(ROUNDS):
            now = to_us(MONDAY_TEN)
            body = ENCODER.encode(Text("p"))
            await self.desk.store.ingest(
                [NewEvent("web", f"{chat}/{n}", chat, body, now, now) for chat in CHATS]
            )
            await self.turns()

    async def turns(self) -> None:
        now = to_us(LATER)
        due: int | None = now
        while due is not None and due <= now:
            due = (await self.desk.store.turns(self._turn, now=now, limit=6, attempts=3)).due

    async def _turn(self, tx: Tx, head: Head) -> TurnWrites:
        if head.channel == "web":
            await queue.file(
                tx,
                submission=str(head.event),
                chat=head.chat,
                service="G",
                digest="d",
                branch=MANADO,
                answers={},
                report=rendered,
                now=MONDAY_TEN,
                calendar=self.desk.calendar,
            )
        return TurnWrites(session=b"{}")

    async def officer(self, who: Any) -> None:
        for n in range(ROUNDS):
            taken = await self.desk.claim_next(who)
            if taken is not None and n % 2:
                with contextlib.suppress(Refused):  # it may have lapsed meanwhile
                    await self.desk.do(queue.release, who, taken.number)
            await asyncio.sleep(0)

    async def time(self) -> None:
        for _ in range(ROUNDS):
            await self.desk.store.write(
                partial(leases.tidy, now=LATER, calendar=self.desk.calendar, rules=RULES)
            )
            rows = await self.desk.all("wait_line", branch=MANADO.id, limit=50)
            moves = [Moved(row["number"], row["chat"], row["service"]) for row in rows]
            await self.desk.store.write(
                partial(waiting.notify, branch=MANADO.id, moves=moves, now=LATER)
            )

    async def calendar(self) -> None:
        for n in range(ROUNDS):
            day = date(2026, 11, 23) if n % 2 else date(2026, 12, 1) + timedelta(days=n)
            entry = Entry(MANADO.id, "closed", day, day, name="listrik padam")
            async with self.desk.store.read() as tx:
                entries = await calendar_changes.load(tx)
            gone = tuple(entries.held) if n % 2 == 0 else ()
            edit = Edit(MANADO.id, "listrik padam", add=(entry,), remove=gone)
            await self.desk.do(
                calendar_changes.change,
                BENNY,
                edit,
                stamp=entries.stamp(MANADO.id),
                calendar=self.desk.calendar,
                notice=timedelta(),
            )


async def test_turns_officers_and_time_never_wait_for_each_other_in_a_circle(desk: Desk) -> None:
    rush = Rush(desk)
    async with asyncio.timeout(120):
        await asyncio.gather(
            rush.participants(),
            rush.turns(),
            rush.officer(RINA),
            rush.officer(DIMAS),
            rush.time(),
            rush.calendar(),
        )
        await rush.turns()

    assert isinstance(desk.store, Counting)
    assert desk.store.deadlocks == 0
    rows = await desk.all("request_open", branch=MANADO.id)
    assert len(rows) == len(CHATS) * (ROUNDS + 1), "nothing is lost"


async def test_an_officers_turn_that_is_given_up_in_a_circle_runs_again_and_counts_once(
    desk: Desk,
) -> None:
    [first, *_] = await desk.all("wait_line", branch=MANADO.id, limit=1)
    number, chat = first["number"], first["chat"]
    held, runs = asyncio.Event(), 0

    async def officers_turn(tx: Tx, head: Head) -> TurnWrites:
        nonlocal runs
        runs += 1
        await tx.one("chat_lock", chat=chat)
        held.set()
        await queue.claim(tx, RINA, number, now=MONDAY_TEN, calendar=desk.calendar, rules=RULES)
        return TurnWrites(session=b"{}")

    async def the_other_way_round(tx: Any) -> None:
        # so that it is the turn which PostgreSQL gives up
        await tx.command("SET LOCAL deadlock_timeout = '60s'")
        await tx.one("audit_lock", branch=MANADO.id)
        noted.set()
        await held.wait()
        await tx.one("chat_lock", chat=chat)

    noted, now = asyncio.Event(), to_us(MONDAY_TEN)
    await desk.store.ingest([NewEvent("staff", "1", "staff:7", b"{}", now, now)])
    other = asyncio.create_task(desk.store.write(the_other_way_round))
    await noted.wait()
    report = await desk.store.turns(officers_turn, now=now, limit=6, attempts=3)
    await other

    assert (report.done, report.failures, runs) == (1, [], 2)
    assert (await desk.request(number)).officer == RINA.id
    assert await desk.trail(number) == ["filed", "claimed"]
