"""Which moves between questions can ever happen, decided over the declared options of choices.

A machine lists a move wherever no condition forbids it by itself; two conditions together may.
What is not a choice (dates, numbers, computed values) may take any value.
"""

from collections.abc import Iterable, Mapping
from itertools import islice, product
from typing import Final

from flows.conditions import check, derived
from flows.spec import Entry, Flow, Group, Result, Step, When

MOST_CASES: Final = 20_000
"""Combinations that are looked at; beyond, a move is taken to be possible."""

Answers = Mapping[str, str | None]


def can_follow(flow: Flow, source: str, dest: str) -> bool:
    """Whether a journey through *flow* can go from the question *source* straight to *dest*."""
    before, passed, after = _around(flow, source, dest)
    here = before[-1]
    needed = _needed(flow, after.when) if after else []
    if any(entry in passed for entry in needed):
        return False
    never = [*(entry for entry in before if isinstance(entry, Result)), *passed]
    maybe = [here, *needed, *([after] if after else [])]
    choices = _choices(flow, [*maybe, *never])
    cases = islice(product(*([None, *values] for values in choices.values())), MOST_CASES + 1)
    for n, case in enumerate(cases):
        answers = dict(zip(choices, case, strict=True))
        if n == MOST_CASES or (
            answers.get(here.name, "") is not None
            and not any(_holds(flow, entry.when, answers) is False for entry in maybe)
            and not any(_holds(flow, entry.when, answers) is True for entry in never)
            and _consistent(flow, answers)
        ):
            return True
    return False


def _around(flow: Flow, source: str, dest: str) -> tuple[list[Entry], list[Entry], Entry | None]:
    """The entries up to *source*, those passed over, and *dest* (None for the review)."""
    outer, _, inner = source.partition(".")
    names = [entry.name for entry in flow.steps]
    at = names.index(outer)
    before, rest = list(flow.steps[: at + 1]), list(flow.steps[at + 1 :])
    group = flow.steps[at]
    to, _, to_inner = dest.partition(".")
    if isinstance(group, Group) and inner in (own := [step.name for step in group.steps]):
        here = own.index(inner)
        before.append(group.steps[here])
        siblings: list[Entry] = list(group.steps[here + 1 :])
        if to == outer and to_inner in own[here + 1 :]:
            there = own.index(to_inner)
            return before, list(group.steps[here + 1 : there]), group.steps[there]
        if to == outer:  # the loop question, or the next item
            return before, siblings, None
        rest = [*siblings, *rest]
    elif to == outer:  # from the loop question to the next item
        return before, [], None
    passed: list[Entry] = []
    for entry in rest:
        if entry.name == to:
            return before, passed, entry
        passed.append(entry)
    return before, passed, None


def _needed(flow: Flow, when: When) -> list[Entry]:
    """The questions whose answers a condition looks at, itself or through computed values."""
    steps = {step.name: step for _, step in flow.questions()}
    found: list[Entry] = []
    names = list(when)
    while names:
        name = names.pop()
        if name in flow.derive:
            names += derived(flow.derive[name])[1]
        elif name in steps:
            found.append(steps[name])
    return found


def _choices(flow: Flow, entries: Iterable[Entry]) -> dict[str, list[str]]:
    """The options of every choice that the conditions of *entries* look at, in form order."""
    options = {step.name: _options(step) for _, step in flow.questions()}
    steps = {step.name: step for _, step in flow.questions()}
    found: set[str] = set()
    waiting = list(entries)
    while waiting:
        entry = waiting.pop()
        fresh = {name for name in (*entry.when, entry.name) if options.get(name)} - found
        found |= fresh
        waiting += [steps[name] for name in fresh]
    return {name: options[name] for name in options if name in found}


def _options(step: Step) -> list[str]:
    if step.type == "yes_no":
        return ["ya", "tidak"]
    return list(getattr(step.params, "options", None) or ())


def _consistent(flow: Flow, answers: Answers) -> bool:
    """Whether exactly what applies is answered, as far as that can be known."""
    asked = (step for _, step in flow.questions() if step.name in answers)
    return all(
        _holds(flow, step.when, answers) is not (answers[step.name] is None) for step in asked
    )


def _holds(flow: Flow, when: When, answers: Answers) -> bool | None:
    """Whether a condition holds; None where that depends on something else."""
    sure = True
    for name, wanted in when.items():
        if name not in answers:
            sure = False
        elif not check(wanted, flow.rules)(answers[name]):
            return False
    return True if sure else None
