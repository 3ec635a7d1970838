"""Whether a condition can ever hold, decided over the declared options of choices."""

from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Any, Final

from flows.conditions import check
from flows.spec import Entry, Rule, Step

MOST_CASES: Final = 20_000
"""Combinations that are looked at; beyond, the condition is taken to be possible."""


def can_apply(entry: Entry, earlier: Mapping[str, Entry], rules: Mapping[str, Rule]) -> bool:
    """Whether some combination of earlier choices leads to *entry*.

    What is not a choice (dates, numbers, computed values) may take any value.
    """
    choices = _choices_behind(entry, earlier)
    cases = islice(product(*([None, *choices[name]] for name in choices)), MOST_CASES + 1)
    for n, case in enumerate(cases):
        answers = dict(zip(choices, case, strict=True))
        if n == MOST_CASES or _consistent(answers, earlier, rules, entry):
            return True
    return False


def _consistent(
    answers: Mapping[str, str | None],
    earlier: Mapping[str, Entry],
    rules: Mapping[str, Rule],
    entry: Entry,
) -> bool:
    asked = [earlier[name] for name, value in answers.items() if value is not None]
    return all(_may_hold(one.when, answers, rules) for one in [*asked, entry])


def _may_hold(
    when: Mapping[str, Any], answers: Mapping[str, str | None], rules: Mapping[str, Rule]
) -> bool:
    try:
        return all(
            check(wanted, rules)(answers[name]) for name, wanted in when.items() if name in answers
        )
    except ValueError:
        return True  # refused elsewhere, with its own message


def _choices_behind(entry: Entry, earlier: Mapping[str, Entry]) -> dict[str, list[str]]:
    """The options of every choice that the conditions leading to *entry* look at."""
    found: dict[str, list[str]] = {}
    open_entries = [entry]
    while open_entries:
        for name, values in _looked_at(open_entries.pop(), earlier):
            if name not in found:
                found[name] = values
                open_entries.append(earlier[name])
    return found


def _looked_at(entry: Entry, earlier: Mapping[str, Entry]) -> Iterator[tuple[str, list[str]]]:
    for name in entry.when:
        step = earlier.get(name)
        if isinstance(step, Step) and step.type == "yes_no":
            yield name, ["ya", "tidak"]
        elif isinstance(step, Step) and (options := getattr(step.params, "options", None)):
            yield name, list(options)
