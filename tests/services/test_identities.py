"""Identities: one person under several names, and a name that passes to somebody else."""

from datetime import UTC, datetime

import pytest

from data.store import Store
from services import identities
from tests.desk import Desk

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)


@pytest.fixture
def store(desk: Desk) -> Store:
    return desk.store


async def chat(store: Store, *names: str) -> str:
    return await store.write(lambda tx: identities.chat_of(tx, "whatsapp", names, now=NOW))


async def test_a_person_keeps_one_chat_under_every_name(store: Store) -> None:
    by_number = await chat(store, "wa:628110000001")

    both = await chat(store, "bsuid:ID.1", "wa:628110000001")
    without_number = await chat(store, "bsuid:ID.1")

    assert by_number == both == without_number


async def test_no_name_stands_in_the_chat(store: Store) -> None:
    found = await chat(store, "bsuid:ID.1", "wa:628110000001")

    assert "628110000001" not in found and "ID.1" not in found


async def test_a_recycled_number_is_somebody_else(store: Store) -> None:
    before = await chat(store, "bsuid:ID.1", "wa:628110000001")

    after = await chat(store, "bsuid:ID.2", "wa:628110000001")

    assert after != before
    assert await chat(store, "wa:628110000001") == after
    assert await chat(store, "bsuid:ID.1") == before


async def test_names_come_newest_first(store: Store) -> None:
    found = await chat(store, "bsuid:ID.1", "wa:628110000001")

    async with store.read() as tx:
        assert set(await identities.names_of(tx, found)) == {"bsuid:ID.1", "wa:628110000001"}
        assert await identities.names_of(tx, "whatsapp:nobody") == []


async def test_the_time_of_the_last_word_never_goes_back(store: Store) -> None:
    found = await chat(store, "bsuid:ID.1")
    later, sooner = NOW.replace(hour=5), NOW.replace(hour=4)

    for at in (later, sooner):
        await store.write(lambda tx, at=at: identities.heard(tx, found, at))

    async with store.read() as tx:
        row = await tx.one("identity_of", chat=found)
    assert row is not None and row["heard_at"] == later.timestamp() * 1_000_000
