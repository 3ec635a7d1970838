"""The pages of docs/flows: services with their machines, phases of a chat, life of a request."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from flows.graph import service_graph, session_graph
from flows.journey import Journeys, Service
from flows.load import load_all
from flows.spec import Flow, Group, Result, Step, When
from forms.language import words
from services.request_life import MOVES

FOLDER: Final = Path("docs") / "flows"
MADE: Final = "<!-- Made by `python3 bot.py graph` from what is declared; do not edit. -->"


def pages(root: Path) -> dict[str, str]:
    """Every page by its name without ``.md``; raises `flows.load.FlowErrors`."""
    journeys = Journeys(load_all(root / "flows"))
    found = {code: _service(flow, journeys) for code, flow in journeys.flows.items()}
    found["session"] = _page("The phases of a chat", [_mermaid(session_graph())])
    found["request"] = _page("The life of a request", [_mermaid(request_graph())])
    found["README"] = _page("Flows", _index())
    return found


def request_graph() -> str:
    """Which status of a request may follow which."""
    moves = [
        f"    {source} --> {target}: {verb}"
        for verb, sources, target in MOVES
        for source in sources
    ]
    return "\n".join(["stateDiagram-v2", "    [*] --> waiting: file", *moves, ""])


def _index() -> Iterator[str]:
    """Names no service: a new one adds its page and changes none."""
    yield "One page for each service, named by its letter: questions, rules, documents, machine."
    yield "The [phases of a chat](session.md) and the [life of a request](request.md) are shared."


def _service(flow: Flow, journeys: Journeys) -> str:
    title = f"{flow.code}: {words(flow.title)}"
    source = f"Source: {flow.source.key}, {flow.source.date}."
    return _page(title, [source, *_sections(flow, journeys.services[flow.code])])


def _sections(flow: Flow, service: Service) -> Iterator[str]:
    yield "## Questions"
    yield _table(("state", "question", "type", "asked when"), _questions(flow))
    yield "## Early results"
    yield _table(
        ("state", "result", "when", "source"),
        [
            (
                entry.name,
                entry.result,
                _when(entry.when),
                f"{entry.source.key}, {entry.source.date}",
            )
            for entry in flow.steps
            if isinstance(entry, Result)
        ],
    )
    yield "## Rules"
    yield _table(
        ("rule", "value", "source", "meaning"),
        [
            (
                name,
                f"{rule.value} {rule.unit}".strip(),
                _sourced(rule.source, rule.date, rule.verified),
                rule.note,
            )
            for name, rule in flow.rules.items()
        ],
    )
    yield "## Documents"
    yield _table(
        ("document", "must be legible", "source"),
        [
            (
                words(paper.name),
                words(paper.readable),
                _sourced(paper.source, paper.date, paper.verified),
            )
            for paper in flow.documents.values()
        ],
    )
    yield "## What the officer is warned of"
    yield _table(
        ("flag", "when", "sentence"),
        [
            (name, _when(flag.when), f"{flag.say} (urgent)" if flag.urgent else flag.say)
            for name, flag in flow.flags.items()
        ],
    )
    yield "## Machine"
    yield _mermaid(service_graph(service))


def _questions(flow: Flow) -> Iterator[tuple[str, ...]]:
    for entry in flow.steps:
        if isinstance(entry, Step):
            yield _question(entry.name, entry)
        elif isinstance(entry, Group):
            for step in entry.steps:
                yield _question(f"{entry.name}.{step.name}", step, entry.when)
            if entry.max > 1:
                more = words(entry.more)
                yield f"{entry.name}.more", more, "yes_no", f"{entry.min} to {entry.max} items"


def _question(state: str, step: Step, outer: When | None = None) -> tuple[str, ...]:
    ask = " ".join(words(step.ask).split())
    kind = f"{step.type}, optional" if step.optional else step.type
    return (
        state,
        "one branch to confirm, or several" if "{%" in ask else ask,
        kind,
        _when({**(outer or {}), **step.when}),
    )


def _when(when: Mapping[str, object]) -> str:
    return ", ".join(f"{name}: {_wanted(wanted)}" for name, wanted in when.items()) or "always"


def _wanted(wanted: object) -> str:
    if isinstance(wanted, list):
        return " or ".join(wanted)
    if isinstance(wanted, dict):
        return " ".join(f"{name.replace('_', ' ')} {limit}" for name, limit in wanted.items())
    return str(wanted)


def _sourced(source: str, day: str, verified: bool) -> str:
    return f"{source}, {day}" + ("" if verified else " (not verified)")


def _page(title: str, sections: Iterator[str] | list[str]) -> str:
    return "\n\n".join([MADE, f"# {title}", *sections]) + "\n"


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]] | list[tuple[str, ...]]) -> str:
    lines = [" | ".join(cell.replace("|", "/").replace("\n", " ") for cell in row) for row in rows]
    if not lines:
        return "None."
    return "\n".join(
        f"| {line} |" for line in [" | ".join(head), "|".join(["---"] * len(head)), *lines]
    )


def _mermaid(text: str) -> str:
    return f"```mermaid\n{text.rstrip()}\n```"
