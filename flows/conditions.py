"""Conditions on answers (``when``) and values computed from them (``derive``)."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any, Final, Protocol

from flows.spec import Rule, When
from forms.dates import months_later
from forms.types.identity import matches_birth, nik_birth


class Scope(Protocol):
    """The answers in reach of a question, and what else a computed value may ask."""

    @property
    def today(self) -> date: ...
    @property
    def facts(self) -> Any: ...
    def value(self, name: str) -> Any:
        """The answer or computed value *name*; None where there is none.

        For ``<group>.<name>`` it is a list with that of every item.
        """


Test = Callable[[Any], bool]
Condition = Callable[[Any], bool]
Derived = Callable[[Any], Any]

YES: Final = frozenset({"ya", "yes", "true"})

KNOWN: Final = "known"
"""Whether there is an answer at all: one that was left to the officer is none."""

COMPARISONS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "at_least": lambda value, limit: value >= limit,
    "more_than": lambda value, limit: value > limit,
    "less_than": lambda value, limit: value < limit,
    "at_most": lambda value, limit: value <= limit,
}


def condition(when: When, rules: Mapping[str, Rule]) -> Condition:
    """Compile *when* to a function of a scope; an empty one always holds.

    What ``<group>.<name>`` must be holds if it holds for one of the items.
    """
    tests = [(name, _test(name, wanted, rules)) for name, wanted in when.items()]
    if not tests:
        return lambda scope: True
    if len(tests) == 1:
        [(name, holds)] = tests
        return lambda scope: holds(scope.value(name))
    return lambda scope: all(holds(scope.value(name)) for name, holds in tests)


def _test(name: str, wanted: Any, rules: Mapping[str, Rule]) -> Test:
    holds = check(wanted, rules)
    return (lambda values: any(map(holds, values))) if "." in name else holds


def check(wanted: Any, rules: Mapping[str, Rule]) -> Test:
    """Compile what one name must be; raises ValueError where it is not in the grammar."""
    if isinstance(wanted, str):
        return _equals(wanted)
    if isinstance(wanted, list) and wanted and all(isinstance(item, str) for item in wanted):
        tests = [_equals(item) for item in wanted]
        return lambda value: any(equal(value) for equal in tests)
    if isinstance(wanted, dict) and wanted and wanted.keys() <= COMPARISONS.keys():
        limits = [(COMPARISONS[name], number(limit, rules)) for name, limit in wanted.items()]

        def compares(value: Any) -> bool:
            known = as_number(value)
            return known is not None and all(holds(known, limit) for holds, limit in limits)

        return compares
    if isinstance(wanted, dict) and wanted.keys() == {KNOWN}:
        known = str(wanted[KNOWN]).lower() in YES
        return lambda value: (value is not None) is known
    names = ", ".join([*COMPARISONS, KNOWN])
    raise ValueError(f"expected a text, a list of texts or one of {names}")


def number(text: Any, rules: Mapping[str, Rule]) -> float:
    """A number, or the value of the rule of that name; raises ValueError."""
    if isinstance(text, str) and text in rules:
        return rules[text].value
    known = as_number(text)
    if known is None:
        raise ValueError(f"{text!r} is neither a number nor a rule")
    return known


def as_number(value: Any) -> float | None:
    """*value* as a number, None when it is not one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None


def _equals(wanted: str) -> Test:
    as_bool = wanted.lower() in YES
    as_float = as_number(wanted)

    def equals(value: Any) -> bool:
        if isinstance(value, str):
            return value == wanted
        if isinstance(value, bool):
            return value is as_bool
        return isinstance(value, int | float) and value == as_float

    return equals


def derived(spec: Mapping[str, Any]) -> tuple[Derived, tuple[str, ...]]:
    """Compile ``{days_since: step}``; also the names it needs. Raises ValueError.

    Instead of a name may stand a number.
    """
    if len(spec) != 1:
        raise ValueError(f"expected exactly one of {', '.join(FUNCTIONS)}")
    [(name, given)] = spec.items()
    names = (given,) if isinstance(given, str) else tuple(given)
    if name not in FUNCTIONS:
        raise ValueError(f"unknown function {name!r}, expected one of {', '.join(FUNCTIONS)}")
    count, compute = FUNCTIONS[name]
    if len(names) != count or not all(isinstance(item, str) for item in names):
        raise ValueError(f"{name} takes {count} name{'s' if count > 1 else ''}")

    literals = {item: number for item in names if (number := as_number(item)) is not None}

    def value(scope: Scope) -> Any:
        given = [literals[item] if item in literals else scope.value(item) for item in names]
        return None if None in given else compute(scope, *given)

    return value, tuple(item for item in names if item not in literals)


