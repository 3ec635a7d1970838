"""Duties: one has it, the others wait, and after a death it passes on."""

import asyncio
from datetime import datetime, timedelta

import pytest

from data.store import Store
from services import duties
from services.duties import TERM
from tests.desk import MONDAY_TEN, Desk


@pytest.fixture
def store(desk: Desk) -> Store:
    return desk.store


async def take(store: Store, owner: str, now: datetime = MONDAY_TEN) -> datetime | None:
    return await store.write(lambda tx: duties.take(tx, "poll:1", owner, now=now))


async def test_one_of_many_at_once_has_it(store: Store) -> None:
    taken = await asyncio.gather(*(take(store, f"p{n}") for n in range(8)))
    assert [until for until in taken if until] == [MONDAY_TEN + TERM]


async def test_it_is_kept_while_its_owner_lives_and_passes_on_after_its_death(
    store: Store,
) -> None:
    second = timedelta(seconds=1)
    assert await take(store, "a")
    assert await take(store, "a", MONDAY_TEN + TERM - second)
    assert await take(store, "b", MONDAY_TEN + TERM + second) is None
    assert await take(store, "b", MONDAY_TEN + 2 * TERM - second)
    assert await take(store, "a", MONDAY_TEN + 2 * TERM) is None


async def test_only_its_owner_can_give_it_up(store: Store) -> None:
    await take(store, "a")
    await store.write(lambda tx: duties.give_up(tx, "poll:1", "b"))
    assert await take(store, "b") is None
    await store.write(lambda tx: duties.give_up(tx, "poll:1", "a"))
    assert await take(store, "b")


async def test_another_duty_is_another_matter(store: Store) -> None:
    await take(store, "a")
    assert await store.write(lambda tx: duties.take(tx, "poll:2", "b", now=MONDAY_TEN))
