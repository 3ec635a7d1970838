"""A duty at work: who has it works, who has not waits, who loses it stops."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.runtime.duty import Duty
from data.store import Tx
from services import duties
from services.duties import TERM
from tests.bot.runtime.stage import Flaky, until
from tests.desk import SetClock
from tests.stores import sqlite_store


class Worker:
    """One process's share: a duty, and whether it is working."""

    def __init__(self, store: Flaky, clock: SetClock, owner: str) -> None:
        self.busy = False
        self.begun = 0
        self.looks = 0
        self._duty = Duty(store, clock, "poll:1", owner, self._pause)
        self.task = asyncio.create_task(self._duty.alone(self._work))

    async def _work(self) -> None:
        self.begun += 1
        self.busy = True
        try:
            await asyncio.Event().wait()
        finally:
            self.busy = False

    async def _pause(self, seconds: float) -> None:
        self.looks += 1
        await asyncio.sleep(0.001)

    async def end(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def looks_again(self) -> None:
        before = self.looks
        await until(lambda: self.looks > before + 2)


class Team:
    """A store that two processes share, and its clock."""

    def __init__(self, store: Flaky) -> None:
        self.store = store
        self.clock = SetClock()
        self.all: list[Worker] = []

    def join(self, owner: str) -> Worker:
        self.all.append(Worker(self.store, self.clock, owner))
        return self.all[-1]


@pytest.fixture
async def team(tmp_path: Path) -> AsyncIterator[Team]:
    await sqlite_store(tmp_path / "chika.db")
    store = Flaky(tmp_path / "chika.db")
    await store.open()
    team = Team(store)
    yield team
    for worker in team.all:
        await worker.end()
    await store.close()


async def test_one_works_and_the_other_follows_when_it_is_stopped(team: Team) -> None:
    first = team.join("a")
    await until(lambda: first.busy)
    second = team.join("b")
    await second.looks_again()
    assert not second.busy
    await first.end()
    await until(lambda: second.busy)
    assert not first.busy


async def test_after_a_death_the_other_follows_when_the_term_is_over(team: Team) -> None:
    await team.store.write(lambda tx: _take(tx, "dead", team.clock))
    second = team.join("b")
    await second.looks_again()
    assert not second.busy
    team.clock.at += TERM
    await until(lambda: second.busy)


async def test_who_lost_it_stops_and_begins_anew_when_it_is_free(team: Team) -> None:
    worker = team.join("a")
    await until(lambda: worker.busy)
    await team.store.write(lambda tx: _steal(tx, "thief", team.clock))
    await until(lambda: not worker.busy)
    team.clock.at += TERM
    await until(lambda: worker.begun == 2)


async def test_who_cannot_put_the_end_off_stops_in_time(team: Team) -> None:
    worker = team.join("a")
    await until(lambda: worker.busy)
    team.store.busy["write"] = 10_000
    await worker.looks_again()
    assert worker.busy, "a short trouble of the store ends nothing"
    team.clock.at += TERM + timedelta(seconds=1)
    await until(lambda: not worker.busy)
    team.store.busy["write"] = 0
    await until(lambda: worker.begun == 2)


async def test_it_ends_with_the_work_and_with_its_trouble(team: Team) -> None:
    async def fails() -> None:
        raise ZeroDivisionError

    duty = Duty(team.store, team.clock, "poll:1", "a")
    with pytest.raises(ZeroDivisionError):
        await duty.alone(fails)
    worker = team.join("b")
    await until(lambda: worker.busy)


async def _take(tx: Tx, owner: str, clock: SetClock) -> None:
    assert await duties.take(tx, "poll:1", owner, now=clock.now())


async def _steal(tx: Tx, owner: str, clock: SetClock) -> None:
    await tx.run("duty_end_all")
    await _take(tx, owner, clock)
