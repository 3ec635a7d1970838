"""Flow files read and checked: everything wrong with any of them is said at once."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

import forms.types  # noqa: F401  fills the registry of field types
from flows.checking import Check
from flows.parts import Parts
from flows.source import Problem, Source, fields_of, nearest
from flows.spec import Entry, Flow, Group, Result, Step
from forms.fields import FIELDS

NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
TAKEN: Final = frozenset({"review", "more", "langkah", "today"})


class FlowErrors(ValueError):
    """Flow files that cannot be used; *problems* are all there are, in order of file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def load_all(folder: Path) -> dict[str, Flow]:
    """Every ``<code>_<name>.yaml`` of *folder* by code; raises `FlowErrors`."""
    flows: dict[str, Flow] = {}
    files: dict[str, str] = {}
    parts = Parts.read(folder)
    problems = [*parts.source.problems]
    for path in sorted(folder.glob("*_*.yaml")):
        flow, found = load(path.name, path.read_text(encoding="utf-8"), parts)
        problems += found
        if flow is not None and flow.code in flows:
            problems.append(Problem(path.name, 1, f"code {flow.code!r} is taken by another file"))
        elif flow is not None:
            flows[flow.code], files[flow.code] = flow, path.name
    if not problems:
        problems += [*_unknown_offers(flows, files), *parts.unused()]
    if problems:
        raise FlowErrors(problems)
    return flows


def _unknown_offers(flows: Mapping[str, Flow], files: Mapping[str, str]) -> Iterator[Problem]:
    """Results that offer a service which no file declares."""
    for code, flow in flows.items():
        for entry in flow.steps:
            for offered in entry.next if isinstance(entry, Result) else ():
                if offered not in flows:
                    hint = nearest(offered, flows)
                    yield Problem(files[code], 1, f"{entry.name}: no service {offered!r}{hint}")


def load(file: str, text: str, parts: Parts | None = None) -> tuple[Flow | None, list[Problem]]:
    """The flow that *text* declares, with the *parts* that it takes, and what is wrong with it."""
    source = Source.read(file, text)
    if parts is not None and not source.problems:
        parts.put_into(source)
    if source.problems:
        return None, source.problems
    data = dict(source.mapping(source.data, ()))
    declared = source.mapping(data.pop("steps", {}), ("steps",))
    entries = tuple(_entry(source, name, spec, ("steps", name)) for name, spec in declared.items())
    flow = source.fill(Flow, data, (), steps=entries, digest=digest(declared), uses={})
    if flow is None:
        return None, source.problems
    check = Check(source, flow)
    check.everything()
    if source.problems:
        return None, source.problems
    return msgspec.structs.replace(flow, uses=check.uses), []


def digest(steps: Mapping[str, Any]) -> str:
    """Twelve hexadecimal figures that change whenever the declared steps do."""
    text = json.dumps(steps, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _entry(source: Source, name: str, spec: Any, path: tuple[str, ...]) -> Entry:
    data = dict(source.mapping(spec, path))
    if "result" in data:
        result = source.fill(Result, data, path, name=_name(source, name, path))
        return result or Step(name, "", "-")
    if data.pop("type", "") != "group":
        return _step(source, name, spec, path)
    inner = source.mapping(data.pop("steps", {}), (*path, "steps"))
    steps = tuple(_step(source, key, inner[key], (*path, "steps", key)) for key in inner)
    group = source.fill(Group, data, path, name=_name(source, name, path), steps=steps)
    return group or Group(name, "-", steps)


def _step(source: Source, name: str, spec: Any, path: tuple[str, ...]) -> Step:
    """One question; where it cannot be made, a stand-in without params that others may name."""
    data = dict(source.mapping(spec, path))
    kind = str(data.get("type", ""))
    broken = Step(_name(source, name, path), "", "-")
    if kind not in FIELDS:
        source.refuse((*path, "type"), f"unknown type {kind!r}{nearest(kind, FIELDS)}")
        return broken
    wanted = FIELDS[kind].Params
    settings = {f.encode_name for f in fields_of(wanted)}
    own = {f.encode_name for f in fields_of(Step)} - settings - {"name", "params"}
    source.known(data, sorted(own | settings), path)
    params = source.fill(wanted, {k: v for k, v in data.items() if k in settings}, path)
    rest = {k: v for k, v in data.items() if k in own}
    return source.fill(Step, rest, path, name=name, params=params) or broken


def _name(source: Source, name: str, path: tuple[str, ...]) -> str:
    if not NAME.fullmatch(name) or name in TAKEN:
        source.refuse(path, f"{name!r} cannot be the name of a step")
    return name
