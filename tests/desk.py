"""A branch with officers and requests for tests: a real store, the real calendar, a set clock."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, TypeVar

from data.facts import load_facts
from data.instants import to_us
from data.sqlite import SqliteStore
from data.store import Head, Store, TurnWrites, Tx
from flows.events import DECODER
from flows.events import Desk as DeskEvent
from forms.report import Rendered
from services import officers, queue
from services.hours import Calendar, ordinary_week
from services.leases import Rules
from services.officers import Officer
from services.requests import Request, by_number
from services.tickets import Ticket
from tests.stores import postgres_store, sqlite_store

T = TypeVar("T")

FACTS = load_facts()
WEEK = ordinary_week(time(8), time(17), ("senin", "selasa", "rabu", "kamis", "jumat"))
CALENDAR = Calendar(FACTS, WEEK)
MANADO, TONDANO = FACTS.branches["KC-MANADO"], FACTS.branches["KC-TONDANO"]
MONDAY_TEN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Monday 10.00 in Manado: open."""
MONDAY_NIGHT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""Monday 20.00 in Manado: shut."""
RULES = Rules(lease=timedelta(minutes=15), correction=timedelta(days=7))

RINA = Officer("rina", "Rina K.", "KC-MANADO")
DIMAS = Officer("dimas", "Dimas P.", "KC-MANADO")
SARI = Officer("sari", "Sari T.", "KC-TONDANO")
BENNY = Officer("benny", "Benny W.", "KC-MANADO", "supervisor")
ADMIN = Officer("pusat", "Pusat", "", "admin")
WATI = Officer("wati", "Wati L.", "", "region", "KW-10", FACTS.branches_of("KW-10"))
"""Of the region with Manado and Tondano."""
HENKY = Officer("henky", "Henky R.", "KC-TONDANO", "supervisor")
ANDI = Officer("andi", "Andi M.", "KC-MAKASSAR")
IDA = Officer("ida", "Ida N.", "", "region", "KW-09", FACTS.branches_of("KW-09"))
"""As Andi, of another region."""
TIO = Officer("tio", "Tio A.", "", "auditor")
OFFICERS = (RINA, DIMAS, SARI, BENNY, ADMIN, WATI, HENKY, ANDI, IDA, TIO)

NIK = "7171015708909901"
CHAT = "web:siti"


def rendered(number: str) -> Rendered:
    """A small report in the shape of the real ones."""
    form = f"FORMULIR CONTOH\n\nNomor   : {number}\n\nPESERTA\n 1. Nama : Siti Aminah\n"
    return Rendered(f"{form} 2. NIK  : {NIK}\n", f"{form} 2. NIK  : ••••••••••••9901\n")


@dataclass
class SetClock:
    """A clock that stands until it is moved."""

    at: datetime = MONDAY_TEN

    def now(self) -> datetime:
        return self.at


@dataclass
class Desk:
    """The store with `OFFICERS`, and short ways to act on it at the clock's present."""

    store: Store
    clock: SetClock = field(default_factory=SetClock)
    rules: Rules = RULES
    calendar: Calendar = CALENDAR
    filed: int = 0
    heard: list[DeskEvent] = field(default_factory=list)

    async def do(self, verb: Callable[..., Awaitable[T]], *args: Any, **values: Any) -> T:
        """Run a verb of the business in one transaction, now."""
        now = self.clock.now()
        return await self.store.write(lambda tx: verb(tx, *args, now=now, **values))

    async def file(self, *, chat: str = CHAT, **values: Any) -> Ticket:
        self.filed += 1
        given: dict[str, Any] = {
            "submission": f"{chat}/{self.filed}",
            "service": "G",
            "digest": "d1",
            "branch": MANADO,
            "answers": {"nama": "Siti Aminah", "nik": NIK},
            "report": rendered,
            "calendar": self.calendar,
        }
        await self.store.write(lambda tx: tx.run("chat_wake", chat=chat, due_at=None))
        return await self.do(queue.file, chat=chat, **(given | values))

    async def claim(self, officer: Officer, number: str) -> Request:
        return await self.do(queue.claim, officer, number, calendar=self.calendar, rules=self.rules)

    async def claim_next(self, officer: Officer, branch: str = "KC-MANADO") -> Request | None:
        return await self.do(
            queue.claim_next, officer, branch, calendar=self.calendar, rules=self.rules
        )

    async def request(self, number: str) -> Request:
        async with self.store.read() as tx:
            return await by_number(tx, number)

    async def all(self, statement: str, **values: Any) -> list[dict[str, Any]]:
        async with self.store.read() as tx:
            return [dict(row) for row in await tx.all(statement, **values)]

    async def place(self, number: str) -> int:
        """Where a request stands in its queue."""
        async with self.store.read() as tx:
            return await queue.position(tx, await by_number(tx, number))

    async def told(self) -> list[DeskEvent]:
        """What the turns of participants got from the desk so far, in order."""

        async def listen(tx: Tx, head: Head) -> TurnWrites:
            event = DECODER.decode(head.body)
            assert isinstance(event, DeskEvent)
            self.heard.append(event)
            return TurnWrites(session=b"{}")

        while (await self.store.turns(listen, now=to_us(self.clock.at), limit=9, attempts=1)).done:
            pass
        return self.heard

    async def trail(self, thing: str) -> list[str]:
        """The actions that the audit has of one thing."""
        return [row["action"] for row in await self.all("audit_of", object=thing)]


async def enrol(tx: Tx, now: datetime) -> None:
    for officer in OFFICERS:
        await officers.add(tx, officer, now=now)


@asynccontextmanager
async def sqlite_desk(folder: Path) -> AsyncIterator[Desk]:
    await sqlite_store(folder / "desk.db")
    async with _opened(SqliteStore(folder / "desk.db")) as desk:
        yield desk


@asynccontextmanager
async def postgres_desk() -> AsyncIterator[Desk]:
    """A desk in a schema of its own."""
    async with postgres_store() as url:
        from data.postgres import PostgresStore

        async with _opened(PostgresStore(url)) as desk:
            yield desk


@asynccontextmanager
async def _opened(store: Store) -> AsyncIterator[Desk]:
    await store.open()
    try:
        desk = Desk(store)
        await desk.do(enrol)
        yield desk
    finally:
        await store.close()
