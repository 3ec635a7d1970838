"""When a branch is open: the one calendar behind chat texts, queue, deadlines and reminders.

Hours are half-open: a branch of 08.00-17.00 is open at 08:00:00 and shut at 17:00:00.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from data.facts import Facts
from data.opening_hours import EVERYWHERE, HoursRule, Interval
from data.places import Branch
from data.service_levels import ServiceLevels
from forms.language import Words, words
from forms.wording import DAYS, plain_date
from services.calendar_entries import NOTHING, Entries
from services.hours_words import say_week, why
from services.national_days import NationalDays, UnknownYear, changed, national_days
from services.opening_days import Day, OpeningDays

HORIZON = timedelta(days=400)
"""How far ahead an opening is looked for."""


class NeverOpen(ValueError):
    """A branch has no opening within `HORIZON`: its hours cannot be meant so."""


class Explanation(msgspec.Struct, frozen=True):
    """Why a branch is open or shut at an instant, in the zone of the branch.

    *why* is in all languages of participants; *next_opening* is *at* itself when open; *closes_at*
    is None when shut.
    """

    branch: str
    at: datetime
    open: bool
    why: Words
    next_opening: datetime
    closes_at: datetime | None

    @property
    def reason(self) -> str:
        """*why* in Indonesian."""
        return words(self.why)


def ordinary_week(opens: time, closes: time, days: Iterable[str]) -> HoursRule:
    """The same hours on *days*, which are Indonesian names such as ``senin``."""
    return HoursRule(
        where=EVERYWHERE,
        first=date.min,
        last=date.max,
        weekdays=frozenset(DAYS["id"].index(day.capitalize()) for day in days),
        intervals=((_minutes(opens), _minutes(closes)),),
        on_holidays=False,
        reason="",
    )


class Calendar:
    """Opening hours of every branch. Instants are aware; results carry the branch's zone.

    A branch is named by its id; an unknown id raises KeyError. *week* are the hours of branches
    for which hours.csv says nothing else, *entries* what people changed in the console; *levels*
    are the open minutes that services may take. *branches* have the zones that hold now; the
    mapping stays the same when they change.
    """

    def __init__(
        self,
        facts: Facts,
        week: HoursRule,
        national: NationalDays | None = None,
        entries: Entries = NOTHING,
    ) -> None:
        self.levels: ServiceLevels = facts.service_levels
        self._facts, self._week = facts, week
        self._national = national or national_days(facts.holiday_changes)
        self._branches = dict(facts.branches)
        self._use(entries)

    def _use(self, entries: Entries) -> None:
        zones = entries.zones()
        for branch, shipped in self._facts.branches.items():
            zone = zones.get(branch, shipped.zone)
            self._branches[branch] = replace(shipped, zone=zone)
        rules = (self._week, *self._facts.hours, *entries.rules())
        self._days = OpeningDays(
            sorted(rules, key=lambda rule: not rule.is_weekly),
            changed(self._national, entries.holidays()),
        )
        self._weeks: dict[tuple[str, str], str] = {}
        self.entries = entries

    @property
    def branches(self) -> Mapping[str, Branch]:
        """All branches by id."""
        return self._branches

    def follow(self, entries: Entries) -> None:
        """Go over to *entries*, for everybody who holds this calendar."""
        if entries != self.entries:
            self._use(entries)

    def with_entries(self, entries: Entries) -> "Calendar":
        """A calendar of its own that is like this one but for its *entries*."""
        return Calendar(self._facts, self._week, self._national, entries)

    def zone(self, branch: str) -> ZoneInfo:
        """The zone of *branch*."""
        return self._branches[branch].zone

    def is_open(self, branch: str, at: datetime) -> bool:
        """Tell whether *branch* serves at *at*."""
        return self.closes_at(branch, at) is not None

    def next_opening(self, branch: str, at: datetime) -> datetime:
        """*at* itself when open, else the next opening; raise `NeverOpen` beyond `HORIZON`."""
        local = self._local(branch, at)
        for opens, closes in self._spans(branch, local, local + HORIZON):
            if closes > local:
                return max(opens, local)
        raise NeverOpen(f"{branch} does not open within {HORIZON.days} days; check hours.csv")

    def closes_at(self, branch: str, at: datetime) -> datetime | None:
        """The end of the interval that *at* lies in, None when shut."""
        local = self._local(branch, at)
        for opens, closes in self._spans(branch, local, local):
            if opens <= local < closes:
                return closes
        return None

    def open_time(self, branch: str, since: datetime, until: datetime) -> timedelta:
        """How long *branch* is open from *since* to *until*; ValueError when they run backwards."""
        if until < since:
            raise ValueError(f"until ({until}) is before since ({since})")
        first, last = self._local(branch, since), self._local(branch, until)
        day, minutes = first.date(), 0
        while day < last.date():
            minutes += self.day(branch, day).minutes
            day += timedelta(days=1)
        return timedelta(minutes=minutes) + self._passed(branch, last) - self._passed(branch, first)

    def after(self, branch: str, since: datetime, open_time: timedelta) -> datetime:
        """The instant when *branch* has been open for *open_time* since *since*.

        Where that is at closing time it is the closing, not the next opening. Raise `NeverOpen`
        when it lies beyond `HORIZON`.
        """
        local, left = self._local(branch, since), open_time
        for opens, closes in self._spans(branch, local, local + HORIZON):
            begins = max(opens, local)
            if left <= closes - begins:
                return begins + left
            left -= max(closes - begins, timedelta())
        raise NeverOpen(f"{branch} is not open for {open_time} in {HORIZON.days} days")

    def open_minutes(self, branch: str, since: datetime, until: datetime) -> int:
        """Whole minutes of `open_time`."""
        return self.open_time(branch, since, until) // timedelta(minutes=1)

    def explain(self, branch: str, at: datetime) -> Explanation:
        """Everything about one instant."""
        local, closes_at = self._local(branch, at), self.closes_at(branch, at)
        return Explanation(
            branch=branch,
            at=local,
            open=closes_at is not None,
            why=why(self.day(branch, local.date()), local, closes_at is not None),
            next_opening=self.next_opening(branch, local),
            closes_at=closes_at,
        )

    def day(self, branch: str, day: date) -> Day:
        """The hours of a branch on a date, and why they are not the ordinary ones."""
        return self._days.on(self._branches[branch], day)

    def week(self, branch: str) -> Sequence[tuple[Interval, ...]]:
        """The ordinary hours from Monday to Sunday."""
        return self._days.week(self._branches[branch])

    def holidays(self, year: int) -> Mapping[date, str]:
        """National days off and joint leave of a year, each with its name."""
        return self._days.holidays(year)

    def weekly_hours(self, branch: str, language: str = "id") -> str:
        """The ordinary week: ``Senin-Jumat, 08.00-17.00 WITA``."""
        if (branch, language) not in self._weeks:
            said = say_week(self.week(branch), self._branches[branch].zone, language)
            self._weeks[branch, language] = said
        return self._weeks[branch, language]

    def hours_on(self, branch: str, day: date, language: str = "id") -> str:
        """The week that holds on *day*: the ordinary one, or special hours and until when."""
        special = self.entries.special(branch, day)
        if special is None:
            return self.weekly_hours(branch, language)
        said = say_week(special.hours, self._branches[branch].zone, language)
        until = "until" if language == "en" else "sampai"
        return f"{said} ({special.name}, {until} {plain_date(special.last, language)})"

    def _local(self, branch: str, at: datetime) -> datetime:
        if at.tzinfo is None:
            raise ValueError("an instant needs its offset from UTC")
        try:
            return at.astimezone(self._branches[branch].zone)
        except OverflowError:
            raise UnknownYear(f"{at.isoformat()} lies outside every calendar") from None

    def _passed(self, branch: str, local: datetime) -> timedelta:
        """How long *branch* has been open on the day of *local*."""
        midnight = datetime.combine(local, time(), local.tzinfo)
        return self.day(branch, local.date()).passed(local - midnight)

    def _spans(
        self, branch: str, first: datetime, last: datetime
    ) -> Iterator[tuple[datetime, datetime]]:
        """Open spans on the dates from *first* to *last*, in order."""
        zone = self._branches[branch].zone
        day = first.date()
        while day <= last.date():
            for opens, closes in self.day(branch, day).intervals:
                yield _instant(day, opens, zone), _instant(day, closes, zone)
            day += timedelta(days=1)


def _instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    midnight = datetime.combine(day, time(), zone)
    return midnight + timedelta(minutes=minutes)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
