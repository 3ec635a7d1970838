"""What only the many-worker store has to survive: lost connections, other workers, collisions."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import msgspec
import pytest

from data.postgres import PostgresStore
from data.store import (
    Head,
    Outlet,
    Received,
    RunTurn,
    SendResult,
    Store,
    StoreBusy,
    Timer,
    TurnWrites,
    Tx,
)
from tests.data.inbox import ATTEMPTS, NOW, drain, echo, event, receive, run
from tests.data.mutants import Planted, rewritten


@pytest.fixture
async def store(postgres_address: str) -> AsyncIterator[PostgresStore]:
    opened = PostgresStore(postgres_address)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def other(postgres_address: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of somebody else to the same tables."""
    connection = await asyncpg.connect(postgres_address)
    yield connection
    await connection.close()


async def cut(store: PostgresStore, other: asyncpg.Connection) -> None:
    """End every connection of the store, as a restart of the server does."""
    async with store.read():
        pass
    found = [holder._con.get_server_pid() for holder in store._pool._pool._holders if holder._con]
    for pid in found:
        await other.execute("SELECT pg_terminate_backend($1)", pid)


async def test_what_a_batch_leaves_behind_is_cut_out_of_one_value_by_bytes(
    store: PostgresStore, other: asyncpg.Connection
) -> None:
    said = {"telegram:1": "é", "telegram:2": "dua puluh", "telegram:3": "7"}
    told = await receive(store, *[event(text, chat) for chat, text in said.items()])
    assert told.report.done == len(said)
    for kept, after in (
        ("SELECT chat, body FROM event", ""),
        ("SELECT chat, body FROM outbox", ""),
        ("SELECT id, session FROM chat", " "),
    ):
        found = {chat: bytes(text).decode() for chat, text in await other.fetch(kept)}
        assert found == {chat: text + after for chat, text in said.items()}, kept


async def test_a_lost_connection_is_busy_once_and_loses_nothing(
    store: PostgresStore, other: asyncpg.Connection
) -> None:
    await store.ingest([event(1)])
    await cut(store, other)
    for _ in range(20):
        try:
            await store.ingest([event(2)])
            break
        except StoreBusy:
            continue
    assert list(await store.ingest([event(1), event(2)])) == [False, False]
    assert await drain(store) == 2


async def test_a_careful_try_that_could_not_be_made_is_not_counted(
    store: PostgresStore, other: asyncpg.Connection
) -> None:
    await store.ingest([event(1)])
    async with other.transaction():
        await other.execute("SELECT * FROM chat FOR UPDATE")
        for _ in range(ATTEMPTS + 1):
            assert (await run(store, careful=True)).done == 0
    assert await other.fetchval("SELECT attempts FROM event") == 0
    assert (await run(store, careful=True)).done == 1


async def test_a_connection_that_dies_in_a_turn_does_not_count_as_its_failure(
    store: PostgresStore, other: asyncpg.Connection
) -> None:
    await store.ingest([event(1)])

    async def turn(tx: Tx, head: Head) -> TurnWrites:
        row = await tx.one("session_pid")
        assert row is not None
        await other.execute("SELECT pg_terminate_backend($1)", row["pid"])
        await tx.one("session_pid")
        raise AssertionError

    plain = store._statements["next_due"]
    store._statements["session_pid"] = type(plain)(
        "session_pid", "SELECT pg_backend_pid() AS pid", ()
    )
    try:
        with pytest.raises(StoreBusy):
            await run(store, turn)
    finally:
        del store._statements["session_pid"]
    assert await other.fetchval("SELECT attempts FROM event") == 0
    assert await drain(store) == 1


async def test_a_server_that_is_not_there_is_busy() -> None:
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    with pytest.raises(StoreBusy):
        await PostgresStore(f"postgresql://nobody@127.0.0.1:{port}/none").open()


async def test_a_chat_that_another_worker_holds_is_passed_over(
    store: PostgresStore, other: asyncpg.Connection
) -> None:
    await store.ingest([event(1), event(2, "telegram:2")])
    async with other.transaction():
        await other.execute("SELECT id FROM chat WHERE id = 'telegram:1' FOR UPDATE")
        assert await drain(store) == 1
    assert await drain(store) == 1


async def silent(tx: Tx, head: Head) -> TurnWrites:
    """A turn that says nothing, so that no constraint of the outbox can help, and takes a while."""
    await tx.one("next_due")
    return TurnWrites((head.session or b"") + head.body + b" ")


async def sessions_of_rivals(address: str, planted: Planted) -> set[bytes]:
    """What sessions become when six loops run the same few chats."""
    stores = [planted(address) for _ in range(3)]
    for store in stores:
        await store.open()
    try:
        chats = [f"telegram:{n}" for n in range(3)]
        await stores[0].ingest([event(f"{c}/{n}", c) for n in range(40) for c in chats])
        await asyncio.gather(*[drain(store, silent) for store in stores for _ in range(2)])
        await drain(stores[0], silent)
    finally:
        for store in stores:
            await store.close()
    connection = await asyncpg.connect(address)
    try:
        rows = await connection.fetch("SELECT id, session FROM chat")
    finally:
        await connection.close()
    return {row["session"].replace(row["id"].encode(), b"") for row in rows}


