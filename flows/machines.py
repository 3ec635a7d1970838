"""How machines are built here: shared by all sessions, moved by their events, plain states."""

import logging
from collections.abc import Sequence
from typing import Any

from transitions import Event, EventData, Machine, Transition

logging.getLogger("transitions").setLevel(logging.WARNING)  # it narrates every move at INFO


class Straight(Transition):
    """A transition between states that do nothing when they are left or entered.

    The library asks both states, the machine and the log what there is to do: a third of a turn.
    """

    def execute(self, event_data: Any) -> bool:
        """Move the model if all conditions hold; whether it moved."""
        if not self._eval_conditions(event_data):
            return False
        for callback in self.before:
            event_data.machine.callback(callback, event_data)
        setattr(event_data.model, event_data.machine.model_attribute, self.dest)
        return True


class Direct(Event):
    """An event of a machine that has no queue, and no callbacks of its own, to ask for."""

    def trigger(self, model: Any, *args: Any, **kwargs: Any) -> bool:
        """Move *model*; raises `transitions.MachineError` where that is not a move."""
        state = self.machine.get_model_state(model)
        self._is_valid_source(state)
        data = EventData(state, self, self.machine, model, args, kwargs)
        return any(move.execute(data) for move in self.transitions[state.name])


class Shared(Machine):
    """One machine for all models: they are handed to its events and never registered."""

    event_cls = Direct
    transition_cls = Straight

    def __init__(self, name: str, states: Sequence[str], attribute: str) -> None:
        """*attribute* of a model names its state."""
        super().__init__(
            model=None,
            states=list(states),
            initial=states[0],
            model_attribute=attribute,
            auto_transitions=False,
            send_event=True,
            name=name,
        )
