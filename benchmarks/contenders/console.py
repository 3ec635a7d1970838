"""Officers at work in one branch: they load the queue page and take requests while others arrive.

The product's own site over HTTP, with a live stream for each officer. *stored* requests wait there;
*concurrent* officers load a page each `EACH` seconds.
"""

import asyncio
import gzip
import json
import random
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import httpx

from benchmarks.load import Sample, Task, memory, sqlite_file
from bot.bootstrap import App, Product, build_runtime, keep_for_good, read_product
from bot.channels.spool import Spool
from bot.channels.web.channel import WebChannel
from bot.cli.listening import Server, listener
from bot.cli.site import site_app, site_routes
from bot.config import load
from bot.config.settings import Web
from data.opening import open_store
from data.store import Store, Tx
from forms.report import Rendered
from services import officers, queue, sign_in
from services.officers import Officer

EACH = 5.0
"""Seconds between two pages of one officer."""
CLAIMS, ARRIVALS = 4.0, 2.0
"""Requests taken, and filed, in a second."""
LEAST = 6.0
"""Seconds of one run, however short the others are: pages come slowly."""
BRANCH = "KC-MANADO"
OPEN = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Makassar"))
PRINTED = Rendered("FORMULIR CONTOH\n" * 20, "FORMULIR CONTOH\n" * 20)
LIMITS = httpx.Limits(keepalive_expiry=2)
"""Shorter than the server keeps a connection: none is used in the moment in which it is closed."""
LINKED = re.compile(r'(?:href|src)="(/admin/static/[^"]+)"')


class OpenHours:
    """A clock that goes on, from an hour at which the branch is open."""

    def __init__(self) -> None:
        self._began = time.monotonic()

    def now(self) -> datetime:
        return OPEN + timedelta(seconds=time.monotonic() - self._began)


async def play(task: Task) -> Sample:
    seconds = max(task.seconds, LEAST)
    product = read_product(load(environ={}))
    store, clock = open_store(task.store), OpenHours()
    filled = sqlite_file(task)[1]
    await store.open()
    crew = [Officer(f"bench{n}", f"Bench {n}", BRANCH) for n in range(task.concurrent)]
    if not filled:
        await store.write(partial(_fill, product=product, crew=crew, stored=task.stored))
    async with AsyncExitStack() as undo:
        undo.push_async_callback(store.close)
        address = await undo.enter_async_context(_site(task, product, store, clock))
        browsers = [
            await undo.enter_async_context(_browser(address, store, clock, one)) for one in crew
        ]
        desk = _Desk(product, store, clock, browsers)
        weight = await desk.weight()
        listening = [asyncio.create_task(desk.listen(browser)) for browser in browsers]
        await desk.settled()
        cpu, began = time.process_time(), time.perf_counter()
        end = began + seconds
        await asyncio.gather(
            _spread(desk.load, task.concurrent / EACH, end),
            _spread(desk.take, CLAIMS, end),
            _spread(desk.arrive, ARRIVALS, end),
        )
        took, spent = time.perf_counter() - began, time.process_time() - cpu
        for one in listening:
            one.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
    return Sample(
        rate=len(desk.loaded) / took,
        cpu=spent / len(desk.loaded) * 1e6,
        p50=_share(desk.loaded, 0.5),
        p99=_share(desk.loaded, 0.99),
        memory=memory(),
        parts={
            "page, p95": _share(desk.loaded, 0.95),
            "claim, p95": _share(desk.taken, 0.95),
            "seen, p95": _share(desk.seen, 0.95),
            "inbox": weight / 1000,
        },
    )


