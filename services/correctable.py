"""Which answers of a request can be asked for again."""

from collections.abc import Mapping

from services.requests import Request


def correctable(steps: Mapping[str, str], request: Request) -> Mapping[str, str]:
    """``state:item`` of every answer and its label; *steps* are the labels by state, in order."""
    found: dict[str, str] = {}
    for state, label in steps.items():
        group, _, step = state.rpartition(".")
        items = request.answers.get(group, ()) if group else (request.answers,)
        for item, answers in enumerate(items):
            if step in answers:
                found[f"{state}:{item}"] = f"{label} ({item + 1})" if group else label
    return found
