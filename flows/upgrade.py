"""A form that changed while somebody fills it: what still fits is kept, the rest asked again."""

from collections.abc import Iterator
from typing import Any

from flows import asking
from flows.journey import At, Service, State, is_skipped
from flows.session import Journey, Put
from flows.spec import Group, Step
from flows.talk import Talk
from forms.fields import Invalid, Read


def bring(talk: Talk, journey: Journey, service: Service) -> bool:
    """Bring *journey* to the present form of its *service*; whether that had changed."""
    if journey.digest == service.flow.digest:
        return False
    journey.answers = _renamed(service.flow.steps, journey.answers)
    journey.digest = service.flow.digest
    journey.state = journey.album = journey.album_state = ""
    journey.item, journey.stale = 0, True
    at = talk.at(journey)
    old, journey.answers = journey.answers, {}
    for state, item, value in _stored(at, old):
        at.answers, at.state, at.item = journey.answers, state.name, item
        if fits(state, at, value):
            asking.record(journey, state, item, value)
    return True


def place(talk: Talk, journey: Journey, put: Put) -> bool:
    """Find the question on the table in the present form; whether it is still there."""
    service = talk.service(journey.service)
    assert service is not None
    renamed = dict(_old_names(service.flow.steps))
    put.state = renamed.get(put.state, put.state)
    state = service.states.get(put.state)
    return state is not None and (state.group is None or put.item + state.is_more < state.group.max)


def _old_names(entries: Any) -> Iterator[tuple[str, str]]:
    for entry in entries:
        if isinstance(entry, Step) and entry.was:
            yield entry.was, entry.name
        elif isinstance(entry, Group):
            for step in entry.steps:
                if step.was:
                    yield f"{entry.name}.{step.was}", f"{entry.name}.{step.name}"


def _renamed(entries: Any, answers: dict[str, Any]) -> dict[str, Any]:
    """*answers* under the present names of their steps."""
    found = dict(answers)
    for old, new in _old_names(entries):
        group, inner, old_step = old.rpartition(".")
        if not inner and old in found:
            found.setdefault(new, found.pop(old))
        elif inner:
            new_step = new.rpartition(".")[2]
            items = found.get(group)
            for item in items if isinstance(items, list) else ():
                if old_step in item:
                    item.setdefault(new_step, item.pop(old_step))
    return found


def _stored(at: At, answers: dict[str, Any]) -> Iterator[tuple[State, int, Any]]:
    """Every stored answer that the present form has a question for, in form order."""
    for entry in at.service.flow.steps:
        if isinstance(entry, Step) and entry.name in answers:
            yield at.service.states[entry.name], 0, answers[entry.name]
        elif isinstance(entry, Group):
            items = _items(answers, entry)
            for item, values in enumerate(items):
                for step in entry.steps:
                    if step.name in values:
                        state = at.service.states[f"{entry.name}.{step.name}"]
                        yield state, item, values[step.name]
            closed = f"{entry.name}.more"
            if closed in answers and closed in at.service.states:
                yield at.service.states[closed], max(len(items) - 1, 0), answers[closed]


def _items(answers: dict[str, Any], group: Group) -> list[dict[str, Any]]:
    """The items that are stored under a group's name, as many as it takes."""
    found = answers.get(group.name)
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        return []
    return found[: group.max]


def fits(state: State, at: At, value: Any) -> bool:
    """Whether the question *state*, at which *at* stands, takes the stored *value* as it is."""
    if value is None:
        return state.is_optional
    if is_skipped(value):
        return asking.may_skip(state)
    try:
        return state.field.read(value, asking.asking_of(state, at)) == Read(value)
    except Invalid:
        return False
