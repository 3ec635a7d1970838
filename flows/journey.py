"""Services compiled to state machines, and how a journey moves through one.

One synchronous `transitions.Machine` per service, shared by every session: a journey is moved as a
small record (`At`) that is made for the turn and thrown away. The position follows from the
answers: it is the first question that applies and is not answered.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any, Final, NamedTuple

from flows.assets import Facts
from flows.conditions import Condition, Derived, condition, derived
from flows.follows import can_follow
from flows.machines import Shared
from flows.moves import MORE, REVIEW, Edge, edges
from flows.spec import Entry, Flow, Group, Result, Step
from flows.understanding.router import Router
from forms.fields import FIELDS
from forms.types.choice import YesNoParams
from forms.types.document import is_open

PHOTO: Final = "photo"
"""The field type of a question that asks for a document."""


class Move(NamedTuple):
    """One transition that a turn took; *machine* is a service's code or ``session``."""

    machine: str
    trigger: str
    source: str
    dest: str


class At:
    """Where a journey stands while a turn looks at it: the model that a machine moves."""

    __slots__ = ("answers", "facts", "item", "language", "service", "state", "today")

    def __init__(
        self,
        service: "Service",
        answers: dict[str, Any],
        today: date,
        facts: Facts,
        state: str = "",
        item: int = 0,
        language: str = "id",
    ) -> None:
        self.service = service
        self.answers = answers
        self.today = today
        self.facts = facts
        self.state = state or service.first
        self.item = item
        self.language = language

    def value(self, name: str) -> Any:
        """The answer, derived value or rule in reach of the present question, None without one.

        An answer that was skipped for now counts as none, and so does one to a question that does
        not apply any more: an edit may have closed it. ``today`` is a name too; ``<group>.<name>``
        is the list of what *name* is for the items of a group.
        """
        group, inside, inner = name.partition(".")
        if inside:
            return self._of_items(group, inner)
        if name in self.service.derive:
            return self.service.derive[name](self)
        found = self.item_of(self.state.partition(".")[0]).get(name) if "." in self.state else None
        if found is None:
            found = self.answers.get(name)
        if found is None and name in self.service.flow.rules:
            return self.service.flow.rules[name].value
        if found is None and name == "today":
            return self.today
        return None if is_skipped(found) or self._is_stale(name) else found

    def _of_items(self, name: str, inner: str) -> list[Any]:
        group, applies = self.service.groups[name]
        if not applies(self):
            return []
        first = f"{name}.{group.steps[0].name}"
        values = []
        for item in range(len(self.answers.get(name, ()))):
            here = At(self.service, self.answers, self.today, self.facts, first, item)
            values.append(here.value(inner))
        return [value for value in values if value is not None]

    def _is_stale(self, name: str) -> bool:
        own = self.service.steps.get(name)
        return own is not None and not self.service.states[own].applies(self)

    def item_of(self, group: str) -> dict[str, Any]:
        """The answers of the present item of *group*; empty where it has none yet."""
        items = self.answers.get(group) or ()
        return items[self.item] if self.item < len(items) else {}

    def reach(self) -> Mapping[str, Any]:
        """All answers in reach of the present question by name."""
        if "." not in self.state:
            return self.answers
        return {**self.answers, **self.item_of(self.state.partition(".")[0])}


SKIPPED: Final[Mapping[str, bool]] = {"skipped": True}


def is_skipped(value: Any) -> bool:
    """Whether *value* stands for a question that was left to the officer."""
    return isinstance(value, dict) and value.get("skipped") is True


class State:
    """One state of a service's machine.

    *entry* is what the flow file declares; a question of a group has its *group*, the loop
    question (*is_more*) has the group as its entry too. *step* is the question, None for a result
    and for the loop question, *field* the field type that reads the answer (the loop question is a
    yes or no), *params* are its settings.
    """

    def __init__(
        self, name: str, entry: Entry, applies: Condition, group: Group | None = None
    ) -> None:
        self.name = name
        self.entry = entry
        self.applies = applies
        self.group = group
        self.group_name = group.name if group else ""
        self.is_more = group is not None and entry is group
        self.is_result = isinstance(entry, Result)
        self.step = step = entry if isinstance(entry, Step) else None
        self.is_photo = step is not None and step.type == PHOTO
        self.is_optional = step is not None and step.optional
        self.field = FIELDS[step.type if step else "yes_no"]
        self.params: Any = step.params if step else YesNoParams()

    def answered(self, at: At) -> bool:
        """Whether the journey has an answer here, for the item at which *at* stands."""
        if self.is_more:
            return at.item + 1 < len(at.answers.get(self.group_name, ())) or (
                self.name in at.answers
            )
        answers = at.answers if self.group is None else at.item_of(self.group.name)
        name = self.entry.name
        return name in answers and not (self.is_photo and is_open(answers[name]))


