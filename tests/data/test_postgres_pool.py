"""Connections: which are kept for the next batch, and which are given back."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from data.postgres_pool import Pool, open_pool
from data.store import StoreBusy


@pytest.fixture
async def pool(postgres_address: str) -> AsyncIterator[Pool]:
    opened = await open_pool(postgres_address)
    yield opened
    await opened.close()


async def test_a_connection_is_kept_for_who_comes_next_and_for_one_at_a_time(pool: Pool) -> None:
    async with pool.connected(keep=True) as first, pool.connected(keep=True) as second:
        assert first.get_server_pid() != second.get_server_pid()
    async with pool.connected(keep=True) as third:
        assert third is first
    assert pool._kept == [second, first]


async def test_after_an_error_a_connection_is_not_kept(pool: Pool) -> None:
    with pytest.raises(ZeroDivisionError):
        async with pool.connected(keep=True) as connection:
            pid = connection.get_server_pid()
            raise ZeroDivisionError
    assert pool._kept == []
    async with pool.connected() as connection:
        assert connection.get_server_pid() == pid


@pytest.mark.parametrize("keep", [False, True])
async def test_a_connection_of_unknown_state_is_ended(pool: Pool, keep: bool) -> None:
    with pytest.raises(StoreBusy):
        async with pool.connected(keep=keep) as connection:
            pid = connection.get_server_pid()
            raise StoreBusy("the server was silent")
    async with pool.connected(keep=keep) as connection:
        assert connection.get_server_pid() != pid
        assert await connection.fetchval("SELECT 1") == 1


async def test_a_connection_that_ended_meanwhile_is_replaced(pool: Pool) -> None:
    async with pool.connected(keep=True) as connection:
        pid, ended = connection.get_server_pid(), asyncio.Event()
        connection.add_termination_listener(lambda connection: ended.set())
    async with pool.connected() as other:
        await other.execute("SELECT pg_terminate_backend($1)", pid)
    await ended.wait()
    async with pool.connected(keep=True) as connection:
        assert await connection.fetchval("SELECT 1") == 1


async def test_what_is_kept_does_not_hold_up_the_end(postgres_address: str) -> None:
    pool = await open_pool(postgres_address)
    async with pool.connected(keep=True):
        pass
    async with asyncio.timeout(10):
        await pool.close()
    assert pool._kept == [] and pool._pool.get_size() == 0
