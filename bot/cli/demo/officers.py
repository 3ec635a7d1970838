"""The invented officers of a played time: they take what waits while the branch is open."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from bot.cli.demo.play import Play
from bot.cli.demo.visitors import Visitors
from services import (
    checklist,
    conversation,
    corrections,
    endings,
    leases,
    queue,
    reopening,
    reveals,
)
from services.corrections import Part
from services.officers import Officer
from services.requests import Request, by_number

LATEST: Final = timedelta(hours=4)
"""What is filed from here to the end still waits at the end."""

SERVED: Final = {
    "finish": 62,
    "correct": 15,
    "refuse": 9,
    "release": 4,
    "lapse": 3,
    "transfer": 3,
}
"""What officers do with a request they have taken, by how often."""


class Officers:
    """Everybody who serves."""

    def __init__(self, play: Play) -> None:
        self._play = play
        self._chance, self._agenda, self._cast = play.chance, play.agenda, play.cast
        self._idle: list[Officer] = []
        self.visitors = Visitors(play, self.wake)

    def begin(self) -> None:
        """Be there at every opening."""
        for officer in self._cast.officers:
            self._goes_home(officer)
        self._agenda.at(self._opening(), self._opens)

    def _opening(self) -> datetime:
        """The next opening after the present hours."""
        calendar, branch = self._play.product.reference.calendar, self._cast.branch.id
        closes = calendar.closes_at(branch, self._play.clock.at)
        return calendar.next_opening(branch, closes or self._play.clock.at).astimezone(
            self._play.end.tzinfo
        )

    async def _opens(self) -> None:
        self.wake()
        self._agenda.at(self._opening(), self._opens)

    def wake(self) -> None:
        """Whoever has nothing to do takes the next request soon."""
        while self._idle and self._play.is_open:
            officer = self._idle.pop()
            self._agenda.after(self._chance.uniform(1, 25), partial(self._works, officer))

    def _goes_home(self, officer: Officer) -> None:
        if officer not in self._idle:
            self._idle.append(officer)

    async def _works(self, officer: Officer) -> None:
        """Take the next request and decide what becomes of it."""
        if not self._play.is_open or self._play.clock.at > self._play.end - LATEST:
            self._goes_home(officer)
            return
        request = await self._play.attempt(
            queue.claim_next,
            officer,
            self._cast.branch.id,
            calendar=self._play.product.reference.calendar,
            rules=self._play.product.rules,
        )
        if request is None:
            self._goes_home(officer)
            return
        await self._looks(officer, request)
        [fate] = self._chance.choices(list(SERVED), list(SERVED.values()))
        minutes = self._chance.uniform(3, 12)
        if self._chance.random() < 0.5:
            self._agenda.after(minutes, partial(self._replies, officer, request))
            minutes += self._chance.uniform(3, 11)
        self._agenda.after(minutes, partial(FATES[fate], self, officer, request))

    async def _looks(self, officer: Officer, request: Request) -> None:
        """Open the documents, and often the data in full."""
        now, number = self._play.clock.at, request.number

        async def look(tx: Any) -> None:
            for row in await tx.all("request_documents", request=request.id):
                await reveals.open_document(tx, officer, number, row["sha256"], now=now)
            if self._chance.random() < 0.6:
                await reveals.reveal(tx, officer, number, now=now)
            if self._chance.random() < 0.12:
                note = self._chance.choice(self._cast.sayings.notes)
                await conversation.note(tx, officer, number, note, now=now)

        await self._play.store.write(look)

    async def _replies(self, officer: Officer, request: Request) -> None:
        text = self._chance.choice(self._cast.sayings.replies)
        rules = self._play.product.rules
        await self._play.attempt(conversation.reply, officer, request.number, text, rules=rules)
        if self._chance.random() < 0.6:
            self._agenda.after(
                self._chance.uniform(1, 9), partial(self.visitors.writes, request.chat)
            )

    async def _finish(self, officer: Officer, request: Request) -> None:
        await self._checks(officer, request)
        outcome = self._chance.choice(self._cast.sayings.outcomes)
        if await self._play.attempt(endings.finish, officer, request.number, outcome=outcome):
            if self._chance.random() < 0.65:
                minutes = 11 + self._chance.expovariate(1 / 40)
                self._agenda.after(minutes, partial(self.visitors.rates, request.chat))
            if self._chance.random() < 0.02:
                self._agenda.after(90, partial(self._reopen, request))
        self._next(officer)

    async def _checks(self, officer: Officer, request: Request) -> None:
        """Tick what the checklist of the service still asks for."""
        async with self._play.store.read() as tx:
            points = await checklist.of(tx, request)
        for point in points:
            if not point.officer:
                number, item = request.number, point.item
                rules = self._play.product.rules
                await self._play.attempt(
                    checklist.tick, officer, number, item, done=True, rules=rules
                )

    async def _refuse(self, officer: Officer, request: Request) -> None:
        again: date | None = None
        if self._chance.random() < 0.4:
            again = self._play.clock.at.date() + timedelta(days=self._chance.randint(14, 60))
        reason = self._chance.choice(self._cast.sayings.refusals)
        number = request.number
        calendar = self._play.product.reference.calendar
        await self._play.attempt(
            endings.refuse, officer, number, reason=reason, again_from=again, calendar=calendar
        )
        self._next(officer)

    async def _correct(self, officer: Officer, request: Request) -> None:
        service = self._play.product.journeys.services[request.service]
        asked = [
            name
            for name, state in service.states.items()
            if name in request.answers and state.step and state.step.type in CORRECTED
        ]
        if not asked:
            await self._finish(officer, request)
            return
        after = await self._play.attempt(
            corrections.ask_correction,
            officer,
            request.number,
            parts=[
                Part(
                    self._chance.choice(asked), self._chance.choice(self._cast.sayings.corrections)
                )
            ],
            rules=self._play.product.rules,
        )
        if after and self._chance.random() < 0.85:
            minutes = self._chance.expovariate(1 / 90)
            self._agenda.after(minutes, partial(self.visitors.corrects, request.chat))
            self._agenda.after(minutes + 4, partial(self._goes_on, officer, request))
        elif after:
            late = self._play.product.rules.lease + self._play.product.rules.correction
            self._agenda.at(self._play.clock.at + late + timedelta(minutes=1), self._tidies)
        self._next(officer)

    async def _goes_on(self, officer: Officer, request: Request) -> None:
        """The correction has come: finish what is still held; what waits again is taken in turn."""
        async with self._play.store.read() as tx:
            found = await by_number(tx, request.number)
        if found.status == "claimed" and found.officer == officer.id:
            await self._finish(officer, found)
        elif self._play.is_open:
            self.wake()

    async def _release(self, officer: Officer, request: Request) -> None:
        await self._play.attempt(queue.release, officer, request.number)
        self._next(officer)

    async def _lapse(self, officer: Officer, request: Request) -> None:
        """The officer is called away; the lease runs out."""
        self._agenda.at(self._play.clock.at + self._play.product.rules.lease, self._tidies)
        self._next(officer)

    async def _transfer(self, officer: Officer, request: Request) -> None:
        reason = self._chance.choice(self._cast.sayings.transfers)
        to = self._cast.elsewhere
        calendar, number = self._play.product.reference.calendar, request.number
        await self._play.attempt(
            queue.transfer, officer, number, to=to, reason=reason, calendar=calendar
        )
        self._next(officer)

    async def _reopen(self, request: Request) -> None:
        head = next(one for one in self._cast.officers if one.supervises)
        reason = self._chance.choice(self._cast.sayings.reopenings)
        calendar, number = self._play.product.reference.calendar, request.number
        await self._play.attempt(reopening.reopen, head, number, reason=reason, calendar=calendar)

    async def _tidies(self) -> None:
        product, now = self._play.product, self._play.clock.at
        calendar, rules = product.reference.calendar, product.rules
        await self._play.store.write(
            lambda tx: leases.tidy(tx, now=now, calendar=calendar, rules=rules)
        )

    def _next(self, officer: Officer) -> None:
        """On to the next request after a breath."""
        self._agenda.after(self._chance.uniform(1, 6), partial(self._works, officer))


CORRECTED: Final = ("name", "nik", "photo", "phone", "text")
"""The kinds of questions that officers ask to be answered again."""

FATES: Final = {
    "finish": Officers._finish,
    "correct": Officers._correct,
    "refuse": Officers._refuse,
    "release": Officers._release,
    "lapse": Officers._lapse,
    "transfer": Officers._transfer,
}
