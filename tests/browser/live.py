"""The product on a loopback port, in a thread of its own, at an hour when the branch is open."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TypeVar

import msgspec

from bot.bootstrap import App, build_runtime, read_product
from bot.channels.spool import Spool
from bot.channels.web.channel import WebChannel
from bot.cli.site import site_app, site_routes
from bot.config import Config
from data.sqlite import SqliteStore
from data.store import Tx
from services import sign_in
from services.officers import Officer
from tests.bot.channels.loopback import serving
from tests.desk import enrol

T = TypeVar("T")

FRIDAY_TEN = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
"""Friday 10.00 in Manado."""


class Going:
    """A clock that was set once and goes on."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self._began = monotonic()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=monotonic() - self._began)


@dataclass
class Live:
    """Where the product answers, and a hand into its store."""

    url: str
    clock: Going
    store: SqliteStore
    loop: asyncio.AbstractEventLoop

    def do(self, verb: Callable[[Tx], Awaitable[T]]) -> T:
        """Run *verb* in one transaction."""
        return asyncio.run_coroutine_threadsafe(self.store.write(verb), self.loop).result(30)

    def sign_in_link(self, officer: Officer) -> str:
        token = self.do(lambda tx: sign_in.make_link(tx, officer.id, now=self.clock.now()))
        return sign_in.address(self.url, token)


@contextmanager
def live_product(folder: Path) -> Iterator[Live]:
    """Serve until the end of the block."""
    ready: Future[Live] = Future()
    stop = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_serve(folder, ready, stop)), daemon=True)
    thread.start()
    try:
        yield ready.result(60)
    finally:
        stop.set()
        thread.join(60)


async def _serve(folder: Path, ready: "Future[Live]", stop: threading.Event) -> None:
    config = Config(root=folder)
    documents = msgspec.structs.replace(config.documents, folder=folder / "documents")
    product = read_product(msgspec.structs.replace(config, documents=documents))
    clock, store = Going(FRIDAY_TEN), SqliteStore(folder / "chika.db")
    await store.open()
    await store.write(lambda tx: enrol(tx, clock.now()))
    spool = Spool(folder / "incoming", config.documents.max_bytes)
    web = WebChannel(spool)
    sweep = partial(spool.sweep, store, clock)
    runtime = build_runtime(product, store, [web], clock, ticks=[sweep])
    await runtime.start()
    try:
        routes = site_routes(App(product, store, clock, runtime), web, "rahasia uji")
        async with serving(site_app(routes)) as url:
            ready.set_result(Live(url, clock, store, asyncio.get_running_loop()))
            await asyncio.to_thread(stop.wait)
    except BaseException as problem:
        if not ready.done():
            ready.set_exception(problem)
        raise
    finally:
        await runtime.stop()
        await store.close()
