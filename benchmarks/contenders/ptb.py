"""python-telegram-bot's ConversationHandler without persistence."""

import json
from itertools import count
from typing import Any

from telegram import Update
from telegram.ext import (
    ApplicationBuilder,
    BasePersistence,
    CommandHandler,
    ConversationHandler,
    MessageHandler,
    filters,
)
from telegram.request import BaseRequest

from benchmarks.contenders.telegram import ANSWERED, update
from benchmarks.load import FORM, QUESTIONS, THANKS, Sample, Task, chats, closed_loop

LONGEST = 200
NAME = "form"
ME = b'{"ok":true,"result":{"id":42,"is_bot":true,"first_name":"B","username":"b"}}'


class Offline(BaseRequest):
    """The Bot API without a network: every request is answered at once."""

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(self, url: str, *_: Any, **__: Any) -> tuple[int, bytes]:
        return 200, ME if url.endswith("getMe") else ANSWERED.encode()


async def begin(heard: Any, context: Any) -> int:
    context.user_data.clear()
    await heard.message.reply_text(QUESTIONS[0])
    return 0


def answer_to(asked: int) -> Any:
    """What happens to an answer to question number *asked*, from 0."""

    async def answer(heard: Any, context: Any) -> int:
        text = heard.message.text
        if not text or len(text) > LONGEST:
            await heard.message.reply_text("Please try again")
            return asked
        context.user_data[f"a{asked}"] = text
        if asked + 1 < len(QUESTIONS):
            await heard.message.reply_text(QUESTIONS[asked + 1])
            return asked + 1
        await heard.message.reply_text(THANKS)
        return ConversationHandler.END

    return answer


async def built(persistence: BasePersistence[Any, Any, Any] | None = None) -> Any:
    """The bot with the form, ready to be fed."""
    builder = ApplicationBuilder().token("42:TEST").updater(None)
    builder = builder.request(Offline()).get_updates_request(Offline())
    bot = (builder.persistence(persistence) if persistence else builder).build()
    text = filters.TEXT & ~filters.COMMAND
    bot.add_handler(
        ConversationHandler(
            [CommandHandler("start", begin)],
            {n: [MessageHandler(text, answer_to(n))] for n in range(len(QUESTIONS))},
            [CommandHandler("start", begin)],
            name=NAME,
            persistent=persistence is not None,
        )
    )
    await bot.initialize()
    return bot


async def play(task: Task) -> Sample:
    bot, ids = await built(), count(1)

    async def say(chat: int, text: str) -> None:
        raw = json.loads(update(next(ids), chat, text))
        await bot.process_update(Update.de_json(raw, bot.bot))

    return await closed_loop(
        say, FORM, concurrent=task.concurrent, seconds=task.seconds, numbers=chats()
    )
