"""What conversations covered of the machines: states, transitions, and the ones that are missing.

A service's row counts next, early result, edit and group moves; words that are valid everywhere
(menu, batal, 0, bantuan, status) count once, in the session's row.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from flows.journey import Journeys, Move
from flows.session import MOVES, PHASES
from forms.language import words

SESSION: Final = "session"

LEAST_STATES: Final = 1.0
LEAST_TRANSITIONS: Final = 0.95

Transition = tuple[str, str, str]


class Row(msgspec.Struct, frozen=True):
    """One machine: how much of it was covered, and what was not."""

    machine: str
    title: str
    states: int
    transitions: int
    missing_states: tuple[str, ...]
    missing_transitions: tuple[Transition, ...]

    @property
    def states_share(self) -> float:
        return 1 - len(self.missing_states) / self.states

    @property
    def transitions_share(self) -> float:
        return 1 - len(self.missing_transitions) / self.transitions

    @property
    def enough(self) -> bool:
        """Whether a suite may stop here."""
        return self.states_share >= LEAST_STATES and self.transitions_share >= LEAST_TRANSITIONS


def rows(journeys: Journeys, moves: Iterable[Move]) -> list[Row]:
    """One row for each service that exists here, then the session's."""
    taken = {(move.machine, move.trigger, move.source, move.dest) for move in moves}
    found = [
        _row(code, words(journeys.flows[code].title), states, transitions, taken)
        for code, (states, transitions) in journeys.coverage().items()
    ]
    return [*found, _row(SESSION, "Percakapan", PHASES, MOVES, taken)]


def _row(
    machine: str,
    title: str,
    states: Sequence[str],
    transitions: Sequence[Transition],
    taken: set[tuple[str, str, str, str]],
) -> Row:
    own = {(trigger, source, dest) for name, trigger, source, dest in taken if name == machine}
    seen = {states[0]} if own else set()
    seen |= {state for _, source, dest in own for state in (source, dest)}
    return Row(
        machine,
        title,
        len(states),
        len(transitions),
        tuple(state for state in states if state not in seen),
        tuple(one for one in transitions if one not in own),
    )
