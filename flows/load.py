"""Flow files read and checked: everything wrong with any of them is said at once."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import msgspec
from jinja2 import Environment, TemplateSyntaxError, meta

import forms.types  # noqa: F401  fills the registry of field types
from flows.conditions import check, derived
from flows.reachable import can_apply
from flows.source import Problem, Source, nearest
from flows.spec import Entry, Flow, Group, Result, Step, Words
from forms.fields import FIELDS
from forms.typed import Typed

RESULTS: Final = ("referral", "not_yet", "not_eligible")
NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
TAKEN: Final = frozenset({"review", "more", "langkah", "today"})
REFERENCES: Final = ("from", "regency", "differs")
"""Settings of field types that name an earlier step."""

JINJA: Final = Environment(autoescape=False)  # noqa: S701  only parsed here, never rendered


class FlowErrors(ValueError):
    """Flow files that cannot be used; *problems* are all there are, in order of file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def load_all(folder: Path) -> dict[str, Flow]:
    """Every ``<code>_<name>.yaml`` of *folder* by code; raises `FlowErrors`."""
    flows: dict[str, Flow] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*_*.yaml")):
        flow, found = load(path.name, path.read_text(encoding="utf-8"))
        problems += found
        if flow is not None and flow.code in flows:
            problems.append(Problem(path.name, 1, f"code {flow.code!r} is taken by another file"))
        elif flow is not None:
            flows[flow.code] = flow
    if problems:
        raise FlowErrors(problems)
    return flows


def load(file: str, text: str) -> tuple[Flow | None, list[Problem]]:
    """The flow that *text* declares, and what is wrong with it."""
    source = Source.read(file, text)
    if source.problems:
        return None, source.problems
    data = dict(source.mapping(source.data, ()))
    declared = source.mapping(data.pop("steps", {}), ("steps",))
    entries = tuple(_entry(source, name, spec, ("steps", name)) for name, spec in declared.items())
    flow = source.fill(Flow, data, (), steps=entries, digest=digest(declared), uses={})
    if flow is None:
        return None, source.problems
    _Review(source, flow).everything()
    uses = {key: _names(sentence) for key, sentence in flow.sentences()}
    if source.problems:
        return None, source.problems
    return msgspec.structs.replace(flow, uses=uses), []


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
    settings = {f.encode_name for f in msgspec.structs.fields(wanted)}
    own = {f.encode_name for f in msgspec.structs.fields(Step)} - settings - {"name", "params"}
    source.known(data, sorted(own | settings), path)
    params = source.fill(wanted, {k: v for k, v in data.items() if k in settings}, path)
    rest = {k: v for k, v in data.items() if k in own}
    return source.fill(Step, rest, path, name=name, params=params) or broken


def _name(source: Source, name: str, path: tuple[str, ...]) -> str:
    if not NAME.fullmatch(name) or name in TAKEN:
        source.refuse(path, f"{name!r} cannot be the name of a step")
    return name


def _names(sentence: Words) -> tuple[str, ...]:
    texts = [sentence] if isinstance(sentence, str) else sentence.values()
    found = set[str]()
    for text in texts:
        try:
            found |= meta.find_undeclared_variables(JINJA.parse(text))
        except TemplateSyntaxError:
            continue
    return tuple(sorted(found))


