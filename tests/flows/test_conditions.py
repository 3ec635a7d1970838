"""Conditions and computed values."""

from datetime import date
from typing import Any

import pytest

from flows.conditions import check, condition, derived
from flows.spec import Rule
from tests.flows.world import SmallFacts

RULES = {"tunggu": Rule(3, "FAQ", "2025")}


class Given:
    """Answers at hand on a day."""

    def __init__(self, today: date = date(2026, 11, 20), **answers: Any) -> None:
        self.today = today
        self.facts = SmallFacts()
        self.answers = answers

    def value(self, name: str) -> Any:
        return self.answers.get(name)


@pytest.mark.parametrize(
    ("wanted", "value", "holds"),
    [
        ("biasa", "biasa", True),
        ("biasa", "lain", False),
        ("biasa", None, False),
        (["a", "b"], "b", True),
        (["a", "b"], "c", False),
        ("ya", True, True),
        ("tidak", False, True),
        ("tidak", True, False),
        ("tidak", None, False),
        ("3", 3, True),
        ({"at_least": "tunggu"}, 3, True),
        ({"more_than": "tunggu"}, 3, False),
        ({"less_than": "3"}, 2.5, True),
        ({"at_most": "3"}, 4, False),
        ({"at_least": "1", "at_most": "3"}, 2, True),
        ({"at_least": "1"}, None, False),
        ({"at_least": "1"}, "dua", False),
        ({"at_least": "0"}, True, False),
        ({"known": "no"}, None, True),
        ({"known": "no"}, 0, False),
        ({"known": "yes"}, "lama", True),
        ({"known": "yes"}, None, False),
    ],
)
def test_a_value_meets_its_condition_or_not(wanted: Any, value: Any, holds: bool) -> None:
    assert check(wanted, RULES)(value) is holds


def test_several_conditions_must_all_hold_and_none_always_does() -> None:
    both = condition({"a": "x", "b": {"at_least": "tunggu"}}, RULES)

    assert both(Given(a="x", b=3))
    assert not both(Given(a="x", b=2))
    assert condition({}, RULES)(Given())


@pytest.mark.parametrize(
    ("spec", "answers", "value"),
    [
        ({"days_since": "d"}, {"d": "2026-10-23"}, 28),
        ({"days_since": "d"}, {"d": "2026-12-01"}, -11),
        ({"months_since": "d"}, {"d": "2026-08-20"}, 3),
        ({"months_since": "d"}, {"d": "2026-08-21"}, 2),
        ({"months_between": ["d", "e"]}, {"d": "2026-03-31", "e": "2026-09-30"}, 5),
        ({"months_between": ["d", "e"]}, {"d": "2026-03-30", "e": "2026-09-30"}, 6),
        ({"months_between": ["d", "e"]}, {"d": "2026-03-30", "e": "2026-03-29"}, -1),
        ({"months_between": ["d", "e"]}, {"d": "2026-03-30", "e": "soon"}, None),
        ({"years_since": "d"}, {"d": "2008-02-29"}, 18),
        ({"years_since": "d"}, {"d": "not a date"}, None),
        ({"months_after": ["d", "n"]}, {"d": "2026-11-30", "n": 3}, date(2027, 2, 28)),
        ({"months_after": ["d", "n"]}, {"d": "9999-11-30", "n": 3}, None),
        ({"days_after": ["d", "n"]}, {"d": "2026-11-24", "n": 14}, date(2026, 12, 8)),
        ({"days_after": ["d", "n"]}, {"d": "9999-12-30", "n": 14}, None),
        ({"days_between": ["d", "e"]}, {"d": "1956-03-27", "e": "1956-03-26"}, -1),
        ({"days_between": ["d", "e"]}, {"d": "1956-03-27", "e": "not a date"}, None),
        ({"month_start": "d"}, {"d": "2026-12-31"}, date(2026, 12, 1)),
        ({"month_start": "d"}, {"d": "not a date"}, None),
        ({"years_after": ["d", "n"]}, {"d": "2008-02-29", "n": 21}, date(2029, 2, 28)),
        ({"years_after": ["d", "n"]}, {"d": "2008-02-29", "n": "soon"}, None),
        ({"next_month": "d"}, {"d": "2026-12-31"}, date(2027, 1, 1)),
        ({"nik_matches": ["k", "d"]}, {"k": "7171016703569901", "d": "1956-03-27"}, True),
        ({"nik_matches": ["k", "d"]}, {"k": "7171016803569901", "d": "1956-03-27"}, False),
        ({"nik_sex": "k"}, {"k": "7171016703569901"}, "P"),
        ({"nik_sex": "k"}, {"k": "7171012703569901"}, "L"),
        ({"known_facility": "f"}, {"f": {"typed": "Klinik"}}, False),
        ({"same": ["a", "b"]}, {"a": "1", "b": "1"}, True),
        ({"same": ["a", "b"]}, {"a": "1"}, None),
        ({"is_past": "d"}, {"d": "2026-11-19"}, True),
        ({"is_past": "d"}, {"d": "2026-11-20"}, False),
        ({"is_past": "d"}, {"d": "not a date"}, None),
        ({"count": "a"}, {"a": ["x", "y"]}, 2),
        ({"count": "a"}, {"a": "xy"}, None),
        ({"plus": ["a", "1"]}, {"a": 2}, 3),
        ({"plus": ["a", "1"]}, {"a": "many"}, None),
        ({"times": ["a", "b"]}, {"a": 35000, "b": "3"}, 105000),
        ({"of_class": ["k", "1", "2", "9"]}, {"k": "3"}, 9),
        ({"of_class": ["k", "1", "2", "9"]}, {"k": "4"}, None),
    ],
)
def test_a_computed_value_follows_from_answers(
    spec: dict[str, Any], answers: dict[str, Any], value: Any
) -> None:
    compute, _ = derived(spec)

    assert compute(Given(**answers)) == value


@pytest.mark.parametrize("spec", [{}, {"a": "b"}, {"same": "a"}, {"same": [1, 2]}])
def test_an_unknown_computation_is_refused(spec: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"expected|takes"):
        derived(spec)
