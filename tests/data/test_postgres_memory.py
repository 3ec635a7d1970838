"""Chats as a worker left them: it asks nothing about them, and is not mistaken for long."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from data.postgres import PostgresStore
from data.postgres_memory import LONG, MOST, REST, Memory
from data.store import Head, Received, RunTurn, Timer, TurnWrites, Tx
from tests.data.inbox import ATTEMPTS, NOW, drain, echo, event, receive
from tests.data.mutants import Planted, rewritten
from tests.data.test_postgres_store import UNMARKED


@asynccontextmanager
async def workers(*made: PostgresStore) -> AsyncIterator[None]:
    """The stores, open."""
    for store in made:
        await store.open()
    try:
        yield
    finally:
        for store in made:
            await store.close()


@pytest.fixture
async def store(postgres_address: str) -> AsyncIterator[PostgresStore]:
    opened = PostgresStore(postgres_address)
    async with workers(opened):
        yield opened


class Asked(list[str]):
    """The names of the statements that one store sends, without what asyncpg asks about types."""

    def __init__(self, store: PostgresStore) -> None:
        super().__init__()
        self._names = {known.sql: name for name, known in store._statements.items()}

    def note(self, sql: str) -> None:
        if sql in self._names:
            self.append(self._names[sql])


@pytest.fixture
async def asked(store: PostgresStore) -> Asked:
    names = Asked(store)
    async with store._pool.connected() as connection:
        connection.add_query_logger(lambda record: names.note(record.query))
    return names


async def session(store: PostgresStore, chat: str = "telegram:1") -> bytes:
    async with store.read() as tx:
        row = await tx.one("session_of", chat=chat)
    assert row is not None
    return bytes(row["session"])


async def at(store: PostgresStore, now: int, number: int, turn: RunTurn = echo) -> Received:
    return await store.receive([event(number)], turn, now=now, attempts=ATTEMPTS)


async def timed(tx: Tx, head: Head) -> TurnWrites:
    """A turn that wants to be woken in ten microseconds."""
    return TurnWrites((head.session or b"") + head.body + b" ", timers=[Timer("x", NOW + 10, b"T")])


async def test_who_writes_again_is_one_way_to_the_server(
    store: PostgresStore, asked: Asked
) -> None:
    await receive(store, event(1))
    assert asked == ["prompt_heads", "prompt_write"]
    asked.clear()
    await receive(store, event(2))
    await receive(store, event(3), event(4, "telegram:2"))
    assert asked == ["prompt_write", "prompt_heads", "prompt_write"]
    assert await session(store) == b"1 2 3 "


async def test_a_session_has_the_number_of_its_turns(store: PostgresStore) -> None:
    versions: list[int] = []

    async def turn(tx: Tx, head: Head) -> TurnWrites:
        versions.append(head.version)
        return await echo(tx, head)

    for number in range(3):
        await receive(store, event(number), turn=turn)
    assert versions == [0, 1, 2]


async def heard_by_two(address: str, planted: Planted) -> tuple[bytes, list[int]]:
    """What a chat heard of three events that two workers took, and how many turns each had."""
    mine, elsewhere = planted(address), PostgresStore(address)
    assert isinstance(mine, PostgresStore)
    turns = [0, 0, 0]

    async def turn(tx: Tx, head: Head) -> TurnWrites:
        turns[int(head.body)] += 1
        # it says nothing, so that no constraint of the outbox can help
        return TurnWrites((head.session or b"") + head.body + b" ")

    async with workers(mine, elsewhere):
        for number, worker in enumerate((mine, elsewhere, mine)):
            told = await receive(worker, event(number), turn=turn)
            assert list(told.fresh) == [True]
        await drain(mine, turn)
        return await session(mine), turns


async def test_who_remembers_what_another_worker_has_changed_runs_the_turn_again(
    postgres_address: str,
) -> None:
    assert await heard_by_two(postgres_address, PostgresStore) == (b"0 1 2 ", [1, 1, 2])


async def test_without_its_mark_what_another_worker_heard_would_be_lost(
    postgres_address: str,
) -> None:
    heard, _ = await heard_by_two(postgres_address, rewritten(UNMARKED))
    assert heard == b"0 2 "


async def test_after_a_mistake_the_server_is_asked_for_a_while(
    store: PostgresStore, asked: Asked, postgres_address: str
) -> None:
    other = PostgresStore(postgres_address)
    async with workers(other):
        await receive(store, event(1))
        await receive(other, event(2))
    asked.clear()
    await at(store, NOW, 3)
    mistake = ["prompt_write", "prompt_heads", "prompt_write"]
    assert asked == mistake
    await at(store, NOW + REST - 1, 4)
    assert asked == [*mistake, "prompt_heads", "prompt_write"]
    asked.clear()
    await at(store, NOW + REST, 5)
    assert asked == ["prompt_write"]


async def test_what_comes_twice_has_one_turn_also_where_the_chat_is_remembered(
    store: PostgresStore,
) -> None:
    await receive(store, event(1))
    told = await receive(store, event(1))
    assert (list(told.fresh), told.report.done) == ([False], 0)
    assert await session(store) == b"1 "


async def test_what_comes_twice_is_no_mistake(store: PostgresStore, asked: Asked) -> None:
    await receive(store, event(1), event(2, "telegram:2"))
    await receive(store, event(1))
    asked.clear()
    await receive(store, event(3, "telegram:2"))
    assert asked == ["prompt_write"]


async def test_a_timer_that_is_due_goes_before_what_comes(store: PostgresStore) -> None:
    await at(store, NOW, 1, timed)
    await at(store, NOW + 9, 2)
    told = await at(store, NOW + 10, 3)
    assert (list(told.fresh), told.report.done) == ([True], 0)
    await drain(store, now=NOW + 10)
    assert await session(store) == b"1 2 T 3 "


async def test_what_waits_behind_a_turn_of_its_own_batch_is_not_passed(
    store: PostgresStore,
) -> None:
    told = await receive(store, event(1), event(2))
    assert (list(told.fresh), told.report.done) == ([True, True], 1)
    assert (await receive(store, event(3))).report.done == 0
    await drain(store)
    assert await session(store) == b"1 2 3 "


async def replied(tx: Tx) -> None:
    """What an officer says to the chat."""
    reply = {"channel": "desk", "provider_id": "2", "body": b"2", "first": 0}
    await tx.run("inside_event", chat="telegram:1", now=NOW, **reply)
    await tx.run("chat_wake", chat="telegram:1", due_at=NOW)


async def test_an_officer_who_replied_here_is_no_mistake(
    store: PostgresStore, asked: Asked
) -> None:
    await receive(store, event(1))
    await store.write(replied)
    await drain(store)
    asked.clear()
    await receive(store, event(3))
    assert asked == ["prompt_heads", "prompt_write"]


async def test_numbers_of_events_tell_in_which_order_they_came(
    store: PostgresStore, postgres_address: str
) -> None:
    other = PostgresStore(postgres_address)
    async with workers(other):
        for number, worker in enumerate((store, other, store, other, other)):
            await receive(worker, event(number, "web:1", channel="web"))
        async with store.read() as tx:
            rows = await tx.all("web_chat_heard", chat="web:1", limit=9)
    assert [row["body"] for row in rows] == [b"4", b"3", b"2", b"1", b"0"]


ROW = {"ready_at": None}


def test_who_wrote_longest_ago_is_forgotten_first() -> None:
    memory = Memory()
    memory.keep({str(n): ROW for n in range(MOST)}, NOW)
    memory.keep(memory.take(["0"], NOW), NOW)
    memory.keep({"new": ROW}, NOW)
    assert memory.take(["0", "new", "1"], NOW) == {"0": ROW, "new": ROW}


@pytest.mark.parametrize(("later", "known"), [(LONG - 1, True), (LONG, False), (-LONG, False)])
def test_a_chat_is_remembered_for_a_while(later: int, known: bool) -> None:
    memory = Memory()
    memory.keep({"1": ROW}, NOW)
    assert bool(memory.take(["1"], NOW + later)) is known


def test_a_clock_that_is_put_back_does_not_prolong_a_mistake() -> None:
    memory = Memory()
    memory.mistaken(NOW)
    memory.keep({"1": ROW}, NOW - REST)
    assert memory.take(["1"], NOW - REST) == {"1": ROW}
