"""Which answers of a request can be asked for again."""

from collections.abc import Mapping

from services.refusals import Refused
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


def place_of(chosen: str, steps: Mapping[str, str], request: Request) -> tuple[str, int]:
    """The state and item that *chosen* names, such as ``nik:0``.

    Raises `Refused` (``konsol.pilihan``) for what `correctable` does not offer.
    """
    if chosen not in correctable(steps, request):
        raise Refused("konsol.pilihan")
    state, _, item = chosen.rpartition(":")
    return state, int(item)
