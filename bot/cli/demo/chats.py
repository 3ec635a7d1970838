"""The chats of invented participants: real turns of the real flows, at the clock's present."""

from datetime import datetime, timedelta
from random import Random
from typing import Final

from bot.cli.demo.participant import Participant, Stuck
from bot.runtime.consents import proof
from bot.runtime.happening import Happening
from bot.runtime.runtime import Runtime
from bot.runtime.turns import World
from data.instants import Clock, to_us
from data.places import Branch
from data.store import Consent, Head, NewEvent, Store, Timer, TurnWrites, Tx
from flows.assets import Assets
from flows.events import ENCODER, Event, Opened, Press, TimerFired
from flows.facts import Consented, DropTimer, Fact, Filed, Say, SetTimer
from flows.session import DECODER, FORM, Session
from flows.session import ENCODER as SESSIONS
from flows.turn import turn

MOST_TURNS: Final = 150
"""After so many replies the answers lead in a circle."""
SECONDS_PER_REPLY: Final = (8, 45)


class Chats:
    """Plays conversations into *store*.

    A form is filled in memory and stored with its last turn; everything after that goes through
    the durable inbox like any message.
    """

    def __init__(self, store: Store, world: World, runtime: Runtime, clock: Clock) -> None:
        self._store = store
        self._world = world
        self._runtime = runtime
        self._clock = clock
        self._said: dict[str, int] = {}

    def fill(
        self,
        who: Participant,
        service: str,
        branch: Branch,
        began: datetime,
        chance: Random,
        leave_after: int = MOST_TURNS,
    ) -> "Filling | None":
        """A conversation from the link to the ticket, or until it is left after some replies.

        None where it led to an early result, or left before the first question.
        """
        filling = Filling(Session(), began)
        try:
            self._play(filling, Opened(f"{branch.id.lower().replace('-', '_')}_{service}"))
            self._play(filling, Press("setuju", _serial(filling.session)))
            for _ in range(leave_after):
                session = filling.session
                if session.journey is None or session.phase not in FORM:
                    return None
                if session.phase == "review":
                    self._play(filling, Press("KIRIM", _serial(session)))
                    break
                filling.at += timedelta(seconds=chance.randint(*SECONDS_PER_REPLY))
                self._play(filling, who.reply(session, session.journey, filling.at))
        except Stuck:
            return None
        return filling

    def _play(self, filling: "Filling", event: Event) -> None:
        world = self._world
        assets = Assets(
            now=filling.at,
            received_at=filling.at,
            facts=world.facts,
            journeys=world.journeys,
            menus=world.menus,
            settings=world.settings,
        )
        after = turn(filling.session, event, assets)
        filling.session = after.session
        filling.facts += [(filling.at, fact) for fact in after.facts]

    async def keep(self, chat: str, filling: "Filling") -> None:
        """Store what came of *filling*: consents, the request, the session, its timers."""

        async def run(tx: Tx, head: Head) -> TurnWrites:
            timers: dict[str, Timer] = {}
            consents: list[Consent] = []
            for at, fact in filling.facts:
                match fact:
                    case Say():
                        pass
                    case SetTimer(kind, due):
                        timers[kind] = Timer(kind, to_us(due), ENCODER.encode(TimerFired(kind)))
                    case DropTimer(kind):
                        timers.pop(kind, None)
                    case Consented():
                        consents.append(proof(fact, self._world.catalogue, "id", at))
                    case _:
                        await self._world.act(tx, Happening(chat, head.event, at), fact)
            session = SESSIONS.encode(filling.session)
            return TurnWrites(session, timers=list(timers.values()), consents=consents)

        event = self._event(chat, Press("KIRIM", 0))
        await self._store.receive([event], run, now=to_us(self._clock.now()), attempts=1)

    async def send(self, chat: str, event: Event) -> None:
        """The participant says something, and the answer is made."""
        await self._store.ingest([self._event(chat, event)])
        await self.settle()

    async def settle(self) -> None:
        """Give every due event its turn."""
        now = to_us(self._clock.now())
        while (due := await self._store.next_due()) is not None and due <= now:
            if not await self._runtime.turns.once():
                break

    async def session(self, chat: str) -> Session:
        async with self._store.read() as tx:
            row = await tx.one("session_of", chat=chat)
        return DECODER.decode(row["session"]) if row and row["session"] else Session()

    def _event(self, chat: str, event: Event) -> NewEvent:
        self._said[chat] = self._said.get(chat, 0) + 1
        channel, now = chat.partition(":")[0], to_us(self._clock.now())
        return NewEvent(
            channel=channel,
            provider_id=f"{chat}/{self._said[chat]}",
            chat=chat,
            body=ENCODER.encode(event),
            received_at=now,
            due_at=now,
        )


class Filling:
    """A conversation under way: its session, the present in it, and its facts with their times."""

    def __init__(self, session: Session, at: datetime) -> None:
        self.session = session
        self.at = at
        self.facts: list[tuple[datetime, Fact]] = []

    @property
    def filed(self) -> bool:
        return any(isinstance(fact, Filed) for _, fact in self.facts)


def _serial(session: Session) -> int:
    return session.put.serial if session.put else 0
