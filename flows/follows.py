"""Which moves between questions can ever happen, decided over the declared options of choices.

A machine lists a move wherever no condition forbids it by itself; two conditions together may.
What is not a choice (dates, numbers, computed values) may take any value.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from flows.conditions import check, derived
from flows.spec import Entry, Flow, Group, Result, Step, When

MOST_CASES: Final = 20_000
"""Combinations that are looked at; beyond, a move is taken to be possible."""

Answers = Mapping[str, str | tuple[str, ...] | None]
"""By choice; several where every item of a group has its own."""

Holds = Callable[[Entry, Answers], bool | None]
"""Whether the condition of an entry holds; None where that depends on something else."""


def can_follow(flow: Flow, source: str, dest: str) -> bool:
    """Whether a journey through *flow* can go from the question *source* straight to *dest*."""
    before, passed, after = _around(flow, source, dest)
    if isinstance(after, Result) and "." in source and source in after.when:  # it ends the group
        passed = []
    here = before[-1]
    needed = _needed(flow, after.when) if after else []
    if any(entry in passed for entry in needed):
        return False
    never = [*(entry for entry in before if isinstance(entry, Result)), *passed]
    groups = [entry for entry in before[-2:-1] if isinstance(entry, Group) and here in entry.steps]
    asked = _needed(flow, here.when)
    maybe = [here, *groups, *asked, *needed, *([after] if after else [])]
    choices = _choices(flow, maybe, never)
    holds = _compiled(flow, [*maybe, *never, *choices])
    cases = islice(_cases(holds, choices, _when_full(dest, groups)), MOST_CASES + 1)
    for n, answers in enumerate(cases):
        if n == MOST_CASES or (
            answers.get(here.name, "") is not None
            and not any(holds(entry, answers) is False for entry in maybe)
            and not any(holds(entry, answers) is True for entry in never)
        ):
            return True
    return False


def _when_full(dest: str, groups: Sequence[Group]) -> Answers:
    """What is sure where a group is left without asking for more: it is full.

    Then a choice with an answer of its own for each item has had all its answers.
    """
    sure: dict[str, tuple[str, ...]] = {}
    for group in groups:
        leaves = dest.partition(".")[0] != group.name
        for step in group.steps:
            name, options = f"{group.name}.{step.name}", tuple(_options(step) or ())
            if leaves and getattr(step.params, "unique", "") == name and len(options) == group.max:
                sure[name] = options
    return sure


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


def _choices(flow: Flow, answered: Sequence[Entry], passed: Sequence[Entry]) -> list[Step]:
    """The choices on which it depends whether those were *answered*, these not; in form order."""
    choices = {step.name: step for _, step in flow.questions() if _options(step) is not None}
    found = {entry.name for entry in answered} & choices.keys()
    waiting: list[Entry] = [*answered, *passed, *(choices[name] for name in found)]
    while waiting:
        fresh = (waiting.pop().when.keys() & choices.keys()) - found
        found |= fresh
        waiting += [choices[name] for name in fresh]
    return [step for name, step in choices.items() if name in found]


def _options(step: Step) -> list[str] | None:
    """What a choice may be answered with, None where it is none; a redone answer does not stay."""
    if step.type == "yes_no":
        return ["ya", "tidak"]
    options = getattr(step.params, "options", None)
    return None if options is None else [name for name, one in options.items() if not one.redo]


def _cases(holds: Holds, choices: Sequence[Step], answers: Answers) -> Iterator[Answers]:
    """Every way to answer *choices* in form order: what applies is answered, nothing else is."""
    if not choices:
        yield answers
        return
    step, later = choices[0], choices[1:]
    applies = holds(step, answers)
    possible: list[str | None] = [] if applies is False else [*(_options(step) or ())]
    if applies is not True:
        possible.append(None)
    for value in possible:
        yield from _cases(holds, later, {**answers, step.name: value})


def _compiled(flow: Flow, entries: Sequence[Entry]) -> Holds:
    """Tells whether the condition of one of *entries* holds."""
    compiled = {
        id(entry): [(name, check(wanted, flow.rules)) for name, wanted in entry.when.items()]
        for entry in entries
    }

    def holds(entry: Entry, answers: Answers) -> bool | None:
        sure = True
        for name, test in compiled[id(entry)]:
            given = answers.get(name)
            if name not in answers:
                sure = False
            elif not (any(map(test, given)) if isinstance(given, tuple) else test(given)):
                return False
        return True if sure else None

    return holds