class _Desk:
    """What the officers do, and how long it took: milliseconds."""

    def __init__(
        self, product: Product, store: Store, clock: OpenHours, browsers: list[httpx.AsyncClient]
    ) -> None:
        self._product, self._store, self._clock = product, store, clock
        self._browsers = browsers
        self._chance = random.Random(7)
        self._heard: dict[httpx.AsyncClient, int] = dict.fromkeys(browsers, -1)
        self._news = asyncio.Event()
        self._filed = time.time_ns()
        self.loaded: list[float] = []
        self.taken: list[float] = []
        self.seen: list[float] = []

    async def weight(self) -> int:
        """Bytes of the page and of everything that it loads, compressed as they are sent."""
        browser = self._browsers[0]
        page = await browser.get("/admin/antrean")
        total = len(gzip.compress(page.content, 6))
        for link in sorted(set(LINKED.findall(page.text))):
            async with browser.stream("GET", link) as answer:
                total += len(b"".join([part async for part in answer.aiter_raw()]))
        return total

    async def load(self) -> None:
        """One officer loads the page: the time to its first byte."""
        began = time.perf_counter()
        async with self._chance.choice(self._browsers).stream("GET", "/admin/antrean") as answer:
            self.loaded.append((time.perf_counter() - began) * 1000)
            assert answer.status_code == 200
            await answer.aread()

    async def take(self) -> None:
        """One officer takes the next request: the verb itself, with audit and message."""
        officer = Officer(f"bench{self._chance.randrange(len(self._browsers))}", "Bench", BRANCH)
        began = time.perf_counter()
        taken = await self._store.write(
            partial(
                queue.claim_next,
                officer=officer,
                branch=BRANCH,
                now=self._clock.now(),
                calendar=self._product.reference.calendar,
                rules=self._product.rules,
            )
        )
        self.taken.append((time.perf_counter() - began) * 1000)
        assert taken is not None

    async def arrive(self) -> None:
        """A request is filed: the time until every page has been told and one has read it."""
        self._filed += 1
        await self._store.write(
            partial(_file, product=self._product, n=self._filed, at=self._clock.now())
        )
        began = time.perf_counter()
        async with self._store.read() as tx:
            stamp = await tx.one("live_stamp", branch=BRANCH)
        assert stamp is not None
        await self._all_heard(stamp["happened"])
        await self._browsers[0].get("/admin/antrean/isi")
        self.seen.append((time.perf_counter() - began) * 1000)

    async def listen(self, browser: httpx.AsyncClient) -> None:
        async with browser.stream("GET", "/admin/peristiwa", timeout=None) as events:
            assert events.status_code == 200
            async for line in events.aiter_lines():
                if line.startswith("data:"):
                    self._heard[browser] = json.loads(line.removeprefix("data:"))["happened"]
                    self._news.set()

    async def settled(self) -> None:
        """Wait until every page is connected."""
        await self._all_heard(0)

    async def _all_heard(self, happened: int) -> None:
        async with asyncio.timeout(30):
            while min(self._heard.values()) < happened:
                self._news.clear()
                await self._news.wait()


async def _spread(do: Callable[[], Awaitable[None]], rate: float, end: float) -> None:
    """Do it *rate* times in a second, whether or not the last time has ended."""
    under_way = []
    due = time.perf_counter()
    while due < end:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        under_way.append(asyncio.ensure_future(do()))
        due += 1 / rate
    await asyncio.gather(*under_way)


async def _fill(tx: Tx, product: Product, crew: list[Officer], stored: int) -> None:
    for one in crew:
        await officers.add(tx, one, now=OPEN)
    for n in range(stored):
        at = OPEN - timedelta(days=3) + timedelta(seconds=n)
        await _file(tx, product=product, n=n, at=at)


async def _file(tx: Tx, product: Product, n: int, at: datetime) -> None:
    await queue.file(
        tx,
        submission=f"bench:{n}/1",
        chat=f"bench:{n}",
        service="G",
        digest="d",
        branch=product.reference.branches[BRANCH],
        answers={"nama": f"Contoh {n}"},
        report=lambda number: PRINTED,
        now=at,
        calendar=product.reference.calendar,
        found_by=[f"contoh {n}"],
    )


@asynccontextmanager
async def _site(task: Task, product: Product, store: Store, clock: OpenHours) -> AsyncIterator[str]:
    """The product on a free port; its runtime does not run: nobody chats."""
    web = WebChannel(Spool(product.config.root / task.folder / "incoming", 1_000_000))
    runtime = build_runtime(product, store, [web], clock)
    door, ready = listener(Web(port=0)), asyncio.Event()

    async def listening() -> None:
        ready.set()

    routes = site_routes(App(product, store, clock, runtime), web, "bench")
    server = Server(site_app(routes), listening)
    serving = asyncio.create_task(server.serve([door]))
    await ready.wait()
    keep_for_good()
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        await serving


@asynccontextmanager
async def _browser(
    address: str, store: Store, clock: OpenHours, officer: Officer
) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which *officer* has signed in."""
    key = await store.write(partial(sign_in.make_link, officer_id=officer.id, now=clock.now()))
    async with httpx.AsyncClient(base_url=address, timeout=30, limits=LIMITS) as browser:
        answer = await browser.post("/admin/masuk", data={"kunci": key})
        assert answer.status_code == 303, answer.text
        yield browser


def _share(took: list[float], share: float) -> float:
    ordered = sorted(took)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
