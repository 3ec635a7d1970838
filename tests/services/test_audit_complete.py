"""Whatever an officer changes is in the audit: read from the code, so that a new verb is seen."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "services"
ACTING = {"officer", "by", "viewer"}
"""Parameters that name who acts; with the type `Officer`."""

OTHERWISE: Mapping[str, str] = {
    "leases.keep": "a sign of life; the claim is noted",
    "presence.look": "who looks at a page now",
    "reveals.turn_document": "which way up a picture is shown; opening it is noted",
    "sign_in.proved": "tries are counted; signing in is noted",
    "staff_links.make_code": "a code for oneself; linking a chat by it is noted",
    "staff_links.switch": "which alerts one gets",
    "unsent.announce": "what is said is noted by the verb that says it",
    "preferences.keep": "how one's own pages look",
    "sessions.touch": "when somebody was last there",
    "officers.keep_scope": "follows from role and branch, whose change is noted",
}
"""Verbs of officers that change something and note nothing, each with its reason."""


@dataclass
class Function:
    """What a function calls, by ``module.name``; whether it writes, notes, and is an officer's."""

    acts: bool = False
    writes: bool = False
    notes: bool = False
    calls: set[str] = field(default_factory=set)


def read() -> dict[str, Function]:
    """Every function of the services by ``module.name``."""
    return {
        f"{path.stem}.{name}": function
        for path in FOLDER.glob("*.py")
        for name, function in functions(path)
    }


def functions(path: Path) -> Iterator[tuple[str, Function]]:
    tree = ast.parse(path.read_text("utf-8"))
    known = dict(names(tree))
    for node in tree.body:
        if isinstance(node, ast.AsyncFunctionDef):
            yield node.name, function(node, path.stem, known)


def names(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """What imported names stand for: a module of the services, or a function in one."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module == "services":
            yield from ((one.asname or one.name, one.name) for one in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("services."):
            module = str(node.module).removeprefix("services.")
            yield from ((one.asname or one.name, f"{module}.{one.name}") for one in node.names)


def function(node: ast.AsyncFunctionDef, module: str, known: Mapping[str, str]) -> Function:
    found = Function()
    every = (*node.args.args, *node.args.kwonlyargs)
    found.acts = any(
        one.arg in ACTING
        and isinstance(one.annotation, ast.Name)
        and one.annotation.id == "Officer"
        for one in every
    )
    for call in (one for one in ast.walk(node) if isinstance(one, ast.Call)):
        match call.func:
            case ast.Attribute(value=ast.Name(id="tx"), attr="run" | "each"):
                found.writes = True
            case ast.Attribute(value=ast.Name(id="audit"), attr="note"):
                found.notes = True
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if name in known:
                found.calls.add(f"{known[name]}.{attr}")
            case ast.Name(id=name):
                found.calls.add(known.get(name, f"{module}.{name}"))
    return found


def reaches(start: str, what: str, known: Mapping[str, Function]) -> bool:
    """Whether *start*, or anything that it calls, does *what*."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in known or name == "audit.note":
            continue
        seen.add(name)
        if getattr(known[name], what):
            return True
        waiting += known[name].calls
    return False


def silent(known: Mapping[str, Function]) -> set[str]:
    """Public verbs of officers that change something of which the audit hears nothing."""
    return {
        name
        for name, one in known.items()
        if one.acts
        and not name.partition(".")[2].startswith("_")
        and reaches(name, "writes", known)
        and not reaches(name, "notes", known)
    }


def test_every_change_of_an_officer_is_noted() -> None:
    found = silent(read())

    assert found - OTHERWISE.keys() == set(), "note it, or say why not in OTHERWISE"
    assert OTHERWISE.keys() - found == set(), "these need no reason"


@pytest.mark.parametrize(
    "verb",
    [
        *("queue.claim", "queue.claim_next", "queue.release", "queue.transfer"),
        *("conversation.reply", "conversation.note", "corrections.ask_correction"),
        *("endings.finish", "endings.refuse", "reopening.reopen", "checklist.tick"),
        *("reveals.reveal", "reveals.open_document", "reveals.take_report"),
        *("exports.take", "trail.take", "calendar_changes.change", "sessions.begin"),
    ],
)
def test_the_verbs_that_matter_are_seen_and_noted(verb: str) -> None:
    known = read()

    assert known[verb].acts
    assert reaches(verb, "notes", known)


def test_a_verb_that_changes_something_silently_is_found() -> None:
    known = {
        "new.rename": Function(acts=True, calls={"new._write"}),
        "new._write": Function(writes=True),
        "new.rename_noted": Function(acts=True, calls={"new._write", "requests.record"}),
        "requests.record": Function(notes=True),
        "new.look": Function(acts=True),
    }

    assert silent(known) == {"new.rename"}
