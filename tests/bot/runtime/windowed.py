"""A channel with a window, people who write on it, and officers who answer: on a set clock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.bootstrap import Product, build_runtime
from bot.channels.window import Gate
from bot.runtime.messages import Outbound
from bot.runtime.runtime import Runtime
from bot.texts.templates import Template
from data.instants import to_us
from data.store import NewEvent
from flows.events import ENCODER, Text
from services import conversation, identities
from services.officers import Officer
from tests.bot.runtime.stage import Post
from tests.desk import RINA, Desk

FRIDAY = datetime(2026, 8, 14, 16, 50, tzinfo=ZoneInfo("Asia/Makassar"))
"""Ten minutes before the branch shuts; Monday is Independence Day."""
TUESDAY = datetime(2026, 8, 18, 8, 10, tzinfo=ZoneInfo("Asia/Makassar"))


@dataclass
class Windowed(Post):
    """As WhatsApp: free messages within the window, outside it templates.

    *asked* are the templates (chat, name, language, parameters); *refusal* is what the next ones
    raise.
    """

    name: str = "whatsapp"
    gate: Gate | None = None
    asked: list[tuple[str, str, str, list[str]]] = field(default_factory=list)
    refusal: Exception | None = None

    async def send(self, chat: str, message: Outbound) -> str:
        assert self.gate is not None
        await self.gate.check(chat, message)
        return await super().send(chat, message)

    async def ask(
        self, chat: str, row: int, template: Template, language: str, values: list[str]
    ) -> str:
        if self.refusal is not None:
            raise self.refusal
        self.asked.append((chat, template.name, language, values))
        return f"template{len(self.asked)}"


@dataclass
class Branch:
    """The runtime over a desk; everything due is done when somebody acts."""

    desk: Desk
    runtime: Runtime
    post: Windowed
    written: int = 0

    async def somebody(self, name: str = "ID.1", channel: str = "whatsapp") -> str:
        """The chat of a person who has just written."""
        now = self.desk.clock.now()
        chat = await self.desk.store.write(
            lambda tx: identities.chat_of(tx, channel, [f"bsuid:{name}"], now=now)
        )
        await self.write(chat, "halo")
        return chat

    async def write(self, chat: str, text: str, at: datetime | None = None) -> None:
        """The person of *chat* writes; *at* by the network's clock where its delivery is late."""
        self.written += 1
        now = self.desk.clock.now()
        await self.desk.store.write(lambda tx: identities.heard(tx, chat, at or now))
        event = NewEvent(
            channel=chat.partition(":")[0],
            provider_id=f"in{self.written}",
            chat=chat,
            body=ENCODER.encode(Text(text)),
            received_at=to_us(now),
            due_at=to_us(now),
        )
        await self.runtime.receive([event])
        await self.settle()

    async def reply(self, number: str, text: str, officer: Officer = RINA) -> None:
        """An officer who holds a request writes."""
        await self.desk.do(conversation.reply, officer, number, text, rules=self.desk.rules)
        await self.settle()

    async def settle(self) -> None:
        """Run every turn and send every message that is due."""
        while await self.runtime.turns.once() or await self.runtime.sender.once():
            pass

    def told(self, chat: str) -> str:
        """What the person of *chat* has read so far."""
        return "\n".join(self.post.told(chat))


@asynccontextmanager
async def opened(desk: Desk, product: Product, channel: str = "whatsapp") -> AsyncIterator[Branch]:
    """A branch on *desk*, its clock at `FRIDAY`; *channel* has templates if it is WhatsApp."""
    desk.clock.at = FRIDAY
    post = Windowed(channel)
    ask = post.ask if channel == "whatsapp" else None
    post.gate = Gate(desk.store, desk.clock, product.templates, ask)
    runtime = build_runtime(product, desk.store, [post], desk.clock)
    await desk.store.heartbeat(runtime.owner, to_us(desk.clock.now()))
    yield Branch(desk, runtime, post)
