"""What most people write: a transaction of seven statements for each turn, through asyncpg."""

from itertools import count
from typing import Any

import asyncpg
import msgspec

from benchmarks.contenders.raw_sqlite import CONTEXT, HEARD, SAID
from benchmarks.load import ANSWER, FORM, Sample, Task, chats, closed_loop

POOL = 16
SCHEMA = """
DROP TABLE IF EXISTS plain_inbound, plain_session, plain_outbox, plain_log;
CREATE TABLE plain_inbound (id BIGINT PRIMARY KEY, chat BIGINT NOT NULL, body BYTEA NOT NULL);
CREATE TABLE plain_session (chat BIGINT PRIMARY KEY, context BYTEA NOT NULL, version INT NOT NULL);
CREATE TABLE plain_outbox (id BIGSERIAL PRIMARY KEY, chat BIGINT NOT NULL,
                           update_id BIGINT NOT NULL, body BYTEA NOT NULL,
                           status SMALLINT NOT NULL DEFAULT 0);
CREATE INDEX plain_outbox_pending ON plain_outbox (id) WHERE status = 0;
CREATE TABLE plain_log (id BIGSERIAL PRIMARY KEY, chat BIGINT NOT NULL, update_id BIGINT NOT NULL);
CREATE INDEX plain_log_chat ON plain_log (chat, id);
"""


async def turn(connection: Any, number: int, chat: int) -> None:
    """Begin, insert, select, update, insert, insert, commit."""
    async with connection.transaction():
        await connection.execute(
            "INSERT INTO plain_inbound VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            *(number, chat, HEARD),
        )
        row = await connection.fetchrow(
            "SELECT context, version FROM plain_session WHERE chat = $1 FOR UPDATE", chat
        )
        known = msgspec.json.decode(row["context"])
        known["answers"][f"q{number % 18}"]["text"] = ANSWER
        await connection.execute(
            "UPDATE plain_session SET context = $1, version = version + 1"
            " WHERE chat = $2 AND version = $3",
            *(msgspec.json.encode(known), chat, row["version"]),
        )
        await connection.execute(
            "INSERT INTO plain_outbox (chat, update_id, body) VALUES ($1, $2, $3), ($1, $2, $3)",
            *(chat, number, SAID),
        )
        await connection.execute(
            "INSERT INTO plain_log (chat, update_id) VALUES ($1, $2)", chat, number
        )


async def play(task: Task) -> Sample:
    size = min(POOL, task.concurrent)
    async with asyncpg.create_pool(task.store, min_size=size, max_size=size) as pool:
        await pool.execute(SCHEMA)
        numbers, context = count(1), msgspec.json.encode(CONTEXT)

        async def say(chat: int, text: str) -> None:
            async with pool.acquire() as connection:
                await turn(connection, next(numbers), chat % task.stored)

        rows = [(chat, context, 1) for chat in range(task.stored)]
        await pool.executemany("INSERT INTO plain_session VALUES ($1, $2, $3)", rows)
        return await closed_loop(
            say, FORM, concurrent=task.concurrent, seconds=task.seconds, numbers=chats()
        )
