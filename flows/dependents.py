"""Answers that rest on an earlier one: when that is changed, they must still stand."""

from collections.abc import Iterator
from copy import copy

from flows import asking, upgrade
from flows.journey import At, State
from flows.session import Journey


def recheck(journey: Journey, at: At) -> None:
    """Forget what the changed answer of *at* does not allow any more, so that it is asked again.

    A branch must be one that the place leads to, an answer that must differ must still differ.
    """
    here = copy(at)
    for state, item in _resting_on(at):
        here.state, here.item = state.name, item
        if state.answered(here) and not _stands(state, here):
            asking.forget(journey, here, [state.entry.name])


def _resting_on(at: At) -> Iterator[tuple[State, int]]:
    """The questions whose settings name that of *at*, for every item that it reaches."""
    changed = at.service.states[at.state]
    names = {changed.name, changed.entry.name}
    for state in at.service.states.values():
        if names.isdisjoint([*_named(state, "from_"), *_named(state, "differs")]):
            continue
        if state.group is None:
            yield state, 0
        elif state.group is changed.group:
            yield state, at.item
        else:
            items = range(len(at.answers.get(state.group_name, ())))
            yield from ((state, item) for item in items)


def _stands(state: State, at: At) -> bool:
    value = asking.value_at(state, at)
    if _named(state, "from_"):
        offered = state.field.options(asking.asking_of(state, at))
        return any(option.value == value for option in offered)
    return upgrade.fits(state, at, value)


def _named(state: State, setting: str) -> tuple[str, ...]:
    """The earlier steps that a setting names: one, several or none."""
    params = state.step.params if state.step is not None else None
    named: str | tuple[str, ...] = getattr(params, setting, "")
    if isinstance(named, str):
        return (named,) if named else ()
    return named
