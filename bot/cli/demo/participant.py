"""An invented participant, who answers the real questions of a service as people might."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from bot.cli.demo.people import People, Person
from bot.runtime.turns import World
from flows import asking
from flows.events import Event, Press, Sent, Text
from flows.filling import WAYS_OUT
from flows.journey import At, Service, State
from flows.session import Journey, Put, Session
from forms.choices import Option
from forms.fields import Document, Invalid, Read

DAYS: Final = (14, 25, 45, 70, 3, 400, 1500, 0, 9000, -1, -10, -30)
"""How long ago, or how soon, things happen that a form asks about; the first that fits is said."""
ANOTHER: Final = 0.3
"""How often there is one more member of a family."""
LEFT_OUT: Final = 0.6
"""How often a question is left out that may be, a document is promised that may come later."""
CHILDREN: Final = ("bayi", "anak")
"""Words in the names of questions about somebody young."""


class Participant:
    """Finds a reply to whatever question lies on the table.

    *words* are sayings for questions that take any words, by their names, '' for all others;
    *papers* are the documents by the kind that a question asks for, '' for all others.
    """

    def __init__(
        self,
        world: World,
        people: People,
        chance: Random,
        *,
        town: str,
        clinics: Sequence[str],
        words: Mapping[str, Sequence[str]],
        papers: Mapping[str, Document],
    ) -> None:
        self._world = world
        self._people = people
        self._chance = chance
        self._town = town
        self._clinics = clinics
        self._words = words
        self._papers = papers
        self._known: dict[str, Person] = {}

    def reply(self, session: Session, journey: Journey, now: datetime) -> Event:
        """What answers the question on the table; raises `Stuck` where nothing does."""
        put = session.put
        if put is None:
            raise Stuck("nothing is asked")
        if put.kind != "step":
            return Press(self._picked(put).value, put.serial)
        service = self._world.journeys.services[journey.service]
        at = self._at(session, service, journey, put, now)
        state = service.states[put.state]
        if (way_out := self._way_out(put)) is not None:
            return Press(way_out.value, put.serial)
        if state.is_more:
            return Press("ya" if self._chance.random() < ANOTHER else "tidak", put.serial)
        options = [one for one in put.options if one.value not in WAYS_OUT]
        if options and state.field.expects == "choice":
            own = [one for one in options if one.value == session.branch]
            return Press((own or [self._chance.choice(options)])[0].value, put.serial)
        if state.field.expects == "photo":
            kind = str(getattr(asking.asking_of(state, at).params, "document", ""))
            return Sent(self._papers.get(kind, self._papers[""]))
        return Text(self._said(state, at))

    def forget(self) -> None:
        """From now on other people are meant: what was written before was wrong."""
        self._known.clear()

    def _at(
        self, session: Session, service: Service, journey: Journey, put: Put, now: datetime
    ) -> At:
        branch = self._world.facts.branch(session.branch)
        zone = branch.zone if branch else self._world.settings.default_zone
        today = now.astimezone(zone).date()
        facts = self._world.facts
        return At(service, journey.answers, today, facts, put.state, put.item, session.language)

    def _picked(self, put: Put) -> Option:
        """A confirmation is given, of several offers the first is taken."""
        options = [one for one in put.options if one.value not in WAYS_OUT]
        if not options:
            raise Stuck(put.kind)
        return options[0]

    def _way_out(self, put: Put) -> Option | None:
        ways = {one.value: one for one in put.options if one.value in WAYS_OUT}
        if "SELESAI" in ways:
            return ways["SELESAI"]
        leaves = [ways[name] for name in ("LEWATI", "MENYUSUL") if name in ways]
        return leaves[0] if leaves and self._chance.random() < LEFT_OUT else None

    def _said(self, state: State, at: At) -> str:
        """The first that the question takes without a doubt, else the first that it takes."""
        field, question = state.field, asking.asking_of(state, at)
        doubted = ""
        for text in self._sayings(state, at):
            try:
                if isinstance(field.read(text, question), Read):
                    return text
                doubted = doubted or text
            except Invalid:
                continue
        if not doubted:
            raise Stuck(state.name)
        return doubted

    def _sayings(self, state: State, at: At) -> Iterator[str]:
        assert state.step is not None
        for attempt in range(3):
            person = self._person(state, at, attempt)
            match state.step.type:
                case "date":
                    yield from self._dates(person, state.name, at.today)
                case "regency":
                    yield self._town
                case "facility":
                    yield self._chance.choice(self._clinics)
                case "money":
                    yield from AMOUNTS
                case kind if kind in TYPED:
                    yield TYPED[kind](person)
                case _:
                    yield self._chance.choice(self._words.get(state.entry.name, self._words[""]))
                    yield from self._words[""]

    def _person(self, state: State, at: At, attempt: int) -> Person:
        """Who the question is about: the same for all that is asked of one member."""
        young = any(word in state.name for word in CHILDREN)
        role = "pelapor" if "pelapor" in state.name else "anak" if young else state.group_name
        key = f"{role}/{at.item}/{attempt}"
        if key not in self._known:
            ages = (0, 1) if "bayi" in state.name else (1, 17) if young else (18, 80)
            self._known[key] = self._people.draw(at.today, *ages)
        return self._known[key]

    def _dates(self, person: Person, name: str, today: date) -> Iterator[str]:
        """The birthday where it is asked for, else some day that a form may mean."""
        if "lahir" in name:
            yield _typed(person.born)
        days = self._chance.sample(DAYS, len(DAYS))
        yield from (_typed(today - timedelta(days=back)) for back in days)


class Stuck(ValueError):
    """No reply was found; other answers may lead elsewhere."""


AMOUNTS: Final = ("4200000", "150000", "9000000")

TYPED: Final[Mapping[str, Callable[[Person], str]]] = {
    "name": lambda person: person.name,
    "nik": lambda person: person.nik,
    "kk": lambda person: person.kk,
    "card": lambda person: person.card,
    "phone": lambda person: person.phone,
    "email": lambda person: f"{person.name.split()[0].lower()}@contoh.id",
    "passport": lambda person: f"X{person.card[-7:]}",
}
"""What is typed where the kind of question says enough."""


def _typed(day: date) -> str:
    return f"{day:%d-%m-%Y}"
