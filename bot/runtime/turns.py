"""Turns: the oldest due event of each chat meets its session, in one transaction."""

import contextlib
from collections import deque
from collections.abc import Callable, Mapping, Sequence

import msgspec

from bot.runtime.consents import proof
from bot.runtime.happening import Act, Happening
from bot.runtime.logger import Logger
from bot.runtime.messages import Outbound
from bot.runtime.outside import is_participants, outside_the_window
from bot.runtime.render import encode, messages
from bot.runtime.signal import SHORTEST_NAP, Signal, nap
from bot.runtime.trouble import told
from bot.texts.catalogue import Catalogue
from bot.texts.templates import Templates
from data.instants import EPOCH, Clock, from_us, to_us
from data.store import (
    Consent,
    Head,
    NewEvent,
    Outlet,
    RunTurn,
    Store,
    StoreBusy,
    Timer,
    TurnFailure,
    TurnReport,
    TurnWrites,
    Tx,
)
from flows.assets import Assets, Facts, Settings
from flows.events import DECODER, ENCODER, TimerFired
from flows.facts import REACHING, Consented, DropTimer, Say, SetTimer
from flows.journey import Journeys, Move
from flows.menus import Menus
from flows.session import Session
from flows.turn import turn
from services import windows

CAREFUL_TURNS = 300
"""How many turns are taken one by one after a start, each try counted before it is made."""

APOLOGY = "gangguan"

_SESSION = msgspec.json.Decoder(Session)
_ENCODE = msgspec.json.Encoder().encode

log = Logger(__name__)

Observe = Callable[[Sequence[Move]], None]
"""Told of the moves that machines made in a turn, for coverage."""


class World(msgspec.Struct, frozen=True):
    """What every turn shares: the flows, reference facts, sentences, and what facts lead to.

    *others* run the turns of channels on which no participants write, by the channel's name;
    *templates* ask participants to write where a network's window is shut.
    """

    journeys: Journeys
    menus: Menus
    facts: Facts
    settings: Settings
    catalogue: Catalogue
    act: Act
    observe: Observe = lambda moves: None
    others: Mapping[str, RunTurn] = msgspec.field(default_factory=dict)
    templates: Templates = msgspec.field(default_factory=Templates)

    def other(self, chat: str) -> RunTurn | None:
        """What runs the turns of *chat* where no participant writes there."""
        return self.others.get(chat.partition(":")[0])


