"""Officers who take the first request of a branch and give it back, while so many wait at all.

The whole verbs of the desk: look for lapsed claims, claim, audit, tell the participant.
"""

import asyncio
import random
import sqlite3
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks.load import Sample, Task, sample, sqlite_file
from bot.bootstrap import read_product
from bot.config import load
from data.instants import SystemClock, to_us
from data.opening import open_store
from data.store import Tx
from services import officers, queue
from services.leases import Rules
from services.officers import Officer

FLOWS = Path(__file__).parents[1] / "flows"
OFFICER = Officer("bench", "Bench", "", "admin")
RULES = Rules(lease=timedelta(minutes=15))
WAITING = """
INSERT INTO request (number, submission, chat, service, branch, answers, report, report_masked,
                     digest, queued_at, due_at, filed_at)
VALUES (?, ?, ?, 'Z', ?, '{}', ?, ?, 'd', ?, ?, ?)
"""
REPORT = "FORMULIR CONTOH\n" * 20


async def prepare(task: Task, branches: Sequence[str], now: datetime) -> None:
    """Let so many requests wait, spread over all branches."""
    path, filled = sqlite_file(task)
    if filled:
        return
    store = open_store(task.store)
    await store.open()
    await store.write(partial(officers.add, officer=OFFICER, now=now))
    await store.close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN")
    first = to_us(now) - task.stored
    connection.executemany(
        WAITING,
        (
            (
                f"Z-{n}",
                f"bench/{n}",
                f"bench:{n}",
                branches[n % len(branches)],
                REPORT,
                REPORT,
                *(first + n,) * 3,
            )
            for n in range(task.stored)
        ),
    )
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


async def play(task: Task) -> Sample:
    reference = read_product(load(environ={}), FLOWS).reference
    branches, now = list(reference.branches), SystemClock().now()
    await prepare(task, branches, now)
    store = open_store(task.store)
    await store.open()
    chance, took = random.Random(7), list[float]()
    end = time.perf_counter() + task.seconds

    async def take_and_give_back(tx: Tx) -> None:
        taken = await queue.claim_next(
            tx,
            OFFICER,
            chance.choice(branches),
            now=now,
            calendar=reference.calendar,
            rules=RULES,
        )
        assert taken is not None
        await queue.release(tx, OFFICER, taken.number, now=now)

    async def officer() -> None:
        while (began := time.perf_counter()) < end:
            await store.write(take_and_give_back)
            took.append(time.perf_counter() - began)

    cpu, began = time.process_time(), time.perf_counter()
    await asyncio.gather(*(officer() for _ in range(task.concurrent)))
    measured = sample(took, time.perf_counter() - began, time.process_time() - cpu)
    await store.close()
    return measured
