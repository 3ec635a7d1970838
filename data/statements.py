"""Named SQL statements: read from ``data/sql/*.sql``, compiled for one engine.

A file is a row of blocks with an empty line between them. A block begins with
``-- name: what it does``; the rest is one statement with ``:name`` parameters, the same text for
both engines. ``-- name@postgres: ...`` is the form that only PostgreSQL gets. ``{name}`` stands for
the statement of that name, or for a ``-- part name: ...``, which is none by itself.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from operator import itemgetter
from pathlib import Path
from typing import Any

import msgspec

FOLDER = Path(__file__).parent / "sql"
MARKS = {"sqlite": "?", "postgres": "$"}
"""By engine: what stands before the number of a parameter."""

_HEADER = re.compile(r"-- (?P<part>part )?(?P<name>[a-z][a-z0-9_]*)(?:@(?P<engine>[a-z]+))?: \S.*")
_PART = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_PARAMETER = re.compile(r"'(?:[^']|'')*'|--[^\n]*|::|:(?P<name>[a-z_][a-z0-9_]*)")


class BadStatement(ValueError):
    """A statement file that cannot be used, or a call that does not fit its statement."""


class Statement(msgspec.Struct, frozen=True, dict=True):
    """One compiled statement: its text for the engine and the order of its parameters."""

    name: str
    sql: str
    parameters: tuple[str, ...]

    @cached_property
    def pick(self) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
        """Takes the arguments out of a mapping, in their order; raises KeyError."""
        return _picker(self.parameters)

    def arguments(self, values: Mapping[str, Any]) -> Sequence[Any]:
        """*values* in the order of the parameters; a missing or unknown one is refused by name."""
        try:
            found = self.pick(values)
        except KeyError as missing:
            raise BadStatement(f"{self.name} needs the value {missing}") from None
        if len(values) != len(self.parameters):
            unknown = sorted(set(values) - set(self.parameters))
            raise BadStatement(f"{self.name} does not know {', '.join(unknown)}")
        return found


def _picker(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """Takes the values of *names* out of a mapping; raises KeyError."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: [values[name] for name in names]


class Statements(dict[str, Statement]):
    """Every statement of one engine by its name."""

    def __missing__(self, name: str) -> Statement:
        raise BadStatement(f"no statement is named {name}")


@cache
def load(engine: str, folder: Path = FOLDER) -> Statements:
    """Compile the statements of *folder* for *engine* (``sqlite`` or ``postgres``).

    Raises `BadStatement` naming file and line for a block without a name, an unknown engine and a
    name that is given twice.
    """
    texts: dict[tuple[str, str | None], str] = {}
    parts: set[str] = set()
    for path in sorted(folder.glob("*.sql")):
        for line, block in _blocks(path.read_text(encoding="utf-8")):
            where = f"{path.name}:{line}"
            head, _, body = block.partition("\n")
            header = _HEADER.fullmatch(head)
            if header is None or not body.strip():
                raise BadStatement(f"{where}: a block is '-- name: what it does' and a statement")
            key = (header["name"], header["engine"])
            if key[1] not in (None, *MARKS):
                raise BadStatement(f"{where}: no engine is named {key[1]}")
            if key in texts:
                raise BadStatement(f"{where}: {key[0]} is there twice")
            texts[key] = body
            if header["part"]:
                parts.add(key[0])
    chosen = {name: text for (name, only), text in texts.items() if only is None}
    chosen |= {name: text for (name, only), text in texts.items() if only == engine}

    def whole(name: str) -> str:
        return _PART.sub(lambda part: whole(part[1]), chosen[name])

    return Statements({name: _compile(name, whole(name), engine) for name in chosen.keys() - parts})


def _blocks(text: str) -> list[tuple[int, str]]:
    """The blocks of a file, each with the number of its first line."""
    return [
        (text.count("\n", 0, match.start()) + 1, match[0])
        for match in re.finditer(r"^\S.*(?:\n.*\S.*)*", text, re.MULTILINE)
    ]


def _compile(name: str, text: str, engine: str) -> Statement:
    order: list[str] = []

    def place(match: re.Match[str]) -> str:
        parameter = match["name"]
        if parameter is None:
            return match[0]
        if parameter not in order:
            order.append(parameter)
        return f"{MARKS[engine]}{order.index(parameter) + 1}"

    sql = _PARAMETER.sub(place, text)
    return Statement(name, sql.strip(), tuple(order))