IN_ORDER = {b"".join(b"/%d " % n for n in range(40))}


async def test_workers_that_want_the_same_chats_run_each_turn_once_in_order(
    postgres_address: str,
) -> None:
    assert await sessions_of_rivals(postgres_address, PostgresStore) == IN_ORDER


UNLOCKED = ("turn_heads", "FOR UPDATE SKIP LOCKED", "")
UNLOOKED = ("turns_done", "AND status NOT IN ('done', 'dead')", "")


async def test_an_event_that_had_its_turn_meanwhile_has_no_second_one(
    store: PostgresStore, other: asyncpg.Connection
) -> None:
    await store.ingest([event(1)])

    async def turn(tx: Tx, head: Head) -> TurnWrites:
        await other.execute("UPDATE event SET status = 'done' WHERE id = $1", head.event)
        return await echo(tx, head)

    assert (await run(store, turn)).done == 0
    assert await other.fetchval("SELECT session FROM chat") is None


async def session_of_a_slow_worker(address: str, planted: Planted) -> bytes:
    """What a chat heard of two events, the first of which a worker takes while another is quick."""
    slow, quick = planted(address), planted(address)
    for store in (slow, quick):
        await store.open()

    async def turn(tx: Tx, head: Head) -> TurnWrites:
        if head.body == b"0":
            await drain(quick, silent)
        return await silent(tx, head)

    try:
        await slow.ingest([event(0), event(1)])
        await drain(slow, turn)
        async with slow.read() as tx:
            row = await tx.one("session_of", chat="telegram:1")
        assert row is not None
        return bytes(row["session"])
    finally:
        for store in (slow, quick):
            await store.close()


@pytest.mark.parametrize(
    ("planted", "heard"),
    [(PostgresStore, b"0 1 "), (rewritten(UNLOCKED, UNLOOKED), b"0 ")],
    ids=["whole", "without lock and second look"],
)
async def test_a_slow_worker_overwrites_nothing_unless_lock_and_second_look_are_taken_out(
    postgres_address: str, planted: Planted, heard: bytes
) -> None:
    assert await session_of_a_slow_worker(postgres_address, planted) == heard


async def test_transactions_that_block_each_other_both_succeed_in_the_end(
    store: PostgresStore,
) -> None:
    await store.ingest([event(1), event(2, "telegram:2")])
    met = asyncio.Barrier(2)
    tries = 0

    async def cross(first: str, second: str) -> None:
        async def verb(tx: Tx) -> None:
            nonlocal tries
            tries += 1
            await tx.one("chat_lock", chat=first)
            if tries <= 2:
                await met.wait()
            await tx.one("chat_lock", chat=second)

        await store.write(verb)

    await asyncio.gather(cross("telegram:1", "telegram:2"), cross("telegram:2", "telegram:1"))
    assert tries > 2


async def test_an_event_that_comes_in_during_a_turn_of_its_chat_is_not_forgotten(
    store: PostgresStore,
) -> None:
    await store.ingest([event(1)])
    coming: list[asyncio.Future[object]] = []

    async def turn(tx: Tx, head: Head) -> TurnWrites:
        if not coming:
            coming.append(asyncio.ensure_future(store.ingest([event(2)])))
            # The newcomer waits for the chat that this turn holds.
            while not await blocked(store):
                pass
        return await echo(tx, head)

    await run(store, turn)
    await asyncio.gather(*coming)
    assert await drain(store) == 1


async def blocked(store: Store) -> bool:
    """Whether a statement of this test's tables waits for a lock."""
    assert isinstance(store, PostgresStore)
    async with store._pool.connected() as connection:
        waiting: int = await connection.fetchval(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN "
            "(SELECT pid FROM pg_locks WHERE relation = 'chat'::regclass)"
        )
    return waiting > 0


async def test_without_dedupe_an_event_would_have_two_turns(postgres_address: str) -> None:
    for planted, turns in (
        (PostgresStore, 1),
        (rewritten(("event_put", "SELECT channel, provider_id,", "SELECT channel, random(),")), 2),
    ):
        store = planted(postgres_address)
        await store.open()
        await store.ingest([event(f"{turns}")])
        await store.ingest([event(f"{turns}")])
        assert await drain(store) == turns
        await store.close()


