"""The invented participants of a played time: what they send, and what they answer to officers."""

from collections.abc import Callable
from functools import partial
from typing import Final

from bot.cli.demo.chats import MOST_TURNS, Filling
from bot.cli.demo.participant import Participant, Stuck
from bot.cli.demo.people import People, load_names
from bot.cli.demo.play import Play
from flows.events import Press, Text
from services import endings

TRIES: Final = 80
"""So often people try until their answers lead to a ticket."""
MOST_REPLIES: Final = 6
"""Messages of one correction at most: an answer, and what confirms it."""
SCORES: Final = {"baik": 70, "cukup": 20, "kurang": 10}
"""How people rate, by how often."""


class Visitors:
    """Everybody who writes; *arrived* is called with each request that comes in."""

    def __init__(self, play: Play, arrived: Callable[[], None]) -> None:
        self._play = play
        self._chance, self._agenda, self._cast = play.chance, play.agenda, play.cast
        self._chats = play.chats
        self._arrived = arrived
        self._people: dict[str, Participant] = {}
        self._names = load_names()

    async def begins(self, chat: str, service: str, leaves: bool) -> None:
        """Somebody fills a form: to the end, or only for a while."""
        after = self._chance.randint(1, 9) if leaves else MOST_TURNS
        for _ in range(TRIES):
            who = self._participant()
            filling = self._chats.fill(
                who,
                service,
                self._cast.branch,
                self._play.clock.at,
                self._chance,
                leave_after=after,
            )
            if filling is not None and filling.filed is not leaves:
                self._people[chat] = who
                self._agenda.at(filling.at, partial(self._sends, chat, filling))
                return

    def _participant(self) -> Participant:
        branch, sayings = self._cast.branch, self._cast.sayings
        facts = self._play.product.reference
        found = facts.find_facilities("puskesmas", branch.seat)
        return Participant(
            self._play.world,
            People(self._chance, branch.seat, self._names),
            self._chance,
            town=facts.regency_name(branch.seat),
            clinics=[one.name for one in found] or ["Puskesmas Contoh"],
            words={**sayings.words, "": sayings.otherwise},
            papers=self._cast.papers,
        )

    async def _sends(self, chat: str, filling: Filling) -> None:
        await self._chats.keep(chat, filling)
        if filling.filed and self._chance.random() < 0.03:
            self._agenda.after(self._chance.uniform(3, 40), partial(self._withdraws, chat))
        if filling.filed:
            self._arrived()

    async def _withdraws(self, chat: str) -> None:
        await self._play.attempt(endings.withdraw, chat, "")

    async def writes(self, chat: str) -> None:
        if (await self._chats.session(chat)).phase == "serving":
            await self._chats.send(chat, Text(self._chance.choice(self._cast.sayings.questions)))

    async def corrects(self, chat: str) -> None:
        """Answer what the officer asked to correct; in several messages where that is needed."""
        self._people[chat].forget()
        for _ in range(MOST_REPLIES):
            session = await self._chats.session(chat)
            if session.phase != "correcting":
                break
            try:
                journey = session.corrections[0].journey
                said = self._people[chat].reply(session, journey, self._play.clock.at)
            except Stuck:
                return
            await self._chats.send(chat, said)

    async def rates(self, chat: str) -> None:
        session = await self._chats.session(chat)
        if session.phase != "rating" or session.put is None:
            return
        [score] = self._chance.choices(list(SCORES), list(SCORES.values()))
        await self._chats.send(chat, Press(score, session.put.serial))
        if score == "kurang":
            self._agenda.after(2, partial(self._complains, chat))

    async def _complains(self, chat: str) -> None:
        if (await self._chats.session(chat)).phase == "rating":
            said = [*self._cast.sayings.complaints, "LEWATI"]
            await self._chats.send(chat, Text(self._chance.choice(said)))
