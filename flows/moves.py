"""The moves from each question of a flow to the next: what a machine is compiled from."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from flows.conditions import Condition, condition
from flows.spec import Entry, Flow, Group, Result, Step

REVIEW: Final = "review"
MORE: Final = "more"


class Edge(NamedTuple):
    """One possible `next` move: taken when all conditions hold; *item* is added to the item."""

    dest: str
    conditions: tuple[Condition, ...] = ()
    item: int = 0

    def holds(self, at: Any) -> bool:
        """Whether it can be taken from where *at* stands."""
        return not self.conditions or all(holds(at) for holds in self.conditions)

    def arrive(self, item: int) -> int:
        """The item at which one is after this move from *item*."""
        return 0 if self.item == LEAVE else item + self.item


def edges(flow: Flow) -> Iterator[tuple[str, list[Edge]]]:
    """From every question the moves that can happen, in the order in which they are tried."""
    for n, entry in enumerate(flow.steps):
        if isinstance(entry, Step):
            yield entry.name, list(_after(flow, n))
        elif isinstance(entry, Group):
            done = _item_done(entry, list(_after(flow, n)))
            for k, step in enumerate(entry.steps):
                name = f"{entry.name}.{step.name}"
                ends = [Edge(end.name, _conditions(flow, end), LEAVE) for end in ending(flow, name)]
                siblings = _siblings(flow, entry, k + 1)
                yield name, [*ends, *_until_sure(siblings, done)]
            if entry.max > 1:
                another = Edge(_entrance(entry), (_has_another(entry.name),), 1)
                outward = [edge._replace(item=LEAVE) for edge in _after(flow, n)]
                yield f"{entry.name}.{MORE}", [another, *outward]


LEAVE: Final = -1
"""As the item of an edge: it leaves the group."""


def _after(flow: Flow, n: int) -> Iterator[Edge]:
    """The moves to what comes after the entry *n*: up to the first that always applies."""
    entries = [entry for entry in flow.steps[n + 1 :] if not _is_inner(entry)]
    return _until_sure(
        (Edge(_entrance(entry), _conditions(flow, entry)) for entry in entries), [Edge(REVIEW)]
    )


def ending(flow: Flow, state: str) -> list[Entry]:
    """The results that the answer at *state*, a question of a group, leads to at once."""
    return [entry for entry in flow.steps if _is_inner(entry) and state in entry.when]


def _is_inner(entry: Entry) -> bool:
    """Whether *entry* is a result that only a question of a group leads to."""
    return isinstance(entry, Result) and any("." in name for name in entry.when)


def _siblings(flow: Flow, group: Group, first: int) -> Iterator[Edge]:
    for step in group.steps[first:]:
        yield Edge(f"{group.name}.{step.name}", _conditions(flow, step))


def _conditions(flow: Flow, entry: Entry) -> tuple[Condition, ...]:
    return (condition(entry.when, flow.rules),) if entry.when else ()


def _until_sure(edges: Iterable[Edge], otherwise: Iterable[Edge]) -> Iterator[Edge]:
    for edge in edges:
        yield edge
        if not edge.conditions:
            return
    yield from otherwise


def _item_done(group: Group, outward: list[Edge]) -> list[Edge]:
    """Where the last question of an item leads: more items, the loop question, or onward."""
    leave = [edge._replace(item=LEAVE) for edge in outward]
    if group.max == 1:
        return leave
    edges = []
    if group.min > 1:
        edges.append(Edge(_entrance(group), (lambda at: at.item + 1 < group.min,), 1))
    full = _is_full(group.max)
    edges += [edge._replace(conditions=(full, *edge.conditions)) for edge in leave]
    return [*edges, Edge(f"{group.name}.{MORE}")]


def _entrance(entry: Entry) -> str:
    return f"{entry.name}.{entry.steps[0].name}" if isinstance(entry, Group) else entry.name


def _has_another(group: str) -> Condition:
    return lambda at: at.item + 1 < len(at.answers.get(group, ()))


def _is_full(most: int) -> Condition:
    return lambda at: at.item + 1 >= most