class Service:
    """A flow compiled to a machine."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.derive: dict[str, Derived] = {
            name: derived(spec)[0] for name, spec in flow.derive.items()
        }
        self.money = _money(flow)
        self.states: dict[str, State] = {state.name: state for state in _states(flow)}
        self.steps: dict[str, str] = {
            state.entry.name: state.name for state in self.states.values() if state.step
        }
        self.flags: dict[str, Condition] = {
            name: condition(flag.when, flow.rules) for name, flag in flow.flags.items()
        }
        self.checks: dict[str, Condition] = {
            name: condition(point.when, flow.rules) for name, point in flow.checklist.items()
        }
        self.closings: dict[str, Condition] = {
            name: condition(one.when, flow.rules) for name, one in flow.closing.items()
        }
        self.edges = dict(edges(flow))
        self.before = dict(_before(flow))
        self.groups: dict[str, tuple[Group, Condition]] = {
            entry.name: (entry, condition(entry.when, flow.rules))
            for entry in flow.steps
            if isinstance(entry, Group)
        }
        self.first = next(iter(self.states), REVIEW)
        self.results = frozenset(name for name, state in self.states.items() if state.is_result)
        self.machine = _machine(self)

    def fire(self, at: At, trigger: str) -> Move:
        """Move *at* by *trigger*; raises `transitions.MachineError` where that is not a move."""
        source = at.state
        self.machine.events[trigger].trigger(at)
        return Move(self.flow.code, trigger, source, at.state)

    def onward(self, at: At) -> list[Move]:
        """From an answered question to the next one that is open, a result or the review."""
        moves = []
        while (state := self.states.get(at.state)) and state.answered(at):
            moves.append(self.fire(at, "next"))
        return moves

    def walk(self, at: At) -> list[tuple[str, int]]:
        """Put *at* where its answers lead; return the answered questions passed, with items.

        Nothing happens on this way, so it is looked up in the edges that the machine was made of.
        """
        at.state, at.item = self.first, 0
        path = []
        while (state := self.states.get(at.state)) and state.answered(at):
            path.append((at.state, at.item))
            for edge in self.edges[at.state]:  # the last one always holds
                if edge.holds(at):
                    break
            at.state = edge.dest
            if edge.item:
                at.item = edge.arrive(at.item)
        return path

    def is_result(self, state: str) -> bool:
        """Whether *state* is an early result."""
        return state in self.results

    @cached_property
    def transitions(self) -> tuple[tuple[str, str, str], ...]:
        """Every transition that can happen as (trigger, source, dest), in file order."""
        found: dict[tuple[str, str, str], None] = {}
        for trigger, event in self.machine.events.items():
            for source, moves in event.transitions.items():
                for move in moves:
                    found[(trigger, source, str(move.dest))] = None
        return tuple(one for one in found if one[0] != "next" or can_follow(self.flow, *one[1:]))


class Journeys:
    """All services by code, as declared and compiled, in the order of the menu."""

    def __init__(self, flows: Mapping[str, Flow]) -> None:
        self.flows = dict(sorted(flows.items(), key=lambda item: item[1].menu.order))
        self.services = {code: Service(flow) for code, flow in self.flows.items()}

    @cached_property
    def router(self) -> Router:
        """What finds the service, or the answer, that a message asks for."""
        return Router(self.flows)

    def coverage(self) -> dict[str, tuple[list[str], list[tuple[str, str, str]]]]:
        """By code: all states, and all transitions as (trigger, source, dest)."""
        return {
            code: ([*service.states, REVIEW], [*service.transitions])
            for code, service in self.services.items()
        }


def _money(flow: Flow) -> frozenset[str]:
    """The names of amounts of money: rules in rupiah, and what is computed from them."""
    found = {name for name, rule in flow.rules.items() if rule.unit == "rupiah"}
    needed = {name: derived(spec)[1] for name, spec in flow.derive.items()}
    while more := {name for name, names in needed.items() if found & {*names}} - found:
        found |= more
    return frozenset(found)


def _before(flow: Flow) -> Iterator[tuple[str, tuple[frozenset[str], tuple[Entry, ...]]]]:
    """By entry what comes before it: the names of questions that always apply, and the others."""
    sure: list[str] = []
    others: list[Entry] = []
    for entry in flow.steps:
        yield entry.name, (frozenset(sure), tuple(others))
        if isinstance(entry, Step) and not entry.when:
            sure.append(entry.name)
        elif not isinstance(entry, Result):
            others.append(entry)


def _states(flow: Flow) -> Iterator[State]:
    for entry in flow.steps:
        if not isinstance(entry, Group):
            yield State(entry.name, entry, condition(entry.when, flow.rules))
            continue
        for step in entry.steps:
            applies = condition(step.when, flow.rules)
            yield State(f"{entry.name}.{step.name}", step, applies, entry)
        if entry.max > 1:
            yield State(f"{entry.name}.{MORE}", entry, condition({}, flow.rules), entry)


def _machine(service: Service) -> Shared:
    machine = Shared(service.flow.code, [*service.states, REVIEW], "state")
    for source, onward in service.edges.items():
        for edge in onward:
            machine.add_transition(
                "next",
                source,
                edge.dest,
                conditions=list(edge.conditions),
                before=[_stepped(edge)] if edge.item else [],
            )
    for name, state in service.states.items():
        if not isinstance(state.entry, Result):
            machine.add_transition(f"edit_{name}", REVIEW, name)
    return machine


def _stepped(edge: Edge) -> Callable[[At], None]:
    def step(at: At) -> None:
        at.item = edge.arrive(at.item)

    return step
