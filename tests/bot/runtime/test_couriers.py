"""Tasks that carry messages: none waits for another, and one that rests carries the next."""

import asyncio

import pytest

from bot.runtime import couriers
from bot.runtime.couriers import Couriers
from data.store import Outgoing
from tests.bot.runtime.stage import until


class Road:
    """Where messages are under way until they are let through; and which task carried each."""

    def __init__(self) -> None:
        self.open: dict[int, asyncio.Event] = {}
        self.by: dict[int, asyncio.Task[None] | None] = {}
        self.arrived: list[int] = []
        self.couriers = Couriers(self.deliver)

    async def deliver(self, outgoing: Outgoing) -> None:
        self.by[outgoing.id] = asyncio.current_task()
        await self.open[outgoing.id].wait()
        self.arrived.append(outgoing.id)

    def send(self, *numbers: int) -> None:
        for number in numbers:
            self.open[number] = asyncio.Event()
            self.couriers.carry(Outgoing(number, "web:ana", "web", b"", 1))

    async def let_through(self, *numbers: int) -> None:
        for number in numbers:
            self.open[number].set()
        await until(lambda: set(numbers) <= {*self.arrived})


async def test_one_that_rests_carries_the_next() -> None:
    road = Road()
    for number in (1, 2):
        road.send(number)
        await road.let_through(number)
    assert road.by[1] is road.by[2]


async def test_none_waits_for_another() -> None:
    road = Road()
    road.send(1, 2)
    await road.let_through(2)
    await road.let_through(1)
    assert road.by[1] is not road.by[2]


async def test_few_rest_after_many_were_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(couriers, "RESTING", 1)
    road = Road()
    road.send(1, 2, 3)
    await road.let_through(1, 2, 3)
    await until(lambda: sum(task.done() for task in road.by.values() if task) == 2)
    road.send(4)
    await road.let_through(4)
    assert road.by[4] in [road.by[number] for number in (1, 2, 3)]


async def test_one_that_was_cancelled_carries_nothing() -> None:
    road = Road()
    road.send(1)
    await road.let_through(1)
    assert road.by[1]
    road.by[1].cancel()
    await asyncio.sleep(0)
    road.send(2)
    await road.let_through(2)
    assert road.arrived == [1, 2]


async def test_what_is_under_way_can_be_ended() -> None:
    road = Road()
    road.send(1, 2)
    await road.let_through(1)
    road.couriers.cancel()
    await until(lambda: all(task.done() for task in road.by.values() if task))
    assert road.arrived == [1]
    road.send(3)
    await road.let_through(3)
