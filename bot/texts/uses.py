"""Which sentences the code says, and with which values: read from its syntax, never run."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

PACKAGES: Final = ("flows", "forms", "services", "bot")

SAYING: Final = frozenset({"Say", "Invalid", "Unsure", "Offer", "Refused", "say", "put"})
"""Calls whose text argument with a dot is the key of a sentence."""


class Use(msgspec.Struct, frozen=True):
    """A sentence that is said at a place by a *call*.

    *values* are given; None when the syntax hides them.
    """

    file: str
    line: int
    key: str
    values: frozenset[str] | None
    call: str = ""


class Uses(msgspec.Struct, frozen=True):
    """All that the code says. *words* are all its texts, *stems* beginnings of composed keys."""

    said: tuple[Use, ...]
    words: frozenset[str]
    stems: frozenset[str]

    def mentions(self, key: str) -> bool:
        """Whether *key* occurs in the code, whole or composed from a stem that ends with a dot."""
        return key in self.words or any(key.startswith(stem) for stem in self.stems)

    def refusals(self) -> frozenset[str]:
        """The sentences that refuse an officer's action, and are said nowhere else."""
        refusing = {use.key for use in self.said if use.call == "Refused"}
        return frozenset(refusing - {use.key for use in self.said if use.call != "Refused"})


def uses(root: Path) -> Uses:
    """Read every module of the packages that say something."""
    said: list[Use] = []
    words: set[str] = set()
    stems: set[str] = set()
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            said += _said(path.relative_to(root).as_posix(), tree)
            words |= {n.value for n in ast.walk(tree) if _is_text(n)}  # type: ignore[attr-defined]
            stems |= set(_stems(tree))
    return Uses(tuple(said), frozenset(words), frozenset(stems))


def _said(file: str, tree: ast.AST) -> Iterator[Use]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in SAYING:
            for argument in node.args:
                if isinstance(argument, ast.Constant) and _is_key(argument.value):
                    key, values = str(argument.value), _values(node, argument)
                    yield Use(file, node.lineno, key, values, _name(node.func))


def _values(call: ast.Call, key: ast.Constant) -> frozenset[str] | None:
    """The names that a call gives by keyword or in a literal mapping after the key."""
    given = {keyword.arg for keyword in call.keywords if keyword.arg}
    if len(given) < len(call.keywords):
        return None
    for argument in call.args[call.args.index(key) + 1 :][:1]:
        if not isinstance(argument, ast.Dict):
            return None
        for name in argument.keys:
            if not isinstance(name, ast.Constant):
                return None
            given.add(str(name.value))
    return frozenset(given)


def _stems(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and node.values and _is_text(node.values[0]):
            stem = str(node.values[0].value)  # type: ignore[attr-defined]
            if stem.endswith(".") and stem[:-1].isidentifier():
                yield stem


def _name(func: ast.expr) -> str:
    if isinstance(func, ast.Attribute):
        return func.attr
    return func.id if isinstance(func, ast.Name) else ""


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_key(value: object) -> bool:
    parts = value.split(".") if isinstance(value, str) else ()
    return len(parts) > 1 and all(part.isidentifier() and part.islower() for part in parts)
