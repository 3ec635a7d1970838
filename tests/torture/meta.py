"""WhatsApp as the provider: signed batches to the channel's own webhook, some of them twice.

What Meta takes is a line of ``told``; what it was not answered with 200 it delivers again.
"""

import asyncio
import json
import os
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
from msgspec.structs import replace
from starlette.applications import Starlette

from bot.channels.graph.webhook import SIGNATURE_HEADER, Proof, sign
from bot.channels.whatsapp import channel, decode
from bot.channels.whatsapp.channel import WhatsApp, WhatsAppSettings
from bot.runtime.messages import Outbound
from bot.runtime.ports import Receive
from bot.runtime.render import encode
from bot.texts.templates import load_templates
from data.instants import Clock
from data.store import NewEvent, Store
from tests.torture.points import Killer
from tests.torture.script import AT_ONCE, FILE, FIRST_LIFE, PDF, RECEIVED, STEPS

ACCOUNT, SECRET = "1098765432", "rahasia-aplikasi-uji"
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


class MetaProvider(WhatsApp):
    """The channel, with a Meta around it that the files of the world belong to."""

    def __init__(self, folder: str, order: Any, killer: Killer, store: Store, clock: Clock) -> None:
        self._acked = os.open(Path(folder) / "acked", os.O_RDWR | os.O_CREAT, 0o600)
        self._told = os.open(Path(folder) / "told", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._order = order
        self._killer = killer
        self._sending: dict[str, bytes] = {}
        self._receipts: list[dict[str, str]] = []
        self._chance = random.Random(order.number)
        self.delivered = asyncio.Event()
        if order.fault == UNSORTED:
            unsorted: Any = decode
            unsorted.sorted = lambda items, key: list(items)
        settings = WhatsAppSettings("T" * 20, ACCOUNT, Proof(SECRET, "token"), "Pilih")
        network = httpx.MockTransport(self._answer)
        super().__init__(settings, store, clock, load_templates(), transport=network)

    async def run(self, receive: Receive) -> None:
        """Deliver what is not acknowledged, shuffled, with some that is, now and then twice."""

        async def late(events: Sequence[NewEvent]) -> Sequence[bool]:
            return await receive([replace(event, received_at=RECEIVED) for event in events])

        app = Starlette(routes=self.webhook_routes(late))
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
        self._sending[f"{chat}/{message.id}"] = encode(replace(message, id=0))
        return await super().send(chat, message)

    async def _post(self, meta: httpx.AsyncClient, numbers: Sequence[int]) -> int:
        shuffled = self._chance.sample(numbers, len(numbers))
        half = len(shuffled) // 2
        receipts, self._receipts = self._receipts, []
        values = [
            {"messages": [said(number) for number in shuffled[:half]]},
            {"statuses": receipts + receipts[:2]},
            {"messages": [said(number) for number in shuffled[half:]]},
        ]
        entry = [{"changes": [_change(value)]} for value in values]
        body = json.dumps({"object": "whatsapp_business_account", "entry": entry}).encode()
        headers = {SIGNATURE_HEADER: sign(body, SECRET.encode())}
        answers = [
            await meta.post(channel.WhatsAppSettings.webhook_path, content=body, headers=headers)
            for _ in range(self._chance.choice((1, 1, 2)))
        ]
        return answers[-1].status_code

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(NETWORK)
        if request.method == "GET":
            if request.url.path.endswith(FILE):
                return httpx.Response(200, json={"url": "https://lookaside.fbsbx.com/surat"})
            self._killer.at("fetching")
            return httpx.Response(200, content=PDF.data)
        post = json.loads(request.content)
        if tag := post.get("biz_opaque_callback_data"):
            self._take(tag)
        return httpx.Response(200, json={"messages": [{"id": "wamid.out"}]})

    def _take(self, tag: str) -> None:
        chat = tag.partition("/")[0]
        line = f"{self._order.number}\t{chat}\t{self._sending[tag].decode()}\n"
        os.write(self._told, line.encode())
        self._killer.at("provider called")
        about = {"id": "wamid.out", "timestamp": str(WRITTEN), "biz_opaque_callback_data": tag}
        self._receipts += [{**about, "status": state} for state in ("delivered", "sent")]


def said(number: int) -> dict[str, Any]:
    """The update with this number as a message of WhatsApp."""
    block, place = divmod(number, CHATS_TO_THE_END)
    step, chat = divmod(place, AT_ONCE)
    person, says = block * AT_ONCE + chat, SAID[step]
    about = {
        "id": f"wamid.{number}",
        "from": f"62811{person:07}",
        "from_user_id": f"ID.{person}",
        "timestamp": str(WRITTEN + number),
    }
    if says == FILE:
        file = {"id": FILE, "filename": PDF.name, "mime_type": PDF.mime}
        return {**about, "type": "document", "document": file}
    text = f"Jawaban nomor {number}" if says == "answer" else says
    return {**about, "type": "text", "text": {"body": text}}


def _change(value: dict[str, Any]) -> dict[str, Any]:
    return {"field": "messages", "value": {"metadata": {"phone_number_id": ACCOUNT}, **value}}
