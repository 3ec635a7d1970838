"""The store's port: what the runtime, the services and the console ask of a database.

Two engines stand behind it, `data.sqlite` (embedded, one writer) and `data.postgres` (many
workers). One contract test class runs over both. All instants are microseconds since the epoch.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

import msgspec

T = TypeVar("T")
Row = Mapping[str, Any]

NEVER = 2**63 - 1
"""The `not_before` of a parked message: it waits for a word of the participant, not for a time."""

OWNER_DIES_AFTER = 30_000_000
"""Microseconds without a heartbeat after which a sender's messages are taken back."""


class StoreBusy(RuntimeError):
    """The database could not be written now (locked, full disk, lost connection); try again.

    Nothing was stored: who asked must not acknowledge.
    """


class Overtaken(Exception):
    """Somebody else was faster: the transaction is undone, and run again a few times.

    A turn was run between the look at its event and the chat's lock, or a verb waited for what was
    then gone. Only where several write at a time.
    """


class SchemaMismatch(RuntimeError):
    """The database has another schema version than this program; says which and what to run."""


class Tx(Protocol):
    """One open transaction. Statements are named; they live in ``data/sql/*.sql``.

    A statement is written once for both engines with ``:name`` parameters.
    """

    async def one(self, statement: str, **values: Any) -> Row | None:
        """The first row, or None."""

    async def all(self, statement: str, **values: Any) -> Sequence[Row]:
        """Every row."""

    async def run(self, statement: str, **values: Any) -> int:
        """Carry out a change; the number of rows it touched."""

    async def each(self, statement: str, rows: Sequence[Row]) -> None:
        """Carry out a change once for each of *rows*, which give its values.

        PostgreSQL's form of the statement gets them all at once, as JSON in ``:rows``.
        """


class NewEvent(msgspec.Struct, frozen=True):
    """Something to put into the durable inbox.

    (*channel*, *provider_id*) is unique for ever; *chat* is ``<channel>:<id>`` of the
    conversation (for ``desk`` and ``timer`` events the participant's chat). *rank* orders pending
    events of a chat before their arrival does (Telegram's update_id, else 0). *media* is the
    channel's reference of a file to fetch before the turn may run ('' for none). *dead* is the
    reason why an update could not be understood: it is kept as a dead letter and never run. *album*
    names what was sent in one go with other files; it is not stored.
    """

    channel: str
    provider_id: str
    chat: str
    body: bytes
    received_at: int
    due_at: int
    rank: int = 0
    media: str = ""
    dead: str = ""
    album: str = ""

    @property
    def status(self) -> str:
        """How it enters the inbox."""
        return "dead" if self.dead else "fetching" if self.media else "new"


class Head(msgspec.Struct, frozen=True):
    """A chat whose turn it is: its session and its oldest due event, locked until the turn ends."""

    chat: str
    session: bytes | None
    version: int
    event: int
    channel: str
    body: bytes
    received_at: int
    attempts: int


class Timer(msgspec.Struct, frozen=True):
    """Wake the chat at *due_at* with *body*; replaces the chat's timer of the same *kind*."""

    kind: str
    due_at: int
    body: bytes


class Consent(msgspec.Struct, frozen=True):
    """The participant agreed to a text of a service; *text_sha256* proves its wording."""

    service: str
    key: str
    text_sha256: str
    at: int


class TurnWrites(msgspec.Struct, frozen=True):
    """What one turn leaves behind, written in the same transaction that marks its event done."""

    session: bytes
    outbox: Sequence[bytes] = ()
    timers: Sequence[Timer] = ()
    dropped_timers: Sequence[str] = ()
    consents: Sequence[Consent] = ()


RunTurn = Callable[[Tx, Head], Coroutine[Any, Any, TurnWrites]]
"""The turn itself. It may await nothing but *tx*. What it raises undoes this turn only.

It may be run again before its batch is committed, so it changes nothing but through *tx*.
"""


class TurnFailure(msgspec.Struct, frozen=True):
    """A turn that raised; its event was kept for another try, or given up as a dead letter."""

    chat: str
    event: int
    attempts: int
    dead: bool
    error: Exception


class TurnKilled(RuntimeError):
    """The process ended during every try of this turn; nobody saw what it raised."""


class Outgoing(msgspec.Struct, frozen=True):
    """A message that is being sent: it was marked so, and committed, before anyone sees it.

    *ahead* is the message before it in its chat where that was being sent by the same owner when
    this one was written, 0 where it had ended.
    """

    id: int
    chat: str
    channel: str
    body: bytes
    attempts: int
    ahead: int = 0


class Outlet(msgspec.Struct, frozen=True):
    """Who sends in this process: *owner*, for the *channels* of that name."""

    owner: str
    channels: frozenset[str]


class TurnReport(msgspec.Struct, frozen=True):
    """What a batch did: turns done, failures, and what became of the messages.

    *handed* are marked as being sent by the outlet that was given; *sends* counts the others,
    which wait in the outbox, and *behind* names their chats. *due* is when the next chat is due
    (after `receive`: the first timer that was set), None when none is.
    """

    done: int = 0
    failures: Sequence[TurnFailure] = ()
    sends: int = 0
    handed: Sequence[Outgoing] = ()
    behind: Sequence[str] = ()
    due: int | None = None


class Received(msgspec.Struct, frozen=True):
    """What became of events that arrived: whether each was new, and the turns they had at once."""

    fresh: Sequence[bool]
    report: TurnReport


