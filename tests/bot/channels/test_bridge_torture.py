"""Calls of a bridge that come twice, late and at once: nothing is doubled, lost or out of order."""

import asyncio
import base64
import random
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import App, running
from bot.channels.spool import Spool
from data.sqlite import SqliteStore
from data.store import NewEvent
from tests.bot.channels.bridge_seat import BridgeSeat
from tests.house import MondayMorning, product_in
from tests.served import FILING_E

pytestmark = pytest.mark.slow

PATIENCE = 60.0
USERS = [f"u{number}" for number in range(6)]
TICKET = re.compile(r"MND-E-\d{4}|Urutan ke-\d+[^.]*|[Pp]erkiraan[^.]*")


class Crowd:
    """People behind one bridge that delivers carelessly."""

    def __init__(self, seat: BridgeSeat, chance: random.Random) -> None:
        self._seat = seat
        self._chance = chance
        self._sent: list[dict[str, Any]] = []
        self.outcomes: dict[str, list[str]] = {}

    def texts(self, user: str) -> list[str]:
        return [call["text"] for call in self._seat.calls if call["user"] == user]

    async def files(self, user: str, *, careless: bool) -> None:
        """Walk service E to its ticket; each thing is sent when the answer before is there."""
        for number, thing in enumerate(FILING_E, 1):
            event = self._seat.event(**_said(thing)) | {"user": user, "id": f"{user}-{number}"}
            again = self._chance.sample(self._sent, min(3, len(self._sent))) if careless else []
            self._sent.append(event)
            calls = [[event]] if not careless else [[*again, event], [event], [event, *again]]
            await asyncio.gather(*(self.deliver(call) for call in calls))
            await self._seat.until(lambda n=number: len(self.texts(user)) >= n, PATIENCE)

    async def deliver(self, events: Sequence[dict[str, Any]]) -> None:
        answer = await self._seat.deliver(*events)
        assert answer.status_code == 200, answer.text
        for one in answer.json()["results"]:
            self.outcomes.setdefault(one["id"], []).append(one["outcome"])


@asynccontextmanager
async def bridged(folder: Path) -> AsyncIterator[tuple[App, BridgeSeat]]:
    """The real product with a bridge as its only channel."""
    product, clock = product_in(folder), MondayMorning()
    store = SqliteStore(folder / "chika.db")

    async def receive(events: Sequence[NewEvent]) -> Sequence[bool]:
        return await app.runtime.receive(events)

    spool = Spool(folder / "incoming", product.config.documents.max_bytes)
    seat = BridgeSeat(receive, store, clock, spool)
    try:
        async with running(product, [seat.channel], clock, store) as app:
            yield app, seat
    finally:
        await seat.aclose()


async def test_careless_deliveries_change_nothing(tmp_path: Path) -> None:
    async with bridged(tmp_path) as (app, seat):
        crowd = Crowd(seat, random.Random(7))
        await crowd.files("teratur", careless=False)
        await asyncio.gather(*(crowd.files(user, careless=True) for user in USERS))
        orderly = [TICKET.sub("", text) for text in crowd.texts("teratur")]
        for user in USERS:
            assert [TICKET.sub("", text) for text in crowd.texts(user)] == orderly
        tickets = {found for call in seat.calls for found in re.findall(r"MND-E-\d+", call["text"])}
        assert len(tickets) == len(USERS) + 1
        for outcomes in crowd.outcomes.values():
            assert outcomes.count("stored") == 1
            assert set(outcomes) <= {"stored", "known"}
        ids = [call["id"] for call in seat.calls]
        assert len(set(ids)) == len(ids)
        assert app.runtime.ready


async def test_what_waits_is_put_in_order_by_its_sequence(tmp_path: Path) -> None:
    async with bridged(tmp_path) as (_, seat):
        crowd = Crowd(seat, random.Random(7))
        said = [
            seat.event(type="text", text=text, sequence=number)
            for number, text in enumerate(("halo", "E", "PRIVASI"), 1)
        ]
        await crowd.deliver(said[::-1])
        user = said[0]["user"]
        await seat.until(lambda: len(crowd.texts(user)) >= len(said), PATIENCE)
        first, second, third = crowd.texts(user)
        assert "asisten otomatis" in first
        assert second.startswith("Ubah data identitas")
        assert third.startswith("Data Bapak/Ibu")


def _said(thing: str | Path) -> dict[str, Any]:
    if isinstance(thing, Path):
        data = base64.b64encode(thing.read_bytes()).decode()
        return {"type": "media", "data": data, "name": thing.name}
    return {"type": "text", "text": thing}
