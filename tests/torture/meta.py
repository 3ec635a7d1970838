"""Meta as the provider: signed batches to a channel's own webhook, some of them twice.

What Meta takes is a line of ``told``; what it was not answered with 200 it delivers again.
"""

import asyncio
import json
import os
import random
from collections.abc import Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import httpx
from msgspec.structs import replace
from starlette.applications import Starlette

from bot.channels.graph.webhook import SIGNATURE_HEADER, sign
from bot.runtime.messages import Outbound
from bot.runtime.ports import Media, Receive
from bot.runtime.render import encode
from data.instants import Clock
from data.store import NewEvent, Store
from tests.torture.points import Killer
from tests.torture.script import AT_ONCE, FILE, FIRST_LIFE, PDF, RECEIVED, STEPS
from tests.torture.vocabularies import SECRET, VOCABULARIES, Item, Vocabulary

AGAIN = 5
"""So many updates before the new ones come again with each delivery."""
NETWORK = 0.002
SAID = ("halo", "1", "Z", *STEPS[1:-1], "KIRIM")
"""What a participant says; no link opens a service here."""

CHATS_TO_THE_END = AT_ONCE * len(SAID)
"""Messages after which `AT_ONCE` chats have said everything."""

WRITTEN = int(FIRST_LIFE.timestamp()) - 3600
"""The second of the first message: earlier than any life, within the window of all."""

UNSORTED = "taken as it comes"
"""A guard taken out: messages of a delivery are not brought into their order."""

SENDING: ContextVar[tuple[str, bytes]] = ContextVar("SENDING")
"""The chat and the message that a post to Meta is about: not every network has a tag for it."""


class MetaProvider:
    """A channel of Meta, with a Meta around it that the files of the world belong to."""

    def __init__(self, folder: str, order: Any, killer: Killer, store: Store, clock: Clock) -> None:
        self._acked = os.open(Path(folder) / "acked", os.O_RDWR | os.O_CREAT, 0o600)
        self._told = os.open(Path(folder) / "told", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._order = order
        self._killer = killer
        self._posts = 0
        self._receipts: list[Item] = []
        self._chance = random.Random(order.number)
        self._words = VOCABULARIES[order.network]
        self._channel = self._words.channel(store, clock, httpx.MockTransport(self._answer))
        self.name = self._channel.name
        self.delivered = asyncio.Event()
        if order.fault == UNSORTED:
            self._words.decode.sorted = lambda items, key: list(items)

    async def run(self, receive: Receive) -> None:
        """Deliver what is not acknowledged, shuffled, with some that is, now and then twice."""

        async def late(events: Sequence[NewEvent]) -> Sequence[bool]:
            return await receive([replace(event, received_at=RECEIVED) for event in events])

        app = Starlette(routes=self._channel.webhook_routes(late))
        limit, batch = self._order.limit, self._order.batch * 4
        done = int(os.pread(self._acked, 20, 0) or b"0")
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="https://chika.example"
        ) as meta:
            while done < limit:
                upto = min(done + batch, limit)
                if await self._post(meta, range(max(0, done - AGAIN), upto)) == 200:
                    self._killer.at("before the acknowledgement")
                    done = upto
                    os.pwrite(self._acked, b"%020d" % done, 0)
                    self._killer.at("acknowledged")
        self.delivered.set()

    async def send(self, chat: str, message: Outbound) -> str:
        SENDING.set((chat, encode(replace(message, id=0))))
        return await self._channel.send(chat, message)

    async def fetch(self, media: str) -> Media:
        return await self._channel.fetch(media)

    async def aclose(self) -> None:
        await self._channel.aclose()

    async def _post(self, meta: httpx.AsyncClient, numbers: Sequence[int]) -> int:
        shuffled = [said(self._words, n) for n in self._chance.sample(numbers, len(numbers))]
        receipts, self._receipts = self._receipts, []
        delivery = self._words.delivery(shuffled, receipts + receipts[:2])
        body = json.dumps(delivery).encode()
        headers = {SIGNATURE_HEADER: sign(body, SECRET.encode())}
        answers = [
            await meta.post(self._words.path, content=body, headers=headers)
            for _ in range(self._chance.choice((1, 1, 2)))
        ]
        return answers[-1].status_code

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(NETWORK)
        if request.method == "GET":
            if request.url.path.endswith(f"/{FILE}"):
                return httpx.Response(200, json={"url": "https://lookaside.fbsbx.com/surat"})
            self._killer.at("fetching")
            return httpx.Response(200, content=PDF.data)
        self._posts += 1
        post, name = json.loads(request.content), f"out.{self._order.number}.{self._posts}"
        if self._words.is_message(post):
            self._take(post, name)
        return httpx.Response(200, json=self._words.taken(name))

    def _take(self, post: Item, name: str) -> None:
        chat, body = SENDING.get()
        os.write(self._told, f"{self._order.number}\t{chat}\t{body.decode()}\n".encode())
        self._killer.at("provider called")
        self._receipts += self._words.receipts(post, name, WRITTEN)


def said(words: Vocabulary, number: int) -> Item:
    """The update with this number as a message of a network."""
    block, place = divmod(number, CHATS_TO_THE_END)
    step, chat = divmod(place, AT_ONCE)
    text = f"Jawaban nomor {number}" if SAID[step] == "answer" else SAID[step]
    return words.said(number, block * AT_ONCE + chat, WRITTEN + number, text)
