"""What the runtime's tests play on: a store that can refuse, a channel that can fail, a clock."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.runtime.messages import Outbound
from bot.runtime.ports import Media, Receive
from bot.runtime.render import encode
from bot.runtime.sender import Sender
from data.instants import to_us
from data.sqlite import SqliteStore
from data.store import (
    Head,
    NewEvent,
    Outgoing,
    Outlet,
    Received,
    SendResult,
    StoreBusy,
    TurnReport,
    TurnWrites,
    Tx,
)
from flows.events import ENCODER, Event, Text, Unfit
from tests.desk import SetClock

SOON = 20.0
"""Seconds within which anything that is waited for must happen."""


async def until(condition: Callable[[], Any]) -> None:
    """Let the loop go on until *condition* (which may be awaitable) holds, within `SOON`."""
    async with asyncio.timeout(SOON):
        while True:
            held = condition()
            if await held if isinstance(held, Awaitable) else held:
                return
            await asyncio.sleep(0.001)


class Flaky(SqliteStore):
    """A store whose verbs refuse as often as `busy` says, and count how often they were asked."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.busy: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.gates: dict[str, asyncio.Event] = {}
        # Whether each end of messages was to be stored at once.
        self.soon: list[bool] = []
        # What a verb did is in the store, and nobody hears of it before this.
        self.unheard: defaultdict[str, asyncio.Event | None] = defaultdict(lambda: None)

    async def _ask(self, verb: str) -> None:
        self.asked[verb] += 1
        if verb in self.gates:
            await self.gates[verb].wait()
        if self.busy[verb]:
            self.busy[verb] -= 1
            raise StoreBusy(verb)

    async def ingest(self, events: Sequence[NewEvent]) -> Sequence[bool]:
        await self._ask("ingest")
        return await super().ingest(events)

    async def receive(self, *given: Any, **more: Any) -> Received:
        await self._ask("receive")
        return await super().receive(*given, **more)

    async def turns(self, *given: Any, **more: Any) -> TurnReport:
        await self._ask("turns")
        return await super().turns(*given, **more)

    async def bury(self, event: int, outbox: Sequence[bytes]) -> None:
        await self._ask("bury")
        await super().bury(event, outbox)

    async def claim_sends(self, **how: Any) -> Sequence[Outgoing]:
        heard = self.unheard["claim_sends"]
        await self._ask("claim_sends")
        claimed = await super().claim_sends(**how)
        if heard is not None:
            await heard.wait()
        return claimed

    async def next_send_due(self, channels: Sequence[str] = ()) -> int | None:
        await self._ask("next_send_due")
        return await super().next_send_due(channels)

    def sent(
        self, owner: str, results: Sequence[SendResult], *, soon: bool = True
    ) -> asyncio.Future[None]:
        return asyncio.ensure_future(self._sent(owner, results, soon, self.unheard["sent"]))

    async def _sent(
        self, owner: str, results: Sequence[SendResult], soon: bool, heard: asyncio.Event | None
    ) -> None:
        self.soon.append(soon)
        await self._ask("sent")
        await super().sent(owner, results, soon=soon)
        if heard is not None:
            await heard.wait()

    async def fetched(self, event: int, body: bytes, now: int) -> None:
        await self._ask("fetched")
        await super().fetched(event, body, now)

    async def heartbeat(self, owner: str, now: int) -> None:
        await self._ask("heartbeat")
        await super().heartbeat(owner, now)

    async def write(self, verb: Any) -> Any:
        await self._ask("write")
        return await super().write(verb)

    async def look(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the database itself, past the store's statements."""

        async def ask(tx: Any) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in tx._execute(sql).fetchall()]

        return await self.write(ask)


@dataclass
class Post:
    """A channel that writes down what it delivers.

    *trouble* is what the next tries to a chat raise, *gates* hold a chat's messages back, *files*
    are what can be fetched: bytes, or what fetching raises.
    """

    name: str = "web"
    got: list[tuple[str, str]] = field(default_factory=list)
    tried: Counter[str] = field(default_factory=Counter)
    trouble: dict[str, list[Exception]] = field(default_factory=lambda: defaultdict(list))
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    files: dict[str, list[bytes | Exception]] = field(default_factory=dict)
    fetched: Counter[str] = field(default_factory=Counter)

    async def send(self, chat: str, message: Outbound) -> str:
        self.tried[chat] += 1
        if chat in self.gates:
            await self.gates[chat].wait()
        if self.trouble[chat]:
            raise self.trouble[chat].pop(0)
        self.got.append((chat, message.text))
        return f"ref{len(self.got)}"

    async def fetch(self, media: str) -> Media:
        self.fetched[media] += 1
        if media in self.gates:
            await self.gates[media].wait()
        found = self.files[media].pop(0)
        if isinstance(found, Exception):
            raise found
        return Media(found, name=media)

    async def run(self, receive: Receive) -> None:
        """Nothing arrives by itself."""

    def told(self, chat: str) -> list[str]:
        """What arrived in one chat, in order."""
        return [text for where, text in self.got if where == chat]


@dataclass
class Inbox:
    """Puts events into a store, numbered, at the clock's present."""

    store: SqliteStore
    clock: SetClock
    count: int = 0

    def event(self, chat: str, event: Event, media: str = "") -> NewEvent:
        self.count += 1
        now = to_us(self.clock.at)
        return NewEvent(
            channel=chat.partition(":")[0],
            provider_id=f"n{self.count}",
            chat=chat,
            body=ENCODER.encode(event),
            received_at=now,
            due_at=now,
            media=media,
        )

    def text(self, chat: str, text: str) -> NewEvent:
        return self.event(chat, Text(text))

    def photo(self, chat: str, media: str) -> NewEvent:
        return self.event(chat, Unfit("lost"), media)

    async def say(self, chat: str, *texts: str, outlet: Outlet | None = None) -> TurnReport:
        """Put messages into the outbox of *chat*, as a turn would; what it reports."""

        async def tell(tx: Tx, head: Head) -> TurnWrites:
            return TurnWrites(b"{}", [encode(Outbound(text)) for text in texts])

        await self.store.ingest([self.text(chat, "?")])
        now = to_us(self.clock.at)
        return await SqliteStore.turns(
            self.store, tell, now=now, limit=9, attempts=1, outlet=outlet
        )

    def pass_time(self, **time: float) -> None:
        self.clock.at += timedelta(**time)


async def at_work(store: Flaky, post: Post, clock: SetClock) -> tuple[Sender, asyncio.Task[None]]:
    """A sender that lives and works, and the task that ends with it."""
    await store.heartbeat("me", to_us(clock.at))
    sender = Sender(store, {"web": post}, clock, "me")
    return sender, asyncio.create_task(sender.run())


async def states(store: Flaky, chat: str) -> list[tuple[str, str, int]]:
    """How the messages of a chat stand: status, error and attempts of each, in order."""
    rows = await store.look(
        f"SELECT status, error, attempts FROM outbox WHERE chat = '{chat}' ORDER BY seq"
    )
    return [(str(status), str(error), int(attempts)) for status, error, attempts in rows]


async def ended(store: Flaky, chat: str, *expected: tuple[str, str, int]) -> None:
    """Wait until the messages of a chat stand as *expected*."""

    async def as_expected() -> bool:
        return await states(store, chat) == list(expected)

    await until(as_expected)
