"""Where a request stands, as its participant is told: place, time, opening, branch."""

from datetime import datetime

from bot.runtime.happening import Happening
from data.places import Branch
from data.store import Tx
from forms.language import Words
from services import estimates, promises, waiting
from services.reference import Reference
from services.requests import Request


class Standings:
    """Looks at queues and calendars for what is said; what is told is kept as told."""

    def __init__(self, reference: Reference, waits: estimates.Rules) -> None:
        self._reference = reference
        self._waits = waits

    async def place(self, tx: Tx, on: Happening, request: Request) -> waiting.Standing:
        """The place of *request* in its queue, and the time that goes with it."""
        calendar, rules = self._reference.calendar, self._waits
        return await waiting.standing(tx, request, now=on.now, calendar=calendar, rules=rules)

    async def moved(
        self, tx: Tx, on: Happening, number: str
    ) -> tuple[str, waiting.Standing] | None:
        """The key of what is to be said of a place that moved, and the place; None for nothing."""
        calendar, rules = self._reference.calendar, self._waits
        return await waiting.renew(tx, on.chat, number, now=on.now, calendar=calendar, rules=rules)

    async def opens(self, tx: Tx, request: Request, now: datetime) -> datetime | str:
        """When the branch serves *request*, which is a promise; '' while it is open."""
        opens = self._reference.calendar.next_opening(request.branch, now)
        if opens <= now:
            return ""
        if request.status == "waiting":
            await promises.keep(tx, request, opens)
        return opens

    def branch(self, branch_id: str) -> Branch:
        """The branch of this id; raises KeyError for none."""
        branch = self._reference.branch(branch_id)
        if branch is None:
            raise KeyError(branch_id)
        return branch


def when(standing: waiting.Standing) -> Words:
    """When somebody is served as they read it, '' where nobody can say."""
    return standing.estimate.words if standing.estimate else ""
