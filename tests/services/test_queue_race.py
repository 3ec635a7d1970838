"""Four processes claim three hundred requests: every request has one winner."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from data.opening import open_store
from tests.desk import ADMIN, BENNY, DIMAS, MONDAY_TEN, RINA, Desk, enrol
from tests.stores import postgres_store

ROOT = Path(__file__).resolve().parents[2]
REQUESTS = 300
LONGEST = 120
"""Seconds after which a race counts as stuck."""
CLAIMERS = (RINA, DIMAS, BENNY, ADMIN)

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", "postgres"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    async with _address(request.param, tmp_path) as url:
        store = open_store(url)
        await store.open()
        desk = Desk(store)
        await store.write(lambda tx: enrol(tx, MONDAY_TEN))
        await asyncio.gather(*(desk.file(chat=f"web:{n}") for n in range(REQUESTS)))
        await store.close()
        yield url


@asynccontextmanager
async def _address(engine: str, folder: Path) -> AsyncIterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'race.db'}"
    else:
        async with postgres_store() as url:
            yield url


async def race(url: str, *how: str) -> list[list[str]]:
    """What each claimer won; all begin together."""
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.services.claimer", url, officer.id, *how),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for officer in CLAIMERS
    ]
    try:
        async with asyncio.timeout(LONGEST):
            for process in processes:
                assert process.stdout and await process.stdout.readline() == b"ready\n"
            told = await asyncio.gather(*(one.communicate(b"go\n") for one in processes))
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()
    assert [process.returncode for process in processes] == [0] * len(processes)
    return [json.loads(out) for out, _ in told]


@pytest.mark.parametrize("how", ["each", "next"])
async def test_four_processes_and_three_hundred_requests_have_exactly_three_hundred_winners(
    url: str, how: str
) -> None:
    won = [number for numbers in await race(url, how) for number in numbers]

    assert len(won) == REQUESTS
    assert len(set(won)) == REQUESTS


async def test_without_its_condition_the_same_claim_has_more_winners_than_requests(
    url: str,
) -> None:
    won = [number for numbers in await race(url, "each", "broken") for number in numbers]

    assert len(won) > REQUESTS
