"""A machine drawn as Mermaid text."""

from collections.abc import Iterable

from flows.journey import Service
from flows.moves import REVIEW
from flows.session import MOVES
from flows.spec import Result


def service_graph(service: Service) -> str:
    """The questions of a service and the moves between them; `edit` moves are drawn once."""
    names = {name: name.replace(".", "__") for name in [*service.states, REVIEW]}
    lines = [f"    {names[name]}: {name}" for name in names if "." in name]
    lines.append(f"    [*] --> {names[service.first]}")
    for trigger, source, dest in service.transitions:
        if trigger == "next":
            holds = service.states[dest].entry.when if dest in service.states else {}
            label = f": {_when(holds)}" if holds else ""
            lines.append(f"    {names[source]} --> {names[dest]}{label}")
    ends = [name for name, state in service.states.items() if isinstance(state.entry, Result)]
    lines += [f"    {names[name]} --> [*]" for name in [*ends, REVIEW]]
    lines.append(f"    note right of {REVIEW}: edit_<question> leads back to each question")
    return _diagram(lines)


def session_graph() -> str:
    """The phases of a chat."""
    moves = [f"    {source} --> {dest}: {trigger}" for trigger, source, dest in MOVES]
    return _diagram(["    [*] --> menu", *moves])


def _when(when: dict[str, object]) -> str:
    return ", ".join(f"{name} = {_wanted(wanted)}" for name, wanted in when.items())


def _wanted(wanted: object) -> str:
    if isinstance(wanted, list):
        return " / ".join(wanted)
    if isinstance(wanted, dict):
        return " ".join(f"{name} {limit}" for name, limit in wanted.items())
    return str(wanted)


def _diagram(lines: Iterable[str]) -> str:
    return "\n".join(["stateDiagram-v2", *lines, ""])
