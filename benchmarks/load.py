"""The load: chats that answer as soon as they hear, and what was measured meanwhile."""

import asyncio
import gc
import resource
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import count, islice
from pathlib import Path

import msgspec

ANSWER = "Jawaban sepanjang empat puluh huruf, sungguh"
QUESTIONS = tuple(f"Question {n} of 6: please give your answer to number {n}" for n in range(1, 7))
THANKS = "Thank you"
START = "/start"
PIECE = 2**20
FORM = (START, *[ANSWER] * len(QUESTIONS))
"""What a peer's chat says: the start and six answers."""

Say = Callable[[int, str], Awaitable[None]]
"""One turn: the chat of this number says a text; returns when its answer was sent."""


class Task(msgspec.Struct, frozen=True):
    """What a contender is told: how many chats talk at a time, how long, and where it may write.

    *store* is the address of the database for those that need one, *stored* how many chats are
    there already.
    """

    folder: str
    concurrent: int = 1
    seconds: float = 1.0
    store: str = ""
    stored: int = 0


def sqlite_file(task: Task) -> tuple[str, bool]:
    """The path of the task's SQLite store, and whether an earlier run has filled it.

    It is then read once: a machine may have taken back the memory of a file that rested, and the
    disk would be measured instead of the product.
    """
    path = Path(task.store.removeprefix("sqlite:///"))
    filled = path.exists()
    if filled:
        with path.open("rb", buffering=0) as file:
            while file.read(PIECE):
                pass
    return str(path), filled


class Sample(msgspec.Struct, frozen=True):
    """What one run of one contender gave.

    *rate* is turns in a second, *cpu* the microseconds of this process's CPU that one turn took,
    *p50* and *p99* milliseconds from an update's arrival to its answer, *memory* the MiB that the
    process held at the end. *parts* tells what a turn's time went into, microseconds each.
    """

    rate: float
    cpu: float
    p50: float
    p99: float
    memory: float
    parts: dict[str, float] = {}


def chats() -> Iterator[int]:
    """Numbers of chats that no earlier run used."""
    return count(time.time_ns() // 1000)


async def closed_loop(
    say: Say, texts: Sequence[str], *, concurrent: int, seconds: float, numbers: Iterator[int]
) -> Sample:
    """Let *concurrent* chats at a time say *texts* one by one, for so many seconds.

    As many first ones warm everything up, each connection too, and are not counted.
    """

    async def warm(number: int) -> None:
        for text in texts:
            await say(number, text)

    await asyncio.gather(*(warm(number) for number in islice(numbers, concurrent)))
    took: list[float] = []
    end = 0.0

    async def talk() -> None:
        for number in numbers:
            for text in texts:
                began = time.perf_counter()
                if began > end:
                    return
                await say(number, text)
                took.append(time.perf_counter() - began)

    gc.collect()
    cpu, began = time.process_time(), time.perf_counter()
    end = began + seconds
    await asyncio.gather(*(talk() for _ in range(concurrent)))
    return sample(took, time.perf_counter() - began, time.process_time() - cpu)


def sample(took: Sequence[float], seconds: float, cpu: float, each: int = 1) -> Sample:
    """A sample from the seconds that each measured step took; a step is *each* turns."""
    turns = len(took) * each
    ordered = sorted(took)
    return Sample(
        rate=turns / seconds,
        cpu=cpu / turns * 1e6,
        p50=ordered[len(ordered) // 2] * 1e3,
        p99=ordered[int(len(ordered) * 0.99)] * 1e3,
        memory=memory(),
    )


def memory() -> float:
    """MiB that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20
