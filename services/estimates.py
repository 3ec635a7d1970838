"""How long somebody still waits: a range from what the branch has done lately, or nothing.

Place times the median handling time of the service, by the officers who are at work, in open time.
"""

from datetime import date, datetime, time, timedelta
from statistics import median

import msgspec

from data.instants import from_us, to_us
from data.store import Tx
from forms.language import Words, in_each
from forms.wording import clock, hour, long_date
from services.hours import Calendar
from services.requests import Request

TOMORROW = {"id": "besok, ", "en": "tomorrow, "}
FROM = {"id": "mulai", "en": "from"}


class Rules(msgspec.Struct, frozen=True):
    """How estimates are made and when they are told again.

    The last *sample* requests of a service that ended within *history* make its median; who holds
    a request or ended one within *active* is at work. The range goes from *sooner* below to
    *later* above (shares), in steps of *step*, and is never narrower than *narrowest*. Who waits
    is told again at the place *near* and when the range moved by more than *moved*, never twice
    within *apart*; a branch is looked at each *look*.
    """

    sample: int = 20
    history: timedelta = timedelta(days=90)
    active: timedelta = timedelta(minutes=30)
    sooner: float = 0.2
    later: float = 0.3
    step: timedelta = timedelta(minutes=10)
    narrowest: timedelta = timedelta(minutes=20)
    near: int = 2
    moved: timedelta = timedelta(minutes=30)
    apart: timedelta = timedelta(minutes=20)
    look: timedelta = timedelta(minutes=1)


class Estimate(msgspec.Struct, frozen=True):
    """When a request is served, in the zone of its branch.

    From *earliest* to *latest* today; or, where that goes beyond closing time, on the day of
    *opens*, from then on.
    """

    earliest: datetime
    latest: datetime
    opens: datetime | None
    today: date

    @property
    def until(self) -> datetime:
        """The last instant at which what was said still holds."""
        if self.opens is None:
            return self.latest
        return datetime.combine(self.opens.date() + timedelta(days=1), time(), self.opens.tzinfo)

    @property
    def words(self) -> Words:
        """``11.20-11.50 WITA``, or ``besok, Selasa, 24 November 2026, mulai 08.00 WITA``."""
        return in_each(self._in)

    def _in(self, language: str) -> str:
        if self.opens is None:
            at = self.earliest
            return f"{hour(at.hour * 60 + at.minute, language)}-{clock(self.latest, language)}"
        day = self.opens.date()
        lead = TOMORROW[language] if day == self.today + timedelta(days=1) else ""
        opens = f"{FROM[language]} {clock(self.opens, language)}"
        return f"{lead}{long_date(day, language)}, {opens}"


async def pace(
    tx: Tx, branch: str, service: str, *, now: datetime, calendar: Calendar, rules: Rules
) -> timedelta | None:
    """The open time that one place in the queue of *branch* takes; None without any history."""
    ended = await tx.all(
        "wait_history",
        branch=branch,
        service=service,
        since=to_us(now - rules.history),
        limit=rules.sample,
    )
    if not ended:
        return None
    took = [
        calendar.open_time(branch, from_us(row["claimed_at"]), from_us(row["ended_at"]))
        for row in ended
    ]
    row = await tx.one("wait_officers", branch=branch, since=to_us(now - rules.active))
    middle = timedelta(seconds=median(one.total_seconds() for one in took))
    return middle / max(1, row["officers"] if row else 0)


async def estimate(
    tx: Tx, request: Request, place: int, *, now: datetime, calendar: Calendar, rules: Rules
) -> Estimate | None:
    """When *request* at *place* is served; None while the branch is shut or has no history."""
    if place < 1 or not calendar.is_open(request.branch, now):
        return None
    each = await pace(tx, request.branch, request.service, now=now, calendar=calendar, rules=rules)
    if each is None:
        return None
    return span(request.branch, place * each, now=now, calendar=calendar, rules=rules)


def span(
    branch: str, wait: timedelta, *, now: datetime, calendar: Calendar, rules: Rules
) -> Estimate:
    """The range around *wait* of open time from *now*, while *branch* is open."""
    local = now.astimezone(calendar.zone(branch))
    first = calendar.after(branch, local, wait * (1 - rules.sooner))
    last = calendar.after(branch, local, wait * (1 + rules.later))
    earliest, latest = _round(first, rules.step), _round(last, rules.step, up=True)
    latest = max(latest, earliest + rules.narrowest)
    today = local.date()
    intervals = calendar.day(branch, today).intervals
    closes = _midnight(local) + timedelta(minutes=intervals[-1][1] if intervals else 0)
    opens = None
    if latest > closes:
        day = first if first.date() > today else local + timedelta(days=1)
        opens = calendar.next_opening(branch, _midnight(day))
    return Estimate(earliest, latest, opens, today)


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at.date(), time(), at.tzinfo)


def _round(at: datetime, step: timedelta, *, up: bool = False) -> datetime:
    over = (at - _midnight(at)) % step
    return at - over + (step if up and over else timedelta())
