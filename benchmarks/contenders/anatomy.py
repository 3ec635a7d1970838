"""The product at 16 chats on SQLite, opened up: what a turn's time goes into.

Watching slows it down, so no ratio is taken from here.
"""

import time
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from typing import Any

import msgspec

from benchmarks.contenders.ours import TEXTS, Deaf, product, settled, speaker
from benchmarks.load import Sample, Task, chats, closed_loop
from data.sqlite_writer import SqliteTx, Writer

spent: Counter[str] = Counter()
"""Nanoseconds of a thread's CPU by part, and how often it was called."""


def watched(part: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """*function*, its time counted under *part*."""

    def call(*args: Any, **values: Any) -> Any:
        cpu = time.thread_time_ns()
        try:
            return function(*args, **values)
        finally:
            spent[part] += time.thread_time_ns() - cpu
            spent[f"calls of {part}"] += 1

    return call


def watch() -> None:
    """Put the watchers into the product."""
    turns: Any = import_module("bot.runtime.turns")
    turns.turn = watched("conversation", turns.turn)
    turns.messages = watched("rendering", turns.messages)
    tx: Any = SqliteTx
    tx.ask = watched("statements", tx.ask)
    writer: Any = Writer
    writer._together = watched("jobs", writer._together)
    writer._begin = watched("batches", writer._begin)


async def play(task: Task) -> Sample:
    watch()
    channel = Deaf()
    async with product(task, channel) as app:
        say = await settled(speaker(app, channel), numbers := chats())
        spent.clear()
        began = time.process_time_ns()
        measured = await closed_loop(
            say, TEXTS, concurrent=task.concurrent, seconds=task.seconds, numbers=numbers
        )
        cpu = time.process_time_ns() - began
    return msgspec.structs.replace(measured, parts=parts(cpu))


def parts(cpu: int) -> dict[str, float]:
    """Microseconds of each part for one turn, and how many turns shared a commit."""
    ran = spent["calls of conversation"]
    told = {
        "conversation (pure)": spent["conversation"],
        "rendering": spent["rendering"],
        "statements": spent["statements"],
        "rest of the writer's jobs": spent["jobs"]
        - spent["conversation"]
        - spent["rendering"]
        - spent["statements"],
        "begin": spent["batches"] - spent["jobs"],
        "commit, event loop: inbox, sender, futures, the load itself": cpu - spent["batches"],
    }
    shares = {part: time / ran / 1e3 for part, time in told.items()}
    return shares | {"(turns in one commit)": ran / spent["calls of batches"]}
