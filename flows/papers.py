"""The documents of a journey: which are asked for on this path, and which may come later."""

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from datetime import date, timedelta
from typing import Any, Final

from flows.conditions import as_date, condition, months_after
from flows.journey import At, State
from flows.spec import Entry, Group, Step

ALWAYS: Final = "yes"
"""The setting `later` of a document that may be promised without a day."""

UNTIL: Final[Mapping[str, Callable[[At, float], date | None]]] = {
    "hari": lambda at, count: at.today + timedelta(days=int(count)),
    "bulan": lambda at, count: months_after(at, at.today, count),
}
"""The units of a rule that says until when a document may come, counted from today."""


def place(at: At) -> tuple[int, int]:
    """Which one the present document is of those asked for on this path, and how many these are."""
    asked = list(_asked(at))
    return asked.index((at.state, at.item)) + 1, len(asked)


def _asked(at: At) -> Iterator[tuple[str, int]]:
    """The questions for documents as far as their conditions hold by now, item by item."""
    there = copy(at)
    for entry in at.service.flow.steps:
        names = [entry.name]
        if isinstance(entry, Group):
            names = [f"{entry.name}.{step.name}" for step in entry.steps]
        for there.item in range(_items(at, entry)):
            for there.state in names:
                state = at.service.states[there.state]
                here = (there.state, there.item)
                if state.is_photo and (here == (at.state, at.item) or state.applies(there)):
                    yield here


def _items(at: At, entry: Entry) -> int:
    if not isinstance(entry, Group):
        return 1
    if not condition(entry.when, at.service.flow.rules)(at):
        return 0
    here = at.item + 1 if at.state.partition(".")[0] == entry.name else 0
    return max(here, len(at.answers.get(entry.name, ())))


def readable(at: At) -> Any:
    """What must be legible on the present document, as the flow words it."""
    step = at.service.states[at.state].step
    return at.service.flow.documents[step.params.document].readable if step else ""


def promise(state: State, at: At) -> dict[str, str] | None:
    """The value of a document that is promised today; None where the rules do not allow it."""
    later = _later(state.step) if state.is_photo else ""
    if not later:
        return None
    day = _last_day(later, at)
    if day is None:
        return {"later": ""}
    return {"later": day.isoformat()} if day >= at.today else None


def _later(step: Step | None) -> str:
    return str(getattr(step.params, "later", "")) if step else ""


def _last_day(later: str, at: At) -> date | None:
    """The day that a derived date or a rule names; None where nothing limits it."""
    rule = at.service.flow.rules.get(later)
    if rule is not None:
        return UNTIL[rule.unit](at, rule.value)
    return None if later == ALWAYS else as_date(at.value(later))
