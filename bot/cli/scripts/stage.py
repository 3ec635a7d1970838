"""The stage: a running product for one script, with its own store, clock and channel.

The pieces of the runtime are called to their end, one after the other; nothing waits for time to
pass, and nothing happens between two steps.
"""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from bot.bootstrap import Product, build_runtime, read_product
from bot.cli.scripts.clock import ScriptClock
from bot.cli.scripts.drivers.port import Driver, Place
from bot.config import Config
from bot.config.settings import Flood, MenuName
from bot.runtime.ports import Channel, Media
from bot.runtime.runtime import Runtime
from bot.runtime.turns import Observe
from data.instants import from_us, to_us
from data.sqlite import SqliteStore
from data.store import RunTurn, TurnFailure, TurnReport
from flows.events import Sent, Unfit
from flows.session import DECODER, Session
from services import calendar_watch, deadlines
from services.documents import Documents

TIDY_EVERY = timedelta(minutes=10)
"""How often the regular work is done while the clock moves and a request is open."""

UNLIMITED = Flood(chat_burst=0, channel_per_minute=0)
"""A whole conversation may happen at one instant of a script's clock."""

Checked = dict[tuple[bytes, str], Sent | Unfit]


class Theatre:
    """What all scripts share: flows, texts and facts, a blank store, documents checked before."""

    def __init__(self, folder: Path, config: Config | None = None) -> None:
        self.folder = folder
        config = config or Config()
        documents = replace(config.documents, folder=folder / "documents")
        config = replace(config, documents=documents, flood=UNLIMITED)
        self.product = read_product(config)
        self._blank = folder / "blank.db"
        self._checked: Checked = {}
        self._stages = 0

    async def blank_store(self) -> Path:
        """A new file with the present schema and nothing in it."""
        if not self._blank.exists():
            store = SqliteStore(self._blank)
            await store.open()
            await store.close()
        self._stages += 1
        return Path(shutil.copy(self._blank, self.folder / f"script{self._stages}.db"))

    def with_memory(self, menu: MenuName | None = None) -> Product:
        """The product; a picture that was checked once is not decoded again.

        *menu* greets, the usual one where it is None.
        """
        product = self.product
        chat = product.config.chat
        chat = replace(chat, menu=menu or chat.menu)
        return replace(
            product,
            config=replace(product.config, chat=chat),
            documents=_Remembering(product.documents, self._checked),
        )


class _Remembering(Documents):
    """Documents whose verdict on the same bytes is remembered; the files are kept all the same."""

    def __init__(self, documents: Documents, checked: Checked) -> None:
        self._documents = documents
        self._checked = checked

    async def check(self, file: Any) -> Sent | Unfit:
        key = (file.data, file.name)
        if key not in self._checked:
            self._checked[key] = await self._documents.check(Media(file.data, file.name))
        verdict = self._checked[key]
        if isinstance(verdict, Unfit):
            return verdict
        return Sent(replace(verdict.document, album=file.album))

    def path(self, sha256: str) -> Path:
        return self._documents.path(sha256)


class Watched(SqliteStore):
    """A store that keeps what turns raised, so that a script fails where its turn did."""

    failures: tuple[TurnFailure, ...] = ()

    async def turns(self, run: RunTurn, **terms: Any) -> TurnReport:
        report = await super().turns(run, **terms)
        self.failures += tuple(report.failures)
        return report


class Stage:
    """A product that runs for one script; `open` it first, `close` it at the end."""

    store: Watched
    runtime: Runtime
    channel: Channel

    def __init__(
        self, product: Product, file: Path, driver: Driver, at: datetime, observe: Observe
    ) -> None:
        self.product = product
        self.driver = driver
        self.clock = ScriptClock(at)
        self._file = file
        self._observe = observe

    @property
    def now(self) -> datetime:
        """The present of the script, without the small steps between two looks at the clock."""
        return self.clock.at

    async def open(self) -> None:
        self.store = Watched(self._file)
        await self.store.open()
        await calendar_watch.read(self.store, self.product.reference.calendar)
        place = Place(self.store, self.clock, self.product.templates, self._file.with_suffix(""))
        self.channel = self.driver.channel(place)
        self.runtime = build_runtime(
            self.product, self.store, [self.channel], self.clock, self._observe
        )
        await self.settle()

    async def close(self) -> None:
        """Let everything go that is not in the store."""
        if closing := getattr(self.channel, "aclose", None):
            await closing()
        await self.store.close()

    async def restart(self) -> None:
        """End and start again from the same file."""
        await self.close()
        await self.open()

    async def deliver(self, raws: Sequence[Any]) -> None:
        """Let the provider deliver *raws*, and everything follow from it."""
        for raw in raws:
            await self.driver.deliver(raw, self.runtime.receive, self.settle)
        await self.settle()

    async def settle(self) -> None:
        """Fetch, turn and send until nothing is left to do now."""
        await self.store.heartbeat(self.runtime.owner, to_us(self.clock.now()))
        parts: Sequence[Callable[[], Awaitable[bool]]] = (
            self.runtime.fetcher.once,
            self.runtime.turns.once,
            self.runtime.sender.once,
        )
        while any([await part() for part in parts]):
            if self.store.failures:
                raise self.store.failures[0].error
        await self.driver.look()

    async def move(self, at: datetime) -> None:
        """Move the clock to *at*; timers and regular work happen at their own instants."""
        self.clock.move(self.now)
        while self.now < at:
            self.clock.move(min([at, *await self._instants()]))
            await self.runtime.tidy()
            if self.now == at or await self._is_due():
                await self.settle()
        self.clock.move(at)

    async def _is_due(self) -> bool:
        """Whether regular work left something to do, which it dated with its look at the clock."""
        now = self.clock.now()
        return any(due <= now for due in await self._due())

    async def _due(self) -> Sequence[datetime]:
        """When the first turn and the first message of this channel are due."""
        sends = await self.store.next_send_due([self.channel.name])
        due = (await self.store.next_due(), sends)
        return [from_us(one) for one in due if one is not None]

    async def _instants(self) -> Sequence[datetime]:
        """When something may happen next: regular work has to do with open requests only."""
        found = [due for due in await self._due() if due > self.now]
        async with self.store.read() as tx:
            if await deadlines.open_branches(tx):
                found.append(self.now + TIDY_EVERY)
        return found

    async def session(self, chat: str) -> Session:
        """The session of *chat* as the store has it."""
        async with self.store.read() as tx:
            row = await tx.one("session_of", chat=chat)
        return DECODER.decode(row["session"]) if row and row["session"] else Session()


@asynccontextmanager
async def theatre(config: Config | None = None) -> AsyncIterator[Theatre]:
    """A theatre in a folder of its own, removed afterwards."""
    folder = await asyncio.to_thread(tempfile.mkdtemp, prefix="chika-replay-")
    try:
        yield Theatre(Path(folder), config)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
