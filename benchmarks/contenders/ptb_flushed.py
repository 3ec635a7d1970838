"""The same bot with PicklePersistence flushed after every turn, 1,000 chats stored before."""

import json
from itertools import count
from pathlib import Path
from typing import Any

from telegram import Update
from telegram.ext import PicklePersistence

from benchmarks.contenders.ptb import NAME, built
from benchmarks.contenders.telegram import update
from benchmarks.load import ANSWER, FORM, QUESTIONS, Sample, Task, chats, closed_loop

FIRST = 10_000_000


async def play(task: Task) -> Sample:
    path = Path(task.folder) / "ptb.pickle"
    path.unlink(missing_ok=True)
    kept: Any = PicklePersistence(path, update_interval=60)
    stored = range(FIRST, FIRST + task.stored)
    kept.user_data = {chat: {f"a{n}": ANSWER for n in range(len(QUESTIONS))} for chat in stored}
    kept.chat_data, kept.bot_data = {1: {"x": 1}}, {"x": 1}
    kept.conversations = {NAME: {(chat, chat): 3 for chat in stored}}
    bot: Any = await built(kept)
    await bot.start()
    await bot.update_persistence()
    ids = count(1)

    async def say(chat: int, text: str) -> None:
        raw = json.loads(update(next(ids), chat, text))
        await bot.process_update(Update.de_json(raw, bot.bot))
        await bot.update_persistence()

    measured = await closed_loop(
        say, FORM, concurrent=task.concurrent, seconds=task.seconds, numbers=chats()
    )
    await bot.stop()
    return measured