@dataclass
class _Review:
    """What only shows when a whole file is read."""

    source: Source
    flow: Flow
    earlier: dict[str, Entry] = field(default_factory=dict)

    def everything(self) -> None:
        if bool(self.flow.steps) == bool(self.flow.elsewhere):
            self.source.refuse((), "a service has either steps or the sentence 'elsewhere'")
        if not self.flow.steps:
            return
        if not self.flow.report:
            self.source.refuse((), "'report' is missing")
        self._one_branch()
        self._derived()
        for entry in self.flow.steps:
            self._entry(entry, ("steps", entry.name))
            self.earlier[entry.name] = entry
        for name, flag in self.flow.flags.items():
            self._when(flag.when, ("flags", name, "when"))
        self._sentences()

    def _one_branch(self) -> None:
        branches = [name for name, step in self.flow.questions() if step.type == "branch"]
        if len(branches) != 1:
            found = f"found {', '.join(branches)}" if branches else "there is none"
            self.source.refuse(("steps",), f"exactly one step of type branch is needed; {found}")

    def _derived(self) -> None:
        known = {name for name, _ in self.flow.questions()}
        for name, spec in self.flow.derive.items():
            path = ("derive", name)
            try:
                _, needed = derived(spec)
            except (ValueError, TypeError) as error:
                self.source.refuse(path, str(error))
                continue
            reach = known | set(self.flow.derive) | set(self.flow.rules) | {"today"}
            for other in needed:
                if other not in reach:
                    self.source.refuse(path, f"unknown step {other!r}{nearest(other, reach)}")
            if name in needed or name in known:
                self.source.refuse(path, f"{name!r} is also a step, or computed from itself")
            if any(
                list(self.flow.derive).index(o) >= list(self.flow.derive).index(name)
                for o in needed
                if o in self.flow.derive and o != name
            ):
                self.source.refuse(path, f"{name!r} is computed from a value declared later")

    def _entry(self, entry: Entry, path: tuple[str, ...]) -> None:
        if entry.when:
            if not self.earlier:
                self.source.refuse(path, "the first step cannot have a condition")
            self._when(entry.when, (*path, "when"))
            if not can_apply(entry, self.earlier, self.flow.rules):
                self.source.refuse((*path, "when"), "this can never hold: nothing leads here")
        if isinstance(entry, Step):
            self._step(entry, path)
        elif isinstance(entry, Group):
            self._group(entry, path)
        else:
            self._result(entry, path)

    def _result(self, entry: Result, path: tuple[str, ...]) -> None:
        if entry.result not in RESULTS:
            hint = nearest(entry.result, RESULTS)
            self.source.refuse((*path, "result"), f"unknown result {entry.result!r}{hint}")
        if not entry.when:
            self.source.refuse(path, "a result needs a condition: nothing after it is reached")
        self._said(entry.say, (*path, "say"))

    def _group(self, group: Group, path: tuple[str, ...]) -> None:
        if not group.steps:
            self.source.refuse(path, "a group needs steps")
        elif group.steps[0].when:
            self.source.refuse(path, "the first step of a group cannot have a condition")
        if not 1 <= group.min <= group.max:
            self.source.refuse(path, "a group needs 1 <= min <= max")
        self._said(group.more, (*path, "more"))
        outer = dict(self.earlier)
        for step in group.steps:
            inner = (*path, "steps", step.name)
            if step.name in {name for name, _ in self.flow.questions()}:
                self.source.refuse(inner, f"{step.name!r} is also the name of an outer step")
            if step.when:
                self._when(step.when, (*inner, "when"))
                if not can_apply(step, self.earlier, self.flow.rules):
                    self.source.refuse((*inner, "when"), "this can never hold: nothing leads here")
            self._step(step, inner)
            self.earlier[step.name] = step
        self.earlier.clear()
        self.earlier.update(outer)

    def _step(self, step: Step, path: tuple[str, ...]) -> None:
        if step.params is None:
            return
        self._said(step.ask, (*path, "ask"))
        document = getattr(step.params, "document", None)
        if document is not None and document not in self.flow.documents:
            hint = nearest(document, self.flow.documents)
            self.source.refuse((*path, "document"), f"unknown document {document!r}{hint}")
        for key, name in self._references(step):
            if name and name not in self.earlier:
                self._not_earlier(name, (*path, key))
        for value, option in getattr(step.params, "options", {}).items():
            for name in option.redo:
                if name not in self.earlier:
                    self._not_earlier(name, (*path, "options", value, "redo"))

    def _references(self, step: Step) -> Iterator[tuple[str, str]]:
        for info in msgspec.structs.fields(step.params):
            if info.encode_name in REFERENCES:
                yield info.encode_name, getattr(step.params, info.name)

    def _when(self, when: Mapping[str, Any], path: tuple[str, ...]) -> None:
        for name, wanted in when.items():
            entry = self.earlier.get(name)
            if name in self.flow.derive:
                self._derived_earlier(name, (*path, name))
            elif not isinstance(entry, Step):
                self._not_earlier(name, (*path, name))
            else:
                self._declared(entry, wanted, (*path, name))
            try:
                check(wanted, self.flow.rules)
            except ValueError as error:
                self.source.refuse((*path, name), f"{name}: {error}")

    def _declared(self, step: Step, wanted: Any, path: tuple[str, ...]) -> None:
        """Whether the values that a condition names are options of the step."""
        options = getattr(step.params, "options", None)
        if options is None or isinstance(wanted, dict):
            return
        for value in [wanted] if isinstance(wanted, str) else wanted:
            if value not in options:
                hint = nearest(str(value), options)
                self.source.refuse(path, f"{step.name} has no option {value!r}{hint}")

    def _derived_earlier(self, name: str, path: tuple[str, ...]) -> None:
        _, needed = derived(self.flow.derive[name])
        for other in needed:
            if other in self.flow.derive:
                self._derived_earlier(other, path)
            elif other not in self.earlier and other not in self.flow.rules and other != "today":
                self._not_earlier(other, path)

    def _not_earlier(self, name: str, path: tuple[str, ...]) -> None:
        later = {step.name for _, step in self.flow.questions()} - self.earlier.keys()
        if name in later:
            self.source.refuse(path, f"{name!r} is not asked before this step")
        else:
            known = [*self.earlier, *self.flow.derive]
            self.source.refuse(path, f"unknown step {name!r}{nearest(name, known)}")

    def _said(self, sentence: Words, path: tuple[str, ...]) -> None:
        texts = [sentence] if isinstance(sentence, str) else list(sentence.values())
        if not isinstance(sentence, str) and "id" not in sentence:
            self.source.refuse(path, f"{path[-1]}: the Indonesian sentence (id) is missing")
        if not all(text.strip() for text in texts):
            self.source.refuse(path, f"{path[-1]}: the sentence is empty")

    def _sentences(self) -> None:
        """Every name in a sentence must be a step, a rule or a derived value."""
        known = {step.name for _, step in self.flow.questions()}
        known |= {*self.flow.rules, *self.flow.derive, "langkah"}
        for key, sentence in self.flow.sentences():
            kind, _, rest = key.partition(".")
            state = rest.rpartition(".")[0] or rest
            owner = state.removesuffix(".more").split(".") if kind != "elsewhere" else []
            path = ("steps", *(p for n, part in enumerate(owner) for p in ("steps", part)[not n :]))
            if kind == "result":
                path = ("steps", rest)
            if kind == "step" and self._has_own_values(state):
                continue
            for text in [sentence] if isinstance(sentence, str) else sentence.values():
                try:
                    JINJA.parse(text)
                except TemplateSyntaxError as error:
                    self.source.refuse(path, f"{key}: {error.message}")
            for name in _names(sentence):
                if name not in known:
                    self.source.refuse(path, f"{key}: unknown value {name!r}{nearest(name, known)}")

    def _has_own_values(self, state: str) -> bool:
        """Whether the field type of a question adds values of its own to the sentence."""
        step = dict(self.flow.questions()).get(state)
        return (
            step is not None
            and bool(step.type)
            and getattr(type(FIELDS[step.type]), "values", None) is not Typed.values
        )
