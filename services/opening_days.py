"""Which hours hold on which date: rules and national days become days, year by year."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import msgspec

from data.opening_hours import EVERYWHERE, HoursRule, Interval
from data.places import Branch
from forms.language import Words
from forms.wording import day_name
from services.national_days import NationalDays

NONE = timedelta()


class Day(msgspec.Struct, frozen=True):
    """The hours of one branch on one date; *note* says why they are not the ordinary ones."""

    intervals: tuple[Interval, ...]
    note: Words

    @property
    def minutes(self) -> int:
        """How long the branch is open."""
        return sum(closes - opens for opens, closes in self.intervals)

    def passed(self, since_midnight: timedelta) -> timedelta:
        """How much of that lies before an hour of the day."""
        return sum(
            (
                max(min(timedelta(minutes=closes), since_midnight) - timedelta(minutes=opens), NONE)
                for opens, closes in self.intervals
            ),
            NONE,
        )


class OpeningDays:
    """The days of all branches under one set of rules; each year is made once.

    Of the rules that fit a day the last decides.
    """

    def __init__(self, rules: Sequence[HoursRule], national: NationalDays) -> None:
        self._rules = rules
        self._national = national
        self._holidays: dict[int, Mapping[date, str]] = {}
        self._years: dict[tuple[str, int], tuple[Day, ...]] = {}

    def on(self, office: Branch, day: date) -> Day:
        """The day of a branch; raises `UnknownYear`."""
        days = self._years.get((office.id, day.year))
        if days is None:
            days = self._years[office.id, day.year] = self._year(office, day.year)
        return days[day.toordinal() - date(day.year, 1, 1).toordinal()]

    def week(self, office: Branch) -> Sequence[tuple[Interval, ...]]:
        """The ordinary hours from Monday to Sunday."""
        rules = [rule for rule in self._rules_of(office) if rule.is_weekly]
        return [_intervals_on(rules, weekday) for weekday in range(7)]

    def holidays(self, year: int) -> Mapping[date, str]:
        """The national days off of a year; raises `UnknownYear`."""
        if year not in self._holidays:
            self._holidays[year] = self._national(year)
        return self._holidays[year]

    def _year(self, office: Branch, year: int) -> tuple[Day, ...]:
        holidays, rules = self.holidays(year), self._rules_of(office)
        first = date(year, 1, 1)
        length = (date(year, 12, 31) - first).days + 1
        days = (first + timedelta(days=n) for n in range(length))
        return tuple(_day(day, rules, holidays.get(day, "")) for day in days)

    def _rules_of(self, office: Branch) -> list[HoursRule]:
        places = {EVERYWHERE, office.province, office.id}
        return [rule for rule in self._rules if rule.where in places]


def _day(day: date, rules: list[HoursRule], holiday: str) -> Day:
    rule = next((rule for rule in reversed(rules) if rule.fits(day)), None)
    if holiday and not (rule and rule.intervals and rule.on_holidays):
        return Day((), holiday)
    if rule is None or not rule.intervals:
        weekday: Words = {"id": f"hari {day_name(day)}", "en": day_name(day, "en")}
        return Day((), rule.reason if rule and rule.reason else weekday)
    return Day(rule.intervals, rule.reason)


def _intervals_on(rules: list[HoursRule], weekday: int) -> tuple[Interval, ...]:
    fitting = [rule.intervals for rule in rules if weekday in rule.weekdays]
    return fitting[-1] if fitting else ()
