"""The whole benchmark: contenders, rounds, goals and the table."""

import asyncio
import os
import secrets
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import asyncpg

from benchmarks.goals import GOALS, Result, judged, together
from benchmarks.load import Task
from benchmarks.rounds import ROOT, Contender, Samples, interleaved, run

POSTGRES = "postgresql://postgres@127.0.0.1:5432/test"
PTB_STORED = 1_000
PLAIN_STORED = 2_000
ANATOMY = "anatomy"


@dataclass(frozen=True)
class Effort:
    """How long to measure."""

    rounds: int
    seconds: float
    sizes: Mapping[str, Sequence[int]]


FULL = Effort(
    7, 1.5, {"stored": (50_000, 1_000_000), "claims": (1_000, 10_000, 100_000, 1_000_000)}
)
QUICK = Effort(2, 0.7, {"stored": (5_000, 50_000), "claims": (1_000, 5_000, 20_000, 100_000)})
"""A look in two minutes; it measures other sizes than the goals name."""


@dataclass(frozen=True)
class Report:
    """What was measured: goals, every contender, and what a turn's time goes into."""

    results: list[Result]
    samples: Samples
    titles: Mapping[str, str]
    parts: Mapping[str, float]

    @property
    def passed(self) -> bool:
        """Whether every goal of the list was measured and reached its floor."""
        return len(self.results) == len(GOALS) and all(
            result.verdict != "MISSED" for result in self.results
        )


def measure(effort: Effort, told: Callable[[str], None] = lambda line: None) -> Report:
    """Run everything. Raises `benchmarks.rounds.ContenderFailed`."""
    (ROOT / "var").mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=ROOT / "var", prefix="bench-") as folder,
        own_schema() as postgres,
    ):
        known = contenders(folder, postgres)
        many = {
            name: contender
            for module in ("stored", "claims")
            for name, contender in sized(module, folder, effort.sizes[module])
        }
        for contender in many.values():
            told(f"fill: {contender.title}")
            run(contender, 0.1)
        known |= many
        samples = interleaved(
            known, together(known), rounds=effort.rounds, seconds=effort.seconds, told=told
        )
        opened = run(Contender("where the time goes", ANATOMY, known["sqlite 16"].task), 3.0)
    titles = {name: contender.title for name, contender in known.items()}
    return Report(judged(samples), samples, titles, opened.parts)


def contenders(folder: str, postgres: str) -> dict[str, Contender]:
    """All that run in every round."""

    def ours(engine: str, chats: int, store: str) -> tuple[str, Contender]:
        task = Task(folder, concurrent=chats, store=store)
        return f"{engine} {chats}", Contender(f"ours, {engine}, {chats} chats", "ours", task)

    at_rest = Task(folder)
    plain = Task(folder, concurrent=16, store=postgres, stored=PLAIN_STORED)
    flushed = Task(folder, stored=PTB_STORED)
    chat = Task(folder, store=f"sqlite:///{folder}/chat.db")
    desk = Task(folder, concurrent=50, store=f"sqlite:///{folder}/console.db", stored=10_000)
    return {
        **dict(ours("sqlite", n, f"sqlite:///{folder}/ours{n}.db") for n in (1, 16, 128)),
        **dict(ours("postgres", n, postgres) for n in (1, 16, 128)),
        "raw sqlite": Contender("raw sqlite3 loop, 32 turns a commit", "raw_sqlite", at_rest),
        "aiogram memory": Contender("aiogram FSM, MemoryStorage", "aiogram_memory", at_rest),
        "aiogram sqlite": Contender("aiogram, sqlite-storage", "aiogram_sqlite", at_rest),
        "ptb": Contender("python-telegram-bot, nothing kept", "ptb", at_rest),
        "ptb flushed": Contender("python-telegram-bot, pickle each turn", "ptb_flushed", flushed),
        "asyncpg plain": Contender("asyncpg, 7 statements, 16 chats", "asyncpg_plain", plain),
        "first line": Contender("bot.py chat, first line", "first_line", chat),
        "console": Contender("queue page, 50 officers, 10,000 waiting", "console", desk),
        "understand": Contender("plain words, one message", "understand", at_rest),
    }


def sized(module: str, folder: str, sizes: Sequence[int]) -> Iterator[tuple[str, Contender]]:
    """A contender over few and over more rows, named as the goals name the full sizes."""
    for named, size in zip(FULL.sizes[module], sizes, strict=True):
        store = f"sqlite:///{folder}/{module}{size}.db"
        task = Task(folder, concurrent=16, store=store, stored=size)
        yield f"{module} {named}", Contender(f"ours, {module}: {size:,}", module, task)


@contextmanager
def own_schema() -> Iterator[str]:
    """The address of a PostgreSQL schema of this run (CHIKA_TEST_POSTGRES), dropped at the end."""
    url = os.environ.get("CHIKA_TEST_POSTGRES", POSTGRES)
    schema = f"bench_{secrets.token_hex(6)}"

    async def command(sql: str) -> None:
        connection = await asyncpg.connect(url)
        await connection.execute("SET client_min_messages = warning")
        await connection.execute(sql)
        await connection.close()

    asyncio.run(command(f"CREATE SCHEMA {schema}"))
    try:
        yield f"{url}{'&' if '?' in url else '?'}search_path={schema}"
    finally:
        asyncio.run(command(f"DROP SCHEMA {schema} CASCADE"))
