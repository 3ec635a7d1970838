"""Live counts: numbers only, every change at once, one look for all pages, rights asked again."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request

from bot.console.deps import Deps
from bot.console.gate import COOKIE
from bot.console.live import live_counts
from bot.console.watcher import Watcher
from services import conversation, queue
from tests.bot.console.conftest import SignIn
from tests.desk import BENNY, CALENDAR, CHAT, RINA, TONDANO, Desk


@pytest.fixture
async def live(desk: Desk, deps: Deps, signed_in: SignIn) -> Request:
    session = (await signed_in(RINA)).client.cookies[COOKIE]
    scope = {
        "type": "http",
        "headers": [(b"cookie", f"{COOKIE}={session}".encode())],
        "query_string": b"",
    }
    return Request(scope)


async def test_the_live_stream_has_counts_only_and_tells_each_change(
    desk: Desk, deps: Deps, live: Request
) -> None:
    stream = live_counts(deps, live)
    assert await anext(stream) == "retry: 3000\n\n"
    before = await _news(stream)
    await desk.file()
    after = await _news(stream)
    await stream.aclose()

    assert [_data(event)["waiting"] for event in (before, after)] == [0, 1]
    assert "here" not in _data(after)
    assert set(_data(after)) == {"waiting", "working", "happened"}
    assert all(isinstance(value, int) for value in _data(after).values())


async def test_the_live_stream_of_a_ticket_counts_its_messages_until_it_is_another_branchs(
    desk: Desk, deps: Deps, live: Request
) -> None:
    number = (await desk.file()).number
    live.scope["query_string"] = f"tiket={number}".encode()
    stream = live_counts(deps, live)
    await anext(stream)
    before = _data(await _news(stream))
    await desk.do(conversation.wrote, CHAT, number, text="Halo")
    after = _data(await _news(stream))
    await desk.do(queue.transfer, BENNY, number, to=TONDANO, reason="Alamat", calendar=CALENDAR)

    assert (before["here"], after["here"]) == (0, 1)
    with pytest.raises(StopAsyncIteration):
        await _news(stream)


async def test_the_live_stream_ends_with_the_session(desk: Desk, deps: Deps, live: Request) -> None:
    stream = live_counts(deps, live)
    await _news(stream)
    desk.clock.at += timedelta(hours=13)

    with pytest.raises(StopAsyncIteration):
        await _news(stream)


async def test_the_live_stream_ends_when_the_officer_goes_to_another_branch(
    desk: Desk, deps: Deps, live: Request, tmp_path: Path
) -> None:
    live.scope["query_string"] = b"cabang=KC-MANADO"
    stream = live_counts(deps, live)
    await anext(stream)
    await _news(stream)
    with closing(sqlite3.connect(tmp_path / "desk.db")) as connection, connection:
        connection.execute("UPDATE officer SET branch = 'KC-TONDANO' WHERE id = ?", [RINA.id])
    await desk.file()

    with pytest.raises(StopAsyncIteration):
        await _news(stream)


async def test_a_quiet_stream_gives_signs_of_life(deps: Deps, live: Request) -> None:
    stream = live_counts(deps, live)
    events = [await anext(stream) for _ in range(4)]
    await stream.aclose()

    assert events[2:] == [": \n\n", ": \n\n"]


async def test_many_open_pages_cost_as_many_looks_as_one(desk: Desk) -> None:
    looks: list[str] = []
    watcher = Watcher(_Counted(desk.store, looks), pause=0.01)
    async with AsyncExitStack() as pages:
        watches = [
            await pages.enter_async_context(watcher.watching("KC-MANADO")) for _ in range(50)
        ]
        looks.clear()
        await desk.file()
        await asyncio.gather(*(watch.change(5) for watch in watches))

    assert {watch.news.waiting for watch in watches} == {1}
    assert looks.count("live_counts") == 1
    assert len(looks) < 50


async def test_nothing_is_counted_while_nothing_happens(desk: Desk) -> None:
    looks: list[str] = []
    watcher = Watcher(_Counted(desk.store, looks), pause=0.01)
    async with watcher.watching("KC-MANADO") as watch:
        looks.clear()
        await watch.change(0.1)

    assert set(looks) == {"live_stamp"}


async def test_nothing_looks_while_no_page_is_open(desk: Desk) -> None:
    looks: list[str] = []
    watcher = Watcher(_Counted(desk.store, looks), pause=0.01)
    async with watcher.watching("KC-MANADO"):
        pass
    await asyncio.sleep(0.05)
    looks.clear()
    await asyncio.sleep(0.05)

    assert looks == []


class _Counted:
    """A store that notes which statements are read."""

    def __init__(self, store: Any, looks: list[str]) -> None:
        self._store, self._looks = store, looks

    def read(self) -> Any:
        return _CountedView(self._store.read(), self._looks)


class _CountedView:
    def __init__(self, view: Any, looks: list[str]) -> None:
        self._view, self._looks = view, looks

    async def __aenter__(self) -> "_CountedView":
        self._tx = await self._view.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self._view.__aexit__(*error)

    async def one(self, statement: str, **values: Any) -> Any:
        self._looks.append(statement)
        return await self._tx.one(statement, **values)


async def _news(stream: AsyncIterator[str]) -> str:
    """The next event that is more than one of a few signs of life."""
    for _ in range(20):
        event = await anext(stream)
        if event.startswith("event:"):
            return event
    raise AssertionError("the stream is alive and tells nothing")


def _data(event: str) -> dict[str, int]:
    data: dict[str, int] = json.loads(event.partition("data: ")[2])
    return data
