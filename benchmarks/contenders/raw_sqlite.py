"""The limit: a bare sqlite3 loop that writes what a durable turn must, 32 turns in one commit."""

import random
import sqlite3
import time
from itertools import count
from pathlib import Path

import msgspec

from benchmarks.load import ANSWER, Sample, Task, sample

TURNS_PER_COMMIT = 32
STORED = 50_000
CONTEXT = {"answers": {f"q{n}": {"text": ANSWER, "at": 1_700_000_000 + n} for n in range(18)}}
SAID = msgspec.json.encode({"text": "Thank you. The next question is number four.", "put": 4})
HEARD = msgspec.json.encode({"update_id": 1, "message": {"chat": {"id": 1}, "text": ANSWER}})
SCHEMA = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE inbound (id INTEGER PRIMARY KEY, chat INTEGER NOT NULL, body BLOB NOT NULL);
CREATE TABLE session (chat INTEGER PRIMARY KEY, context BLOB NOT NULL, version INTEGER NOT NULL);
CREATE TABLE outbox (id INTEGER PRIMARY KEY, chat INTEGER NOT NULL, update_id INTEGER NOT NULL,
                     body BLOB NOT NULL, status INTEGER NOT NULL DEFAULT 0);
CREATE INDEX outbox_pending ON outbox (id) WHERE status = 0;
CREATE TABLE log (id INTEGER PRIMARY KEY, chat INTEGER NOT NULL, update_id INTEGER NOT NULL);
CREATE INDEX log_chat ON log (chat, id);
"""


def fresh(task: Task) -> sqlite3.Connection:
    """A new file with `STORED` sessions of 1.7 KB."""
    path = Path(task.folder) / "raw.db"
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    connection.executescript(SCHEMA)
    connection.execute("BEGIN")
    context = msgspec.json.encode(CONTEXT)
    rows = ((chat, context) for chat in range(STORED))
    connection.executemany("INSERT INTO session VALUES (?, ?, 1)", rows)
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return connection


def turn(connection: sqlite3.Connection, number: int, chat: int) -> None:
    """Read, decode, change, encode, and write everything."""
    ask = connection.execute
    ask("INSERT INTO inbound VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (number, chat, HEARD))
    context, version = ask(
        "SELECT context, version FROM session WHERE chat = ?", (chat,)
    ).fetchone()
    known = msgspec.json.decode(context)
    known["answers"][f"q{number % 18}"]["text"] = ANSWER
    ask(
        "UPDATE session SET context = ?, version = version + 1 WHERE chat = ? AND version = ?",
        (msgspec.json.encode(known), chat, version),
    )
    for _ in range(2):
        ask("INSERT INTO outbox (chat, update_id, body) VALUES (?, ?, ?)", (chat, number, SAID))
    ask("INSERT INTO log (chat, update_id) VALUES (?, ?)", (chat, number))


async def play(task: Task) -> Sample:
    connection, chance, numbers = fresh(task), random.Random(3), count(1)
    took: list[float] = []
    cpu, began = time.process_time(), time.perf_counter()
    while (now := time.perf_counter()) < began + task.seconds:
        connection.execute("BEGIN IMMEDIATE")
        for _ in range(TURNS_PER_COMMIT):
            turn(connection, next(numbers), chance.randrange(STORED))
        connection.execute("COMMIT")
        took.append(time.perf_counter() - now)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    connection.close()
    return sample(took, seconds, cpu, each=TURNS_PER_COMMIT)