class TemplateUse(msgspec.Struct, frozen=True):
    """A message template that was sent *at* an instant, for a request of *branch*.

    *reference* is the provider's, '' where it gave none.
    """

    template: str
    branch: str
    reference: str
    at: int


class Parking(msgspec.Struct, frozen=True):
    """Why a message is parked: its *chat* was last heard of at *heard*, None for never.

    *template* asked the participant to write.
    """

    chat: str
    heard: int | None
    template: TemplateUse | None = None


class SendResult(msgspec.Struct, frozen=True):
    """How sending ended.

    *status* is ``sent``, ``failed`` (for good, *error* says why), ``retry`` (again at
    *not_before*), or ``unknown`` (it may have arrived; it is not repeated). *ended_at* is when
    the channel answered. With *parking* it is tried again when the participant has written;
    at once where that has happened since the channel looked.
    """

    id: int
    status: str
    provider_ref: str = ""
    error: str = ""
    not_before: int = 0
    ended_at: int = 0
    parking: Parking | None = None


class Fetching(msgspec.Struct, frozen=True):
    """A file that an event waits for."""

    event: int
    chat: str
    channel: str
    media: str
    body: bytes
    received_at: int


class Store(Protocol):
    """The durable side of the product."""

    async def open(self) -> None:
        """Connect and bring the schema up to date.

        Raises `SchemaMismatch` for a database of a newer program, `StoreBusy` when it cannot be
        reached.
        """

    async def close(self) -> None:
        """Finish what was begun and let go."""

    async def ingest(self, events: Sequence[NewEvent]) -> Sequence[bool]:
        """Store events durably; for each whether it was new. Returns only after the commit.

        Raises `StoreBusy` when nothing was stored.
        """

    async def receive(
        self,
        events: Sequence[NewEvent],
        run: RunTurn,
        *,
        now: int,
        attempts: int,
        outlet: Outlet | None = None,
    ) -> Received:
        """As `ingest`; an event that finds nothing ahead of it has its turn in the same commit.

        The others wait for `turns`, as do those whose turn raised: nothing of that try is kept or
        counted. An event that kills the
        process was then never stored: whoever calls this must know that none of those is coming.
        """

    async def turns(
        self,
        run: RunTurn,
        *,
        now: int,
        limit: int,
        attempts: int,
        careful: bool = False,
        outlet: Outlet | None = None,
    ) -> TurnReport:
        """Run due turns of at most *limit* chats, one event each, in one commit.

        Each turn is undone by itself when it raises: its event's attempts rise by one, and at
        *attempts* it becomes a dead letter. *careful* takes one chat and commits the attempt
        before the turn runs, so that an event that kills the process is counted. A message of a
        chat of which nobody else sends one is marked as being sent by *outlet* in the same commit.
        """

    async def bury(self, event: int, outbox: Sequence[bytes]) -> None:
        """Answer a dead letter, whose turn never was, with *outbox* (an apology), once."""

    async def next_due(self) -> int | None:
        """When the next waiting event is due, None when none waits."""

    async def next_send_due(self, channels: Sequence[str] = ()) -> int | None:
        """When the next message that has none ahead of it is due, None when none waits.

        What is parked is never due. *channels* narrows it to their chats; without any, all count.
        """

    async def fetches(self, limit: int) -> Sequence[Fetching]:
        """Events that wait for a file, oldest first."""

    async def fetched(self, event: int, body: bytes, now: int) -> None:
        """The file is there (or given up): *body* replaces the event's, and its turn may run."""

    async def claim_sends(
        self, *, owner: str, now: int, limit: int, channels: Sequence[str] = ()
    ) -> Sequence[Outgoing]:
        """Mark the oldest due message of each chat as being sent by *owner*, commit, return them.

        A chat's next message is not handed out before the one ahead has ended. *channels* narrows
        it to the chats of channels that *owner* has; without any, all are handed out.
        """

    def sent(
        self, owner: str, results: Sequence[SendResult], *, soon: bool = True
    ) -> asyncio.Future[None]:
        """Record how sending ended; unless *soon*, a few milliseconds later with something else.

        What has ended before, and what another than *owner* is sending by now, stays as it is.

        It is under way when this returns, so that what comes next may share its commit; what is to
        be parked follows. The future ends after the commit, or with `StoreBusy`.
        """

    async def heartbeat(self, owner: str, now: int) -> None:
        """*owner* lives and may claim sends; to be called before the first and every few seconds.

        Who was not heard of for `OWNER_DIES_AFTER` is dead.
        """

    async def recover_sends(self, owner: str, now: int) -> int:
        """Take back what dead owners were sending; *owner* is who asks. The number of messages.

        They will be sent again: each may arrive a second time, once for each death.
        """

    async def return_sends(self, owner: str, known: Sequence[int], *, before: int) -> int:
        """Take back what *owner* was handed until *before* and is not among the *known*; how many.

        It never heard of these: the connection broke while it was told.
        """

    async def write(self, verb: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        """Run *verb* in one transaction and commit; what it raises undoes it."""

    def read(self) -> AbstractAsyncContextManager[Tx]:
        """A consistent view for pages and commands; changes are refused."""

    async def glance(self, verb: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        """What *verb* reads: a few rows that an index finds, for what is asked all the time.

        It may await nothing but its transaction, as nothing else might happen meanwhile.
        """
