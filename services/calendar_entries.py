"""The entries of the calendar that people made: what they are, and which of them hold together.

They stand above the shipped reference data. Kinds, weakest first: the ordinary ``week`` from a day
on, ``special`` hours of some days, days that are ``closed``, days that are ``open`` although they
would not be; and beside these, what a national ``holiday`` is, and the ``zone`` of a branch.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Final, Literal
from zoneinfo import ZoneInfo

import msgspec

from data.opening_hours import EVERYWHERE, HolidayChange, HoursRule, Interval
from services.refusals import Refused

Kind = Literal["week", "special", "closed", "open", "holiday", "zone"]
HOURS: Final[tuple[Kind, ...]] = ("week", "special", "closed", "open")
"""Kinds that say when a branch is open; where two fit a day, the later one holds."""

EVERY_DAY: Final = frozenset(range(7))

Week = tuple[tuple[Interval, ...], ...]
"""Hours from Monday to Sunday."""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One entry of a *place*, which is a branch's id or `EVERYWHERE`.

    It is about the days from *first* to *last*, both inside; a week and a zone have no end.
    *hours* are those of a week or of special hours, of an open day alone its own. *name* is what
    participants read. *holiday* is ``public``, ``joint`` or ``none``; *on_holidays* lets an open
    day be a national holiday.
    """

    place: str
    kind: Kind
    first: date
    last: date = date.max
    hours: Week = ()
    name: str = ""
    holiday: str = ""
    zone: str = ""
    on_holidays: bool = False

    def rules(self) -> Iterator[HoursRule]:
        """The rules of opening hours that follow from it."""
        if self.kind in {"week", "special"}:
            reason = self.name if self.kind == "special" else ""
            for weekdays, hours in _alike(self.hours):
                yield self._rule(hours, weekdays, reason if hours else "")
        elif self.kind == "closed":
            yield self._rule((), EVERY_DAY, closure(self.name))
        elif self.kind == "open":
            yield self._rule(self.hours[0], EVERY_DAY, self.name)

    def _rule(
        self,
        hours: tuple[Interval, ...],
        weekdays: frozenset[int],
        reason: str | dict[str, str],
    ) -> HoursRule:
        return HoursRule(
            where=self.place,
            first=self.first,
            last=self.last,
            weekdays=weekdays,
            intervals=hours,
            on_holidays=self.on_holidays,
            reason=reason,
        )

    def replaces(self, other: "Entry") -> bool:
        """Whether *other* no longer holds once this is entered: the same thing said anew."""
        same = (self.place, self.kind) == (other.place, other.kind)
        return same and (self.kind == "zone" or (self.alone and self.first == other.first))

    def meets(self, other: "Entry") -> bool:
        """Whether both say something about the same day in the same way."""
        same = (self.place, self.kind) == (other.place, other.kind)
        return same and not self.alone and self.first <= other.last and other.first <= self.last

    @property
    def alone(self) -> bool:
        """Whether a newer one about the same day takes its place, rather than colliding."""
        return self.kind in ("week", "holiday", "zone")


def closure(name: str) -> dict[str, str]:
    """Why a branch is shut on a day that was closed, as participants read it."""
    return {"id": f"penutupan sementara: {name}", "en": f"temporary closure, {name}"}


def _alike(week: Week) -> Iterator[tuple[frozenset[int], tuple[Interval, ...]]]:
    """Weekdays with the same hours together."""
    days = sorted(range(7), key=lambda day: week[day])
    for hours, same in groupby(days, key=lambda day: week[day]):
        yield frozenset(same), hours


class Edit(msgspec.Struct, frozen=True, omit_defaults=True):
    """What somebody wants to change of the calendar of a *place*, and why.

    *add* are entries of that place, *remove* the ids of some.
    """

    place: str
    reason: str
    add: tuple[Entry, ...] = ()
    remove: tuple[int, ...] = ()


class Entries(msgspec.Struct, frozen=True, dict=True):
    """All entries that hold, by id in the order in which they were made; *version* counts changes.

    *stamps* is the version of each place's own calendar.
    """

    version: int = 0
    held: Mapping[int, Entry] = msgspec.field(default_factory=dict)
    stamps: Mapping[str, int] = msgspec.field(default_factory=dict)

    def rules(self) -> Sequence[HoursRule]:
        """Rules of opening hours; the last one that fits a day decides."""
        ordered = sorted(
            (entry for entry in self.held.values() if entry.kind in HOURS),
            key=lambda entry: (HOURS.index(entry.kind), entry.place != EVERYWHERE),
        )
        return [rule for entry in ordered for rule in entry.rules()]

    def holidays(self) -> Mapping[date, HolidayChange]:
        """What national days are by decree, where the shipped calendar says otherwise."""
        return {
            entry.first: HolidayChange(entry.first, entry.holiday, entry.name)
            for entry in self.held.values()
            if entry.kind == "holiday"
        }

    def zones(self) -> Mapping[str, ZoneInfo]:
        """The zone of each branch that does not have the shipped one."""
        found = (entry for entry in self.held.values() if entry.kind == "zone")
        return {entry.place: ZoneInfo(entry.zone) for entry in found}

    @cached_property
    def _special(self) -> Mapping[str, Sequence[Entry]]:
        """The special hours of each place that has any."""
        found: dict[str, list[Entry]] = {}
        for entry in self.held.values():
            if entry.kind == "special":
                found.setdefault(entry.place, []).append(entry)
        return found

    def special(self, branch: str, day: date) -> Entry | None:
        """The special hours that a branch has on *day*."""
        for place in (branch, EVERYWHERE):
            for entry in self._special.get(place, ()):
                if entry.first <= day <= entry.last:
                    return entry
        return None

    def of(self, place: str) -> Sequence[tuple[int, Entry]]:
        """The entries of one place with their ids."""
        return [(number, entry) for number, entry in self.held.items() if entry.place == place]

    def stamp(self, place: str) -> str:
        """The version of what decides on *place*: its own entries and those of everywhere."""
        return f"{self.stamps.get(EVERYWHERE, 0)}.{self.stamps.get(place, 0)}"

    def ended_by(self, edit: Edit) -> Sequence[int]:
        """Ids of the entries that do not hold after *edit*.

        Raises `Refused`: ``kalender.tidak_ada`` for one that is gone already, and
        ``kalender.bertumpuk`` (*name*, *first*, *last*) for two about the same day.
        """
        known = dict(self.of(edit.place))
        if set(edit.remove) - set(known):
            raise Refused("kalender.tidak_ada")
        ended = set(edit.remove)
        for new in edit.add:
            ended |= {number for number, entry in known.items() if new.replaces(entry)}
            left = [entry for number, entry in known.items() if number not in ended]
            if hit := next((entry for entry in left if new.meets(entry)), None):
                raise Refused("kalender.bertumpuk", name=hit.name, first=hit.first, last=hit.last)
        return sorted(ended)

    def after(self, edit: Edit) -> "Entries":
        """The entries as they would hold after *edit*; new ones have ids below 0."""
        ended = self.ended_by(edit)
        held = {number: entry for number, entry in self.held.items() if number not in ended}
        held |= {-n: entry for n, entry in enumerate(edit.add, start=1)}
        return Entries(self.version, held, self.stamps)


NOTHING: Final = Entries()