def as_date(value: Any) -> date | None:
    """A date, or a stored one (ISO 8601); None when it is neither."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def days_since(scope: Scope, value: Any) -> int | None:
    """Whole days from the date *value* to today."""
    day = as_date(value)
    return None if day is None else (scope.today - day).days


def months_between(scope: Scope, first: Any, last: Any) -> int | None:
    """Whole calendar months from one date to another; negative where *last* is the earlier one."""
    begin, end = as_date(first), as_date(last)
    if begin is None or end is None:
        return None
    return (end.year - begin.year) * 12 + end.month - begin.month - (end.day < begin.day)


def months_since(scope: Scope, value: Any) -> int | None:
    """Whole calendar months from the date *value* to today."""
    return months_between(scope, value, scope.today)


def years_since(scope: Scope, value: Any) -> int | None:
    """Whole years from the date *value* to today: an age."""
    months = months_since(scope, value)
    return None if months is None else months // 12


def days_after(scope: Scope, value: Any, days: Any) -> date | None:
    """The day so many days after *value*; None past the end of the calendar."""
    day, count = as_date(value), as_number(days)
    if day is None or count is None:
        return None
    try:
        return day + timedelta(days=int(count))
    except OverflowError:
        return None


def months_after(scope: Scope, value: Any, months: Any) -> date | None:
    """The day so many months after *value*; the last of the month where it has no such day."""
    day, count = as_date(value), as_number(months)
    if day is None or count is None:
        return None
    return months_later(day, int(count))


def years_after(scope: Scope, value: Any, years: Any) -> date | None:
    """The day so many years after *value*: a birthday."""
    count = as_number(years)
    return None if count is None else months_after(scope, value, count * 12)


def days_between(scope: Scope, first: Any, second: Any) -> int | None:
    """Whole days from *first* to *second*; negative where *second* is the earlier one."""
    start, end = as_date(first), as_date(second)
    return None if start is None or end is None else (end - start).days


def month_start(scope: Scope, value: Any) -> date | None:
    """The first day of the month of *value*."""
    day = as_date(value)
    return None if day is None else day.replace(day=1)


def next_month(scope: Scope, value: Any) -> date | None:
    """The first day of the month after *value*."""
    day = as_date(value)
    return None if day is None else months_after(scope, day.replace(day=1), 1)


def nik_matches(scope: Scope, nik: Any, born: Any) -> bool | None:
    """Whether a NIK carries the birth date *born*."""
    return matches_birth(nik, born) if isinstance(nik, str) and as_date(born) else None


def nik_sex(scope: Scope, nik: Any) -> str | None:
    """The sex inside a NIK: ``L`` or ``P``."""
    return nik_birth(nik).sex if isinstance(nik, str) else None


def known_facility(scope: Scope, value: Any) -> bool:
    """Whether a facility answer is one of the list that is loaded."""
    code = value.get("code", "") if isinstance(value, Mapping) else value
    return bool(code and scope.facts.facility_name(code))


def is_past(scope: Scope, value: Any) -> bool | None:
    """Whether the date *value* lies before today."""
    days = days_since(scope, value)
    return None if days is None else days > 0


def count(scope: Scope, values: Any) -> int | None:
    """How many items of a group have an answer: of ``<group>.<step>``."""
    return len(values) if isinstance(values, list) else None


def plus(scope: Scope, one: Any, other: Any) -> int | None:
    """The sum of two whole numbers."""
    return _whole(one, other, int.__add__)


def times(scope: Scope, one: Any, other: Any) -> int | None:
    """The product of two whole numbers."""
    return _whole(one, other, int.__mul__)


def _whole(one: Any, other: Any, compute: Callable[[int, int], int]) -> int | None:
    first, second = as_number(one), as_number(other)
    return None if first is None or second is None else compute(int(first), int(second))


def of_class(scope: Scope, value: Any, first: Any, second: Any, third: Any) -> Any:
    """What holds for the class of care *value* (1, 2 or 3)."""
    return {"1": first, "2": second, "3": third}.get(value)


def same(scope: Scope, one: Any, other: Any) -> bool:
    """Whether two answers are the same."""
    return bool(one == other)


FUNCTIONS: Final[Mapping[str, tuple[int, Callable[..., Any]]]] = {
    "days_since": (1, days_since),
    "months_between": (2, months_between),
    "months_since": (1, months_since),
    "years_since": (1, years_since),
    "days_after": (2, days_after),
    "months_after": (2, months_after),
    "years_after": (2, years_after),
    "days_between": (2, days_between),
    "month_start": (1, month_start),
    "next_month": (1, next_month),
    "is_past": (1, is_past),
    "count": (1, count),
    "plus": (2, plus),
    "times": (2, times),
    "of_class": (4, of_class),
    "nik_matches": (2, nik_matches),
    "nik_sex": (1, nik_sex),
    "known_facility": (1, known_facility),
    "same": (2, same),
}
"""What ``derive`` may compute, with the number of its names; None where one of them has none."""
