"""When a branch is open: the one calendar behind chat texts, queue, deadlines and reminders.

Hours are half-open: a branch of 08.00-17.00 is open at 08:00:00 and shut at 17:00:00.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from data.facts import Facts
from data.opening_hours import EVERYWHERE, HoursRule, Interval
from data.places import Branch
from data.service_levels import ServiceLevels
from forms.language import Words, words
from forms.wording import DAYS, day_name, hour
from services.national_days import NationalDays, UnknownYear, national_days

HORIZON = timedelta(days=400)
"""How far ahead an opening is looked for."""

IN_HOURS: Final = {"id": "dalam jam layanan", "en": "within office hours"}
BEFORE: Final = {"id": "sebelum jam buka", "en": "before opening time"}
AFTER: Final = {"id": "sesudah jam tutup", "en": "after closing time"}
MIDDAY: Final = {"id": "jam istirahat", "en": "midday break"}


class NeverOpen(ValueError):
    """A branch has no opening within `HORIZON`: its hours cannot be meant so."""


@dataclass(frozen=True)
class Explanation:
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


@dataclass(frozen=True, slots=True)
class Day:
    """The hours of one branch on one date; *note* says why they are not the ordinary ones."""

    intervals: tuple[Interval, ...]
    note: Words


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
    for which hours.csv says nothing else; *levels* are the open minutes that services may take.
    """

    def __init__(self, facts: Facts, week: HoursRule, national: NationalDays | None = None) -> None:
        self.levels: ServiceLevels = facts.service_levels
        self._branches = facts.branches
        self._rules = (week, *facts.hours)
        self._national = national or national_days(facts.holiday_changes)
        self._holidays: dict[int, Mapping[date, str]] = {}
        self._weeks: dict[tuple[str, str], str] = {}
        self._years: dict[tuple[str, int], tuple[Day, ...]] = {}

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
        spans = self._spans(branch, first, last)
        return sum(
            (max(min(closes, last) - max(opens, first), timedelta()) for opens, closes in spans),
            timedelta(),
        )

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
            why=_why(self._day(branch, local.date()), local, closes_at is not None),
            next_opening=self.next_opening(branch, local),
            closes_at=closes_at,
        )

    def weekly_hours(self, branch: str, language: str = "id") -> str:
        """The ordinary week: ``Senin-Jumat, 08.00-17.00 WITA``."""
        if (branch, language) not in self._weeks:
            self._weeks[branch, language] = self._week(branch, language)
        return self._weeks[branch, language]

    def _week(self, branch: str, language: str) -> str:
        office = self._branches[branch]
        rules = [rule for rule in self._rules_of(office) if rule.is_weekly]
        weeks = [_intervals_on(rules, weekday) for weekday in range(7)]
        zone = datetime(2000, 1, 1, tzinfo=office.zone).tzname()
        return f"{'; '.join(_say_week(weeks, language))} {zone}"

    def _local(self, branch: str, at: datetime) -> datetime:
        if at.tzinfo is None:
            raise ValueError("an instant needs its offset from UTC")
        try:
            return at.astimezone(self._branches[branch].zone)
        except OverflowError:
            raise UnknownYear(f"{at.isoformat()} lies outside every calendar") from None

    def _spans(
        self, branch: str, first: datetime, last: datetime
    ) -> Iterator[tuple[datetime, datetime]]:
        """Open spans on the dates from *first* to *last*, in order."""
        zone = self._branches[branch].zone
        day = first.date()
        while day <= last.date():
            for opens, closes in self._day(branch, day).intervals:
                yield _instant(day, opens, zone), _instant(day, closes, zone)
            day += timedelta(days=1)

    def _day(self, branch: str, day: date) -> Day:
        days = self._years.get((branch, day.year))
        if days is None:
            days = self._years[branch, day.year] = self._year(branch, day.year)
        return days[day.timetuple().tm_yday - 1]

    def _year(self, branch: str, year: int) -> tuple[Day, ...]:
        if year not in self._holidays:
            self._holidays[year] = self._national(year)
        holidays = self._holidays[year]
        rules = self._rules_of(self._branches[branch])
        first = date(year, 1, 1)
        length = (date(year, 12, 31) - first).days + 1
        days = (first + timedelta(days=n) for n in range(length))
        return tuple(_hours_of(day, rules, holidays.get(day, "")) for day in days)

    def _rules_of(self, office: Branch) -> list[HoursRule]:
        places = {EVERYWHERE, office.province, office.id}
        return [rule for rule in self._rules if rule.where in places]


def _hours_of(day: date, rules: list[HoursRule], holiday: str) -> Day:
    rule = next((rule for rule in reversed(rules) if rule.fits(day)), None)
    if holiday and not (rule and rule.intervals and rule.on_holidays):
        return Day((), holiday)
    if rule is None or not rule.intervals:
        weekday: Words = {"id": f"hari {day_name(day)}", "en": day_name(day, "en")}
        return Day((), rule.reason if rule and rule.reason else weekday)
    return Day(rule.intervals, rule.reason)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    midnight = datetime.combine(day, time(), zone)
    return midnight + timedelta(minutes=minutes)


def _why(day: Day, local: datetime, is_open: bool) -> Words:
    if not day.intervals:
        return day.note
    minute = _minutes(local.time())
    if is_open:
        why = IN_HOURS
    elif minute < day.intervals[0][0]:
        why = BEFORE
    elif minute >= day.intervals[-1][1]:
        why = AFTER
    else:
        why = MIDDAY
    note = {key: f" ({words(day.note, key)})" if day.note else "" for key in why}
    return {key: f"{text}{note[key]}" for key, text in why.items()}


def _intervals_on(rules: list[HoursRule], weekday: int) -> tuple[Interval, ...]:
    fitting = [rule.intervals for rule in rules if weekday in rule.weekdays]
    return fitting[-1] if fitting else ()


def _say_week(weeks: list[tuple[Interval, ...]], language: str) -> Iterator[str]:
    """Runs of days with the same hours: ``Senin-Kamis, 08.00-12.00 dan 13.00-17.00``."""
    first = 0
    for weekday in range(1, 8):
        if weekday < 7 and weeks[weekday] == weeks[first]:
            continue
        if weeks[first]:
            last = weekday - 1
            names = DAYS[language]
            days = names[first] if last == first else f"{names[first]}-{names[last]}"
            yield f"{days}, {_say_hours(weeks[first], language)}"
        first = weekday


def _say_hours(intervals: tuple[Interval, ...], language: str) -> str:
    between = " and " if language == "en" else " dan "
    return between.join(f"{hour(a, language)}-{hour(b, language)}" for a, b in intervals)
