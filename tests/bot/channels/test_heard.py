"""When somebody last wrote: by the network's clock, and never after our own present."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.graph.heard import Heard
from bot.channels.messenger import people as messenger
from bot.channels.whatsapp import people as whatsapp
from data.store import Store, Tx
from flows.events import Text
from services import windows
from tests.desk import sqlite_desk

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with sqlite_desk(tmp_path) as desk:
        yield desk.store


async def on_whatsapp(tx: Tx, at: datetime) -> list[Any]:
    item = Heard("wamid.1", ["bsuid:ID.1"], _moment(at), Text("halo"))
    return await whatsapp.stored(tx, [item], NOW)


async def on_messenger(tx: Tx, at: datetime) -> list[Any]:
    item = Heard("m.1", ["psid:7:81"], _moment(at), Text("halo"))
    return await messenger.stored(tx, [item], NOW)


def _moment(at: datetime) -> int:
    return int(at.timestamp() * 1000)


@pytest.mark.parametrize("stored", [on_whatsapp, on_messenger])
@pytest.mark.parametrize("late", [timedelta(hours=-5), timedelta(), timedelta(days=900)])
async def test_no_window_is_open_for_longer_than_its_network_says(
    store: Store, stored: Any, late: timedelta
) -> None:
    [event] = await store.write(lambda tx: stored(tx, NOW + late))
    async with store.read() as tx:
        window = await windows.window_of(tx, event.chat)
    assert window is not None
    assert window.left(NOW) == timedelta(hours=24) + min(late, timedelta())
