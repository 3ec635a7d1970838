"""One turn's working place: the session, what may be known, and what was decided so far."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flows.assets import Assets
from flows.facts import AskedHours, AskedStatus, DropTimer, Fact, Say, SetTimer
from flows.journey import At, Move, Service
from flows.session import Journey, Put, Session, shift
from flows.words import buttons
from forms.choices import Option
from forms.fields import Invalid, Reading
from forms.language import Words


class Talk:
    """A turn under way. It gathers `facts` and `moves`; only the session outlives it."""

    def __init__(self, session: Session, assets: Assets) -> None:
        self.session = session
        self.assets = assets
        self.facts: list[Fact] = []
        self.moves: list[Move] = []
        self.read: tuple[object, At, Reading | Invalid] | None = None

    def say(self, key: str, /, **values: Any) -> None:
        """Say a sentence that asks nothing."""
        self.facts.append(Say(key, values))

    def lay(self, kind: str, options: tuple[Option, ...] = (), **more: Any) -> Put:
        """Lay a question on the table under a new serial; `pose` says it."""
        self.session.serials += 1
        put = Put(self.session.serials, kind, self.assets.now, options=options, **more)
        self.session.put = put
        return put

    def pose(self, key: str, values: Mapping[str, Any], expects: str = "") -> None:
        """Say a sentence that goes with the question on the table, and offer its options."""
        put = self.session.put
        options = put.options if put else ()
        expects = expects or ("choice" if options else "text")
        self.facts.append(Say(key, values, options, put.serial if put else 0, expects))

    def put(
        self,
        kind: str,
        key: str,
        options: tuple[Option, ...],
        values: Mapping[str, Any],
        **more: Any,
    ) -> None:
        """Lay a question whose words are kept with it, and say it."""
        self.lay(kind, options, key=key, values=dict(values), **more)
        self.pose(key, values)

    def shift(self, trigger: str) -> None:
        """Move the session to another phase."""
        self.moves.append(shift(self.session, trigger))

    def buttons(self, *values: str) -> tuple[Option, ...]:
        """The conversation's own buttons in the language of the session."""
        return buttons(self.session.language, *values)

    @property
    def active(self) -> Journey | None:
        """The journey that the questions belong to: the form's, or that of a correction."""
        session = self.session
        if session.phase == "correcting":
            return session.corrections[0].journey if session.corrections else None
        return session.journey

    def service(self, code: str) -> Service | None:
        """The compiled service *code*, None where it does not exist (any more)."""
        return self.assets.journeys.services.get(code)

    def title(self, code: str) -> Words:
        """The short name of a service, its letter where it is not known."""
        flow = self.assets.journeys.flows.get(code)
        return flow.title if flow else code

    def at(self, journey: Journey) -> At:
        """The journey as a record that its service's machine can move."""
        service = self.assets.journeys.services[journey.service]
        at = At(
            service,
            journey.answers,
            self.today,
            self.assets.facts,
            journey.state,
            journey.item,
            self.session.language,
        )
        if not journey.state:
            service.walk(at)
        return at

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the participant's branch, the default one while none is known."""
        branch = self.assets.facts.branch(self.session.branch) if self.session.branch else None
        return branch.zone if branch else self.assets.settings.default_zone

    @property
    def today(self) -> date:
        """The date at the participant's branch."""
        return self.assets.now.astimezone(self.zone).date()

    @property
    def early(self) -> bool:
        """Whether the message was written before the question on the table was seen."""
        put = self.session.put
        return put is not None and self.assets.received_at < put.at

    def tell_hours(self) -> None:
        """Tell where and when people help."""
        self.facts.append(AskedHours(self.session.branch))

    def tell_status(self, ticket: str = "", service: str = "") -> None:
        """Tell how *ticket* stands, else the latest request, of *service* if that is named."""
        self.facts.append(AskedStatus(ticket, service, self.session.elsewhere))

    def set_timer(self, timer: SetTimer) -> None:
        """Set a timer and remember that it runs."""
        self.facts.append(timer)
        if timer.kind not in self.session.timers:
            self.session.timers.append(timer.kind)

    def drop_timer(self, kind: str) -> None:
        """Drop a timer that runs."""
        if kind in self.session.timers:
            self.session.timers.remove(kind)
            self.facts.append(DropTimer(kind))
