"""How machines are built here: shared by all sessions, moved by their events, plain states."""

import logging
from collections.abc import Sequence
from typing import Any

from transitions import Event, Machine, MachineError, Transition

logging.getLogger("transitions").setLevel(logging.WARNING)  # it narrates every move at INFO


class Straight(Transition):
    """A transition between states that do nothing when they are left or entered.

    Its conditions, and what is done before it, are functions of the model. The library asks both
    states, the machine and the log what there is to do: a third of a turn.
    """

    conditions: list[Any]
    before: list[Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Raises ValueError for what would never be called: names, or what is done otherwise."""
        super().__init__(*args, **kwargs)
        called = [*(condition.func for condition in self.conditions), *self.before]
        if self.prepare or self.after or not all(map(callable, called)):
            move = f"from {self.source} to {self.dest}"
            raise ValueError(f"{move}: only functions as conditions, unless and before are called")

    def execute(self, model: Any) -> bool:
        """Whether all conditions hold for *model*; it is then made ready to move."""
        for condition in self.conditions:
            if bool(condition.func(model)) != condition.target:
                return False
        for callback in self.before:
            callback(model)
        return True


class Direct(Event):
    """An event of a machine that has no queue, and no callbacks of its own, to ask for."""

    def trigger(self, model: Any, *args: Any, **kwargs: Any) -> bool:
        """Move *model*; raises `transitions.MachineError` where that is not a move."""
        attribute = self.machine.model_attribute
        source = getattr(model, attribute)
        if source not in self.transitions:
            raise MachineError(f"{self.machine.name}no {self.name} from {source}")
        for move in self.transitions[source]:
            if move.execute(model):
                setattr(model, attribute, move.dest)
                return True
        return False


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
            name=name,
        )
