"""Answers that a file gives beforehand (rows of menus, sub-cases): options of choices only."""

from collections.abc import Mapping
from typing import Final

from flows.source import Source, nearest
from flows.spec import Flow, Step
from forms.types.choice import ChoiceParams, YesNoParams

YES_NO: Final = ("ya", "tidak")


def check(source: Source, flow: Flow, answers: Mapping[str, str], path: tuple[str, ...]) -> None:
    """Refuse every answer at *path* that the choices of *flow*, by state, do not offer."""
    choices = {name: options for name, step in flow.questions() if (options := _offers(step))}
    for state, value in answers.items():
        if state not in choices:
            source.refuse((*path, state), f"no choice {state!r}{nearest(state, choices)}")
        elif value not in choices[state]:
            near = nearest(value, choices[state])
            source.refuse((*path, state), f"{state}: unknown option {value!r}{near}")


def _offers(step: Step) -> tuple[str, ...]:
    """What can be picked at a question, nothing where it is no choice."""
    match step.params:
        case ChoiceParams(options=options):
            return tuple(options)
        case YesNoParams():
            return YES_NO
        case _:
            return ()
