"""The product over many stored chats: each turn meets one of them, in random order.

The chats all wait at the second question, as they were left by a real turn, each with its timers.
"""

import random
import sqlite3

import msgspec

from benchmarks.contenders.ours import TEXTS, Deaf, product, settled, speaker
from benchmarks.load import Sample, Task, chats, closed_loop, memory, sqlite_file

LEFT_AFTER = 3
FIRST = 10_000_000
STRIDE = 611_953
"""A prime, so that stepping by it meets every chat once, in no order of the file."""
COPIES = """
BEGIN;
WITH RECURSIVE chats (number) AS (
  SELECT {first} UNION ALL SELECT number + 1 FROM chats WHERE number + 1 < {first} + {stored})
INSERT INTO chat (id, session, version, out_seq, ready_at)
SELECT 'bench:' || chats.number, session, version, out_seq, ready_at
  FROM chats, chat WHERE chat.id = 'bench:1';
WITH RECURSIVE chats (number) AS (
  SELECT {first} UNION ALL SELECT number + 1 FROM chats WHERE number + 1 < {first} + {stored})
INSERT INTO event (channel, provider_id, chat, body, received_at, due_at)
SELECT channel, replace(provider_id, 'bench:1:', 'bench:' || chats.number || ':'),
       'bench:' || chats.number, body, received_at, due_at
  FROM chats, event WHERE event.chat = 'bench:1' AND event.channel = 'timer' AND status = 'new';
COMMIT;
PRAGMA wal_checkpoint(TRUNCATE);
"""


async def prepare(task: Task) -> None:
    """Let one chat come to the second question, and copy it; done once for a file."""
    path, filled = sqlite_file(task)
    if filled:
        return
    channel = Deaf()
    async with product(task, channel) as app:
        say = speaker(app, channel)
        for text in TEXTS[:LEFT_AFTER]:
            await say(1, text)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(COPIES.format(first=FIRST, stored=task.stored))
    connection.close()


async def play(task: Task) -> Sample:
    await prepare(task)
    channel = Deaf()
    async with product(task, channel) as app:
        start = random.randrange(task.stored)
        # a list of all would be the largest thing in memory
        numbers = (FIRST + (start + n * STRIDE) % task.stored for n in range(task.stored))
        measured = await closed_loop(
            await settled(speaker(app, channel), chats()),
            TEXTS[LEFT_AFTER:],
            concurrent=task.concurrent,
            seconds=task.seconds,
            numbers=numbers,
        )
        return msgspec.structs.replace(measured, memory=memory())
