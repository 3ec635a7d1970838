"""From every question of every service, the review or a result can be reached."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from flows.journey import Journeys, Service
from flows.load import FlowErrors, load_all
from flows.moves import REVIEW

Ways = defaultdict[str, set[str]]


def check(root: Path) -> list[str]:
    """The questions at which a form would stop for ever, or which nobody ever sees."""
    try:
        journeys = Journeys(load_all(root / "flows"))
    except FlowErrors as errors:
        return [f"flows/{problem}" for problem in errors.problems]
    found = []
    for code, service in journeys.services.items():
        ends = [REVIEW, *(name for name in service.states if service.is_result(name))]
        problems = stuck([*service.states, REVIEW], ends, _moves(service))
        found += [f"flows: {code}: {problem}" for problem in problems]
    return found


def _moves(service: Service) -> Iterator[tuple[str, str]]:
    """Onward, and back to what an option asks again."""
    for trigger, source, dest in service.transitions:
        if trigger == "next":
            yield source, dest
    for source, step in service.flow.questions():
        for option in getattr(step.params, "options", {}).values():
            yield from ((source, service.steps[name]) for name in option.redo)


def stuck(
    names: Sequence[str], ends: Iterable[str], moves: Iterable[tuple[str, str]]
) -> Iterator[str]:
    """What is wrong with the states *names*, of which the first is the beginning."""
    onward: Ways = defaultdict(set)
    backward: Ways = defaultdict(set)
    for source, dest in moves:
        onward[source].add(dest)
        backward[dest].add(source)
    seen = _reach(names[:1], onward)
    ending = _reach(ends, backward)
    for name in names:
        if name not in seen:
            yield f"{name}: nothing leads here"
        elif name not in ending:
            yield f"{name}: nothing leads on from here to the review or a result"


def _reach(starts: Iterable[str], ways: Ways) -> set[str]:
    """Everything that can be reached from *starts*."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += ways[name]
    return found
