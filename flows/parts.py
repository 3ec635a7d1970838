"""What several services say word for word: steps, rules and documents of ``flows/parts.yaml``.

A flow file takes one with ``kota: {part: kota}``, from the section of the same name. What stands
beside ``part`` is said otherwise there: mappings are joined key by key, anything else replaces. A
new key comes behind the one before it (``{}`` leaves that one as it is), else at the end.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from flows.source import Problem, Source, nearest

FILE: Final = "parts.yaml"
TAKE: Final = "part"


@dataclass
class Parts:
    """The parts by section and name; *used* are those that a flow file took."""

    source: Source
    used: set[tuple[str, str]] = field(default_factory=set)

    @classmethod
    def read(cls, folder: Path, called: str = FILE) -> "Parts":
        """The parts of *folder*, none where it has no such file; problems name it as *called*."""
        file = folder / FILE
        return cls(Source.read(called, file.read_text("utf-8") if file.exists() else ""))

    def put_into(self, flow: Source) -> Source:
        """*flow* with every part in its place."""
        flow.data = self._put(flow, flow.data, ())
        return flow

    def unused(self) -> Iterator[Problem]:
        """Parts that no flow file took."""
        for section, named in self._sections().items():
            for name in named:
                if (section, name) not in self.used:
                    line = self.source.line((section, name))
                    yield Problem(self.source.file, line, f"no service takes the part {name!r}")

    def _sections(self) -> Mapping[str, Mapping[str, Any]]:
        return self.source.data or {}

    def _put(self, flow: Source, value: Any, path: tuple[str, ...]) -> Any:
        if not isinstance(value, dict):
            return value
        if TAKE in value and path:
            value = self._taken(flow, value, path)
        return {key: self._put(flow, inner, (*path, key)) for key, inner in value.items()}

    def _taken(self, flow: Source, value: Mapping[str, Any], path: tuple[str, ...]) -> Any:
        known = self._sections().get(path[0], {})
        name = value[TAKE]
        own = {key: inner for key, inner in value.items() if key != TAKE}
        if name not in known:
            flow.refuse((*path, TAKE), f"unknown part {name!r}{nearest(str(name), known)}")
            return own
        self.used.add((path[0], name))
        return _joined(known[name], own)


def _joined(part: Any, own: Any) -> Any:
    """*part* with what is said otherwise in *own*; what is new stands behind what precedes it."""
    if not isinstance(part, dict) or not isinstance(own, dict):
        return own
    order, place = list(part), len(part)
    for key in own:
        if key in part:
            place = order.index(key)
        else:
            order.insert(place + 1, key)
            place += 1
    changed = {key: _joined(part[key], own[key]) if key in part else own[key] for key in own}
    return {key: changed.get(key, part.get(key)) for key in order}