class TurnLoop:
    """Runs due turns until it is stopped."""

    def __init__(
        self,
        store: Store,
        world: World,
        clock: Clock,
        *,
        batch: int,
        attempts: int,
        said: Callable[[TurnReport], None],
        outlet: Callable[[], Outlet | None] = lambda: None,
    ) -> None:
        self._store = store
        self._world = world
        self._clock = clock
        self._batch = batch
        self._attempts = attempts
        self._outlet = outlet
        self._said = said
        self._signal = Signal()
        self._stopping = False
        self._due: int | None = None
        # Chats whose turns may have put something into other chats.
        self._reaching: set[str] = set()
        # What waits at the start, and what providers deliver again, may be what ended the process
        # before: it is stored first and taken one by one.
        self._careful = CAREFUL_TURNS
        self._unanswered: deque[TurnFailure] = deque()

    def wake(self) -> None:
        """There may be a due event."""
        self._signal.wake()

    def stop(self) -> None:
        """Finish the batch that is running and end."""
        self._stopping = True
        self._signal.wake()

    async def catch_up(self) -> None:
        """Take what waits at the start one by one, while nothing else is at work.

        What ends the process meanwhile is then that turn, and no innocent one is blamed for it.
        Where the store refuses, `run` goes on as carefully.
        """
        with contextlib.suppress(StoreBusy):
            while self._careful and not self._stopping:
                if await self.once():
                    continue
                if not await self._anything_due():
                    break
                await self._signal.wait(SHORTEST_NAP)

    async def receive(self, events: Sequence[NewEvent]) -> Sequence[bool]:
        """Store *events*, and give them their turns at once where nothing speaks against it.

        For each whether it was new; returns after the commit.
        """
        if self._careful or self._stopping:
            fresh = await self._store.ingest(events)
            self.wake()
            return fresh
        received = await self._store.receive(
            events,
            self._turn,
            now=to_us(self._clock.now()),
            attempts=self._attempts,
            outlet=self._outlet(),
        )
        report = received.report
        self._hear(report)
        sooner = report.due is not None and (self._due is None or report.due < self._due)
        reaching = self._reaching.intersection([event.chat for event in events])
        self._reaching -= reaching
        if sooner or reaching or report.done < sum(received.fresh):
            self.wake()
        return received.fresh

    async def run(self) -> None:
        """Run turns until `stop`."""
        while not self._stopping:
            try:
                moved = await self.once()
                if not (moved and self._is_due):
                    await self._signal.wait(nap(self._due, self._clock))
            except StoreBusy:
                log.warning("turns wait: the database is busy")
                await self._signal.wait(0.5)

    async def once(self) -> bool:
        """Run one batch; False when nothing was due."""
        report = await self._store.turns(
            self._turn_in_order,
            now=to_us(self._clock.now()),
            limit=self._batch,
            attempts=self._attempts,
            careful=self._careful > 0,
            outlet=self._outlet(),
        )
        self._hear(report)
        self._due = report.due
        await self._apologise()
        moved = bool(report.done or report.failures)
        self._careful = max(0, self._careful - moved)
        return moved

    def _hear(self, report: TurnReport) -> None:
        if report.sends or report.handed:
            self._said(report)
        for failure in report.failures:
            self._failed(failure)

    @property
    def _is_due(self) -> bool:
        """Whether the last batch left something that is due now; what came since wakes us."""
        return self._due is not None and self._due <= to_us(self._clock.now())

    async def _anything_due(self) -> bool:
        """Whether a turn is due, also one that a process which just died still seems to hold."""
        due = await self._store.next_due()
        return due is not None and due <= to_us(self._clock.now())

    async def _turn_in_order(self, tx: Tx, head: Head) -> TurnWrites:
        """As `_turn`, where what follows is looked for in any case."""
        writes = await self._turn(tx, head)
        self._reaching.discard(head.chat)
        return writes

    async def _turn(self, tx: Tx, head: Head) -> TurnWrites:
        if other := self._world.other(head.chat):
            self._reaching.add(head.chat)
            return await other(tx, head)
        world, now = self._world, self._clock.now()
        before = _SESSION.decode(head.session) if head.session else Session()
        happening = Happening(head.chat, head.event, now, language=before.language)
        event = DECODER.decode(head.body)
        received_at = from_us(head.received_at)
        if is_participants(event) and await windows.opened(tx, head.chat):
            received_at = EPOCH  # whatever this is, it was written before the parked was read
        assets = Assets(
            now=now,
            received_at=received_at,
            facts=world.facts,
            journeys=world.journeys,
            menus=world.menus,
            settings=world.settings,
        )
        after = turn(before, event, assets)
        says: list[Say] = []
        timers: list[Timer] = []
        dropped: list[str] = []
        consents: list[Consent] = []
        for fact in after.facts:
            match fact:
                case Say():
                    says.append(fact)
                case SetTimer(kind, at):
                    timers.append(Timer(kind, to_us(at), ENCODER.encode(TimerFired(kind))))
                case DropTimer(kind):
                    dropped.append(kind)
                case Consented():
                    consents.append(proof(fact, world.catalogue, happening.language, now))
                case _:
                    if isinstance(fact, REACHING):
                        self._reaching.add(head.chat)
                    says.extend(await world.act(tx, happening, fact))
        if after.moves:
            world.observe(after.moves)
        language = after.session.language
        said = messages(says, world.catalogue.render, language)
        said = outside_the_window(said, event, world.templates, world.facts)
        return TurnWrites(
            session=_ENCODE(after.session),
            outbox=[encode(message) for message in said],
            timers=timers,
            dropped_timers=dropped,
            consents=consents,
        )

    def _failed(self, failure: TurnFailure) -> None:
        log.error(
            "turn failed",
            event_id=failure.event,
            attempts=failure.attempts,
            dead=failure.dead,
            **told(failure.error),
        )
        if failure.dead:
            self._unanswered.append(failure)

    async def _apologise(self) -> None:
        while self._unanswered:
            failure = self._unanswered[0]
            language = await self._language_of(failure.chat)
            text = self._world.catalogue.render(APOLOGY, {}, language)
            await self._store.bury(failure.event, [encode(Outbound(text, language=language))])
            self._unanswered.popleft()
            self._said(TurnReport(sends=1, behind=[failure.chat]))

    async def _language_of(self, chat: str) -> str:
        """The language of a chat; Indonesian where its session is what cannot be read."""
        async with self._store.read() as tx:
            row = await tx.one("session_of", chat=chat)
        try:
            return _SESSION.decode(row["session"]).language if row and row["session"] else "id"
        except msgspec.DecodeError:
            return "id"
