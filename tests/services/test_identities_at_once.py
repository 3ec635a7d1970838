"""Identities: deliveries of one moment make out one person, not two."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from data.postgres import PostgresStore
from data.store import Tx
from services import identities
from tests.desk import postgres_desk

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)
NUMBER = "wa:628110000001"

Verb = Callable[[Tx], Coroutine[Any, Any, Any]]


@pytest.fixture
async def store() -> AsyncIterator[PostgresStore]:
    async with postgres_desk() as desk:
        assert isinstance(desk.store, PostgresStore)
        yield desk.store


def chat_of(*names: str) -> Verb:
    return partial(identities.chat_of, channel="whatsapp", names=names, now=NOW)


def renamed(before: str, after: str) -> Verb:
    return partial(identities.renamed, channel="whatsapp", before=[before], after=[after], now=NOW)


async def meanwhile(store: PostgresStore, first: Verb, second: Verb) -> Sequence[Any]:
    """What both return where *second* comes before *first* is committed."""
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(tx: Tx) -> Any:
        found = await first(tx)
        begun.set()
        await go_on.wait()
        return found

    slow = asyncio.create_task(store.write(slowly))
    await begun.wait()
    quick = asyncio.create_task(store.write(second))
    while not (quick.done() or await waits(store)):
        pass
    go_on.set()
    return await asyncio.gather(slow, quick)


async def waits(store: PostgresStore) -> bool:
    """Whether somebody waits for a transaction that wrote names."""
    async with store._pool.connected() as connection:
        waiting: int = await connection.fetchval(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_blocking_pids(pid)"
            " && ARRAY(SELECT pid FROM pg_locks WHERE relation = 'identity_alias'::regclass)"
        )
    return waiting > 0


@pytest.mark.parametrize(
    "deliveries",
    [
        ([NUMBER], ["bsuid:ID.1", NUMBER]),
        (["bsuid:ID.1", NUMBER], [NUMBER]),
        (["bsuid:ID.1", NUMBER], ["bsuid:ID.1"]),
    ],
)
async def test_two_deliveries_at_once_are_of_one_person(
    store: PostgresStore, deliveries: tuple[list[str], list[str]]
) -> None:
    first, second = await meanwhile(store, *(chat_of(*names) for names in deliveries))
    assert first == second


async def test_who_writes_while_the_number_changes_keeps_the_chat(store: PostgresStore) -> None:
    before: str = await store.write(chat_of("wa:628110000009"))
    _, after = await meanwhile(store, renamed("wa:628110000009", NUMBER), chat_of(NUMBER))
    assert before == after
