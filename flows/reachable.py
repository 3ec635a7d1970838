"""Whether a condition can ever hold, decided over the declared options of choices."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product
from typing import Final

from flows.conditions import Test, check
from flows.spec import Entry, Rule, Step

MOST_CASES: Final = 20_000
"""Combinations that are looked at; beyond, the condition is taken to be possible."""


def can_apply(entry: Entry, earlier: Mapping[str, Entry], rules: Mapping[str, Rule]) -> bool:
    """Whether some combination of earlier choices leads to *entry*.

    What is not a choice (dates, numbers, computed values) may take any value.
    """
    choices = _choices_behind(entry, earlier)
    asked = {name: _tests(earlier[name], choices, rules) for name in choices}
    own = _tests(entry, choices, rules)
    cases = islice(product(*([None, *choices[name]] for name in choices)), MOST_CASES + 1)
    for n, case in enumerate(cases):
        answers = dict(zip(choices, case, strict=True))
        met = [own, *(asked[name] for name, value in answers.items() if value is not None)]
        if n == MOST_CASES or all(test(answers[name]) for tests in met for name, test in tests):
            return True
    return False


def _tests(
    entry: Entry, choices: Iterable[str], rules: Mapping[str, Rule]
) -> list[tuple[str, Test]]:
    """What the condition of *entry* asks of the choices, by their names."""
    try:
        return [(name, check(entry.when[name], rules)) for name in choices if name in entry.when]
    except ValueError:
        return []  # refused elsewhere, with its own message


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
