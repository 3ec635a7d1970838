"""aiogram's own state machine: six states, MemoryStorage. Nothing survives its process."""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from itertools import count
from typing import Any

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.base import BaseSession
from aiogram.filters import CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.base import BaseStorage
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import Message

from benchmarks.contenders.telegram import ANSWERED, update
from benchmarks.load import FORM, QUESTIONS, THANKS, Sample, Task, chats, closed_loop

LONGEST = 200


class Form(StatesGroup):
    """One state for each question."""

    q1, q2, q3, q4, q5, q6 = State(), State(), State(), State(), State(), State()


STATES = (Form.q1, Form.q2, Form.q3, Form.q4, Form.q5, Form.q6)


class Offline(BaseSession):
    """The Bot API without a network: every request is answered at once."""

    async def make_request(self, bot: Bot, method: Any, timeout: int | None = None) -> Any:  # noqa: ASYNC109
        answer = self.check_response(bot=bot, method=method, status_code=200, content=ANSWERED)
        return answer.result

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        yield b""

    async def close(self) -> None:
        """Nothing is open."""


async def begin(message: Message, state: FSMContext) -> None:
    await state.set_state(STATES[0])
    await state.set_data({})
    await message.answer(QUESTIONS[0])


def answer_to(asked: int) -> Callable[[Message, FSMContext], Awaitable[None]]:
    """What happens to an answer to question number *asked*, from 0."""

    async def answer(message: Message, state: FSMContext) -> None:
        if not message.text or len(message.text) > LONGEST:
            await message.answer("Please try again")
            return
        await state.update_data({f"a{asked}": message.text})
        if asked + 1 < len(STATES):
            await state.set_state(STATES[asked + 1])
            await message.answer(QUESTIONS[asked + 1])
        else:
            await state.get_data()
            await state.clear()
            await message.answer(THANKS)

    return answer


async def play_with(storage: BaseStorage, task: Task) -> Sample:
    """The form with its states in *storage*: a handler for each state, as its guide does it."""
    router = Router()
    router.message.register(begin, CommandStart())
    for asked, state in enumerate(STATES):
        router.message.register(answer_to(asked), state, F.text)
    dispatcher = Dispatcher(storage=storage)
    dispatcher.include_router(router)
    bot, ids = Bot("42:TEST", session=Offline()), count(1)

    async def say(chat: int, text: str) -> None:
        raw = update(next(ids), chat, text)
        await dispatcher.feed_raw_update(bot, json.loads(raw))

    return await closed_loop(
        say, FORM, concurrent=task.concurrent, seconds=task.seconds, numbers=chats()
    )


async def play(task: Task) -> Sample:
    return await play_with(MemoryStorage(), task)
