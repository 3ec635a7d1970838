"""YAML as plain text with line numbers, and structs filled from it: all problems at once."""

import difflib
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin

import msgspec
import yaml

from forms.language import LANGUAGES, Words
from forms.plain_yaml import PlainLoader

T = TypeVar("T", bound=msgspec.Struct)

Path = tuple[str, ...]

fields_of = cache(msgspec.structs.fields)
"""The fields of a struct: its annotations are evaluated once, not for every mapping."""

BOOLEANS = {"yes": True, "ya": True, "true": True, "no": False, "tidak": False, "false": False}


class Problem(msgspec.Struct, frozen=True, order=True):
    """One thing that is wrong with a file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass
class Source:
    """A file's text as plain data: every scalar is a str. Problems gather here."""

    file: str
    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, file: str, text: str) -> "Source":
        """Compose *text*; a syntax error becomes a problem."""
        source = cls(file)
        try:
            node = yaml.compose(text, Loader=PlainLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            source.problems.append(Problem(file, line, f"not YAML: {error.problem}"))
            return source
        source.data = source._plain(node, ()) if node else {}
        return source

    def refuse(self, path: Path, message: str) -> None:
        """Note a problem at the line where *path* (or the nearest part of it) stands."""
        self.problems.append(Problem(self.file, self.line(path), message))

    def line(self, path: Path) -> int:
        """The line where *path* stands, or that of the nearest around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def mapping(self, value: Any, path: Path) -> Mapping[str, Any]:
        """*value* as a mapping; a problem and an empty one where it is not."""
        if isinstance(value, dict):
            return value
        self.refuse(path, f"{path[-1] if path else 'the file'}: expected keys and values")
        return {}

    def known(self, keys: Iterable[str], allowed: Iterable[str], path: Path) -> None:
        """Refuse every key that is not allowed, with the nearest that is."""
        allowed = list(allowed)
        for key in keys:
            if key not in allowed:
                self.refuse((*path, key), f"unknown key {key!r}{nearest(key, allowed)}")

    def fill(self, cls: type[T], data: Any, path: Path, **given: Any) -> T | None:
        """A *cls* from a mapping, *given* fields apart; None where it cannot be made."""
        mapping = self.mapping(data, path)
        before = len(self.problems)
        fields = {f.encode_name: f for f in fields_of(cls) if f.name not in given}
        self.known(mapping, fields, path)
        values = dict(given)
        for key, info in fields.items():
            if key in mapping:
                values[info.name] = self.convert(info.type, mapping[key], (*path, key))
            elif info.required:
                self.refuse(path, f"{path[-1] if path else 'the file'}: {key!r} is missing")
        if len(self.problems) > before:
            return None
        try:
            return cls(**values)
        except ValueError as error:
            self.refuse(path, str(error))
            return None

    def convert(self, wanted: Any, value: Any, path: Path) -> Any:
        """*value* as the type *wanted*; a problem and None where it does not fit."""
        if isinstance(value, str) and (wanted is str or wanted == Words):
            return value
        if wanted == Words and isinstance(value, dict):
            self._in_languages(value, path)
        wanted = _pick(wanted, value)
        if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
            return self.fill(wanted, value, path)
        if get_origin(wanted) in (dict, Mapping) and isinstance(value, dict):
            inner = get_args(wanted)[1]
            return {key: self.convert(inner, item, (*path, key)) for key, item in value.items()}
        if get_origin(wanted) is tuple and isinstance(value, list):
            inner = get_args(wanted)[0]
            return tuple(self.convert(inner, item, (*path, str(n))) for n, item in enumerate(value))
        if wanted is bool and isinstance(value, str):
            value = BOOLEANS.get(value.lower(), value)
        try:
            return msgspec.convert(value, wanted, strict=False)
        except msgspec.ValidationError as error:
            self.refuse(path, f"{path[-1]}: {error}")
            return None

    def _in_languages(self, value: Mapping[str, Any], path: Path) -> None:
        """Refuse words without Indonesian, and those in a language that nobody can choose."""
        self.known(value, LANGUAGES, path)
        if "id" not in value:
            self.refuse(path, f"{path[-1]}: the Indonesian text (id) is missing")

    def _plain(self, node: yaml.Node, path: Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            found: dict[str, Any] = {}
            for key_node, value_node in node.value:
                key = str(key_node.value)
                inner = (*path, key)
                if key in found:
                    line = key_node.start_mark.line + 1
                    self.problems.append(Problem(self.file, line, f"{key!r} is written twice"))
                self.lines[inner] = key_node.start_mark.line + 1
                found[key] = self._plain(value_node, inner)
            return found
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, (*path, str(n))) for n, item in enumerate(node.value)]
        return str(node.value)


def nearest(word: str, known: Iterable[str]) -> str:
    """`` (did you mean 'x'?)`` where something known is spelled nearly so."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" (did you mean {found[0]!r}?)" if found else ""


def _pick(wanted: Any, value: Any) -> Any:
    """Of a union with a struct, the part that the shape of *value* asks for."""
    if get_origin(wanted) not in (Union, types.UnionType):
        return wanted
    structs = [
        part
        for part in get_args(wanted)
        if isinstance(part, type) and issubclass(part, msgspec.Struct)
    ]
    return structs[0] if structs and isinstance(value, dict) else wanted