async def test_how_sending_ended_shares_a_transaction_and_its_failure_is_its_own(
    store: PostgresStore, other: asyncpg.Connection
) -> None:
    me = Outlet("me", frozenset({"telegram"}))

    async def beside(number: int, message: int, reference: str) -> tuple[Received, object]:
        result = SendResult(message, "sent", provider_ref=reference, ended_at=NOW)
        patient = store.sent("me", [result], soon=False)
        await asyncio.sleep(0)
        told = await receive(store, event(number), outlet=me)
        [ended] = await asyncio.gather(patient, return_exceptions=True)
        return told, ended

    [first] = (await receive(store, event(1), outlet=me)).report.handed
    shared, ended = await beside(2, first.id, "ref")
    assert (list(shared.fresh), shared.report.done, ended) == ([True], 1, None)
    assert await other.fetchval("SELECT status FROM outbox WHERE id = $1", first.id) == "sent"
    written = "SELECT xmin FROM outbox UNION SELECT xmin FROM event WHERE provider_id = '2'"
    assert len(await other.fetch(written)) == 1

    [second] = shared.report.handed
    broken, error = await beside(3, second.id, "\0 is nothing that PostgreSQL can hold")
    assert (list(broken.fresh), broken.report.done) == ([True], 1)
    assert isinstance(error, asyncpg.DataError)


def comes_first(other: Store, asks: str) -> RunTurn:
    """A turn during which an event of its chat is put elsewhere; it *asks* its store something."""

    async def turn(tx: Tx, head: Head) -> TurnWrites:
        if head.body == b"2":
            await other.ingest([event(1)])
        if asks:
            await tx.one(asks)
        return await echo(tx, head)

    return turn


async def session_after_two(address: str, planted: Planted, asks: str) -> bytes:
    """What a chat heard of two events, the second of which came while the first was put."""
    mine, elsewhere = planted(address), PostgresStore(address)
    for store in (mine, elsewhere):
        await store.open()
    try:
        await receive(mine, event(0))
        turn = comes_first(elsewhere, asks)
        assert list((await receive(mine, event(2), turn=turn)).fresh) == [True]
        await drain(mine)
    finally:
        for store in (mine, elsewhere):
            await store.close()
    connection = await asyncpg.connect(address)
    try:
        session: bytes = await connection.fetchval("SELECT session FROM chat")
        return session
    finally:
        await connection.close()


async def test_an_arrival_holds_its_chat_before_it_writes_anything_else(
    store: PostgresStore, other: asyncpg.Connection
) -> None:
    await receive(store, event(1))
    async with other.transaction():
        await other.execute("SELECT id FROM chat FOR UPDATE")
        waiting = asyncio.create_task(receive(store, event(2)))
        while not await blocked(store):
            pass
        await other.execute("SET LOCAL lock_timeout = '300ms'")
        await other.execute(
            "INSERT INTO outbox (chat, seq, event, n, body, created_at)"
            " SELECT id, out_seq + 1, 999, 0, '', 0 FROM chat"
        )
        await other.execute("UPDATE chat SET out_seq = out_seq + 1, version = version + 1")
    told = await waiting
    assert list(told.fresh) == [True]
    assert told.report.done + await drain(store) == 1


UNMARKED = ("prompt_write", "turn.mark IS NULL OR", "TRUE OR")
UNHELD = ("prompt_hold", "seen.mark =", "seen.mark IS NOT NULL OR seen.mark =")


@pytest.mark.parametrize("asks", ["", "next_due"], ids=["says", "asks and says"])
async def test_what_was_put_elsewhere_before_a_turn_was_written_goes_first(
    postgres_address: str, asks: str
) -> None:
    assert await session_after_two(postgres_address, PostgresStore, asks) == b"0 1 2 "


@pytest.mark.parametrize(
    ("asks", "planted"), [("", UNMARKED), ("next_due", UNHELD)], ids=["marks", "hold"]
)
async def test_without_the_mark_of_a_chat_it_would_go_last(
    postgres_address: str, asks: str, planted: tuple[str, str, str]
) -> None:
    assert await session_after_two(postgres_address, rewritten(planted), asks) != b"0 1 2 "


async def test_turns_that_ask_nothing_are_two_ways_to_the_server(
    store: PostgresStore, other: asyncpg.Connection
) -> None:
    async def timed(tx: Tx, head: Head) -> TurnWrites:
        echoed = await echo(tx, head)
        timers = [Timer("idle", NOW + 9, b"{}")]
        return msgspec.structs.replace(echoed, timers=timers, dropped_timers=["idle", "other"])

    await store.ingest([event(1)])
    await drain(store)
    asked: list[str] = []
    async with store._pool.connected() as connection:
        connection.add_query_logger(lambda record: asked.append(record.query))
    await receive(store, event(2), turn=timed)
    known = store._statements
    assert asked == [known["prompt_heads"].sql, known["turn_write"].sql]
    timers = "SELECT provider_id, due_at FROM event WHERE channel = 'timer'"
    assert [tuple(row) for row in await other.fetch(timers)] == [("telegram:1:idle", NOW + 9)]
