"""The product itself: inbox, turn and outbox of the real runtime, and a channel that does nothing.

Eight turns a chat: a link that opens the service, consent, and six answers.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from itertools import count, islice
from pathlib import Path

import msgspec

from benchmarks.load import ANSWER, Sample, Say, Task, chats, closed_loop
from bot.bootstrap import App, read_product, running
from bot.config import StoreUrl, load
from bot.runtime.messages import Outbound
from bot.runtime.ports import FetchFailed, Media, Receive
from bot.runtime.turns import CAREFUL_TURNS
from data.instants import to_us
from data.store import NewEvent
from flows.events import ENCODER, Opened, Text

FLOWS = Path(__file__).parents[1] / "flows"
OPENING = "/start"
TEXTS = (OPENING, "setuju", *[ANSWER] * 4, "Kota Manado", "ya")


class Deaf:
    """A channel without a provider: what is sent to it has arrived."""

    name = "bench"

    def __init__(self) -> None:
        self.waiting: dict[str, asyncio.Future[None]] = {}

    async def run(self, receive: Receive) -> None:
        """Nothing arrives by itself."""

    async def send(self, chat: str, message: Outbound) -> str:
        if waiting := self.waiting.pop(chat, None):
            waiting.set_result(None)
        return ""

    async def fetch(self, media: str) -> Media:
        raise FetchFailed


def product(task: Task, channel: Deaf) -> AbstractAsyncContextManager[App]:
    """The running product with the six questions as its only service."""
    config = load(environ={})
    store = msgspec.structs.replace(config.store, url=StoreUrl(task.store))
    # counted as always, but nobody here is ever too fast
    flood = msgspec.structs.replace(config.flood, chat_burst=10**9, channel_per_minute=6_000_000)
    config = msgspec.structs.replace(config, store=store, flood=flood)
    return running(read_product(config, FLOWS), [channel])


def speaker(app: App, channel: Deaf) -> Say:
    """A way to say something and wait for the answer."""
    loop, ids = asyncio.get_running_loop(), count(next(chats()))

    async def say(number: int, text: str) -> None:
        chat, now = f"{channel.name}:{number}", to_us(app.clock.now())
        heard = Opened(start="Z") if text == OPENING else Text(text)
        channel.waiting[chat] = answered = loop.create_future()
        await app.runtime.receive(
            [NewEvent(channel.name, str(next(ids)), chat, ENCODER.encode(heard), now, now)]
        )
        await answered

    return say


async def settled(say: Say, numbers: Iterator[int]) -> Say:
    """*say*, past the turns that are taken carefully after every start."""
    for number in islice(numbers, CAREFUL_TURNS // len(TEXTS) + 1):
        for text in TEXTS:
            await say(number, text)
    return say


async def play(task: Task) -> Sample:
    channel = Deaf()
    async with product(task, channel) as app:
        return await closed_loop(
            await settled(speaker(app, channel), chats()),
            TEXTS,
            concurrent=task.concurrent,
            seconds=task.seconds,
            numbers=chats(),
        )
