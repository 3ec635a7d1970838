"""The life of a request: which status may follow which, as one `transitions` machine.

Every move that is not listed here is refused.
"""

from dataclasses import dataclass
from typing import Any

from transitions import Machine, MachineError

from services.refusals import Refused

STATUSES = (
    "waiting",
    "claimed",
    "needs_correction",
    "done",
    "refused",
    "withdrawn",
    "expired",
)

MOVES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("claim", ("waiting",), "claimed"),
    ("take_over", ("claimed",), "claimed"),
    ("release", ("claimed", "needs_correction"), "waiting"),
    ("lapse", ("claimed",), "waiting"),
    ("reply", ("claimed",), "claimed"),
    ("reply", ("needs_correction",), "needs_correction"),
    ("hand_over", ("claimed",), "claimed"),
    ("hand_over", ("needs_correction",), "needs_correction"),
    ("ask_correction", ("claimed",), "needs_correction"),
    ("correct", ("needs_correction",), "claimed"),
    ("requeue", ("needs_correction",), "waiting"),
    ("transfer", ("waiting", "claimed", "needs_correction"), "waiting"),
    ("finish", ("claimed",), "done"),
    ("refuse", ("claimed",), "refused"),
    ("withdraw", ("waiting", "claimed", "needs_correction"), "withdrawn"),
    ("expire", ("needs_correction",), "expired"),
    ("reopen", ("done", "refused", "expired"), "waiting"),
)


@dataclass
class _Life:
    state: str


def _compile() -> Machine:
    machine = Machine(model=None, states=list(STATUSES), initial="waiting", auto_transitions=False)
    for verb, sources, target in MOVES:
        machine.add_transition(verb, list(sources), target)
    return machine


MACHINE: Any = _compile()


def move(status: str, verb: str) -> str:
    """The status after *verb*; raises `Refused` when *status* does not allow it."""
    life = _Life(status)
    try:
        MACHINE.events[verb].trigger(life)
    except MachineError:
        raise Refused("petugas.tidak_bisa", status=status) from None
    return life.state
