"""What only shows when a whole flow file is read: names that fit, conditions that can hold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from jinja2 import Environment, TemplateSyntaxError, meta

from flows import given
from flows.conditions import check, derived
from flows.moves import MORE
from flows.papers import ALWAYS, UNTIL
from flows.reachable import can_apply
from flows.source import Source, fields_of, nearest
from flows.spec import DISPUTED, REUSED, Entry, Flow, Group, Result, Step
from forms.fields import FIELDS
from forms.filling import named_only
from forms.language import Words
from forms.typed import Typed

RESULTS: Final = ("referral", "not_yet", "not_eligible")
REFERENCES: Final = ("from", "regency", "differs")
"""Settings of field types that name an earlier step."""

LONGEST_ROW: Final = 24
"""Characters of what a list says of a flag."""

JINJA: Final = Environment(autoescape=False)  # noqa: S701  only parsed here, never rendered


@dataclass
class Check:
    """What only shows when a whole file is read; *uses* are the values that each sentence names."""

    source: Source
    flow: Flow
    earlier: dict[str, Entry] = field(default_factory=dict)
    needed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    uses: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def everything(self) -> None:
        if "id" not in self.flow.languages:
            self.source.refuse(("languages",), "languages: 'id' is missing")
        if not self.flow.report:
            self.source.refuse((), "'report' is missing")
        self._one_branch()
        self._derived()
        for entry in self.flow.steps:
            self._entry(entry, ("steps", entry.name))
            self.earlier[entry.name] = entry
        if self.flow.opening is not None:
            self._when(self.flow.opening.when, ("opening", "when"))
            self._said(self.flow.opening.say, ("opening", "say"))
        for name, flag in self.flow.flags.items():
            self._when(flag.when, ("flags", name, "when"))
            if len(flag.row) > LONGEST_ROW:
                self.source.refuse(("flags", name, "row"), f"longer than {LONGEST_ROW} characters")
        self._checklist()
        for name, closing in self.flow.closing.items():
            self._when(closing.when, ("closing", name, "when"))
            self._said(closing.say, ("closing", name, "say"))
        self._cases()
        self._sentences()

    def _cases(self) -> None:
        for name, case in self.flow.cases.items():
            given.check(self.source, self.flow, case.answers, ("cases", name, "answers"))

    def _checklist(self) -> None:
        states = [state for state, _ in self.flow.questions()]
        for name, point in self.flow.checklist.items():
            path = ("checklist", name)
            self._said(point.say, (*path, "say"))
            self._when(point.when, (*path, "when"))
            for state in point.of:
                if state not in states:
                    self.source.refuse(path, f"unknown step {state!r}{nearest(state, states)}")

    def _one_branch(self) -> None:
        branches = [name for name, step in self.flow.questions() if step.type == "branch"]
        if len(branches) != 1:
            found = f"found {', '.join(branches)}" if branches else "there is none"
            self.source.refuse(("steps",), f"exactly one step of type branch is needed; {found}")

    def _derived(self) -> None:
        known = {name for state, step in self.flow.questions() for name in (state, step.name)}
        for name, spec in self.flow.derive.items():
            path = ("derive", name)
            try:
                _, needed = derived(spec)
            except (ValueError, TypeError) as error:
                self.source.refuse(path, str(error))
                continue
            reach = known | self.needed.keys() | self.flow.rules.keys() | {"today"}
            for other in needed:
                if other not in reach:
                    self.source.refuse(path, f"unknown step {other!r}{nearest(other, reach)}")
            if name in known:
                self.source.refuse(path, f"{name!r} is also the name of a step")
            self.needed[name] = tuple(other for other in needed if other in reach)

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
        if step.reuse:
            self._reused(step, (*path, "reuse"))
        self._said(step.ask, (*path, "ask"))
        document = getattr(step.params, "document", None)
        if document is not None and document not in self.flow.documents:
            hint = nearest(document, self.flow.documents)
            self.source.refuse((*path, "document"), f"unknown document {document!r}{hint}")
        self._later(getattr(step.params, "later", ""), (*path, "later"))
        for key, name in self._references(step):
            if name not in self.earlier and self._inside(name) is None:
                self._not_earlier(name, (*path, key))
        for value, option in getattr(step.params, "options", {}).items():
            for name in option.redo:
                if name not in self.earlier:
                    self._not_earlier(name, (*path, "options", value, "redo"))

    def _later(self, until: str, path: tuple[str, ...]) -> None:
        """Until when a document may come later: no limit, a derived date, or a rule in days."""
        if until in self.flow.derive:
            self._derived_earlier(until, path)
        elif until in self.flow.rules:
            if self.flow.rules[until].unit not in UNTIL:
                units = " or ".join(UNTIL)
                self.source.refuse(path, f"rule {until!r} must have the unit {units}")
        elif until not in ("", ALWAYS):
            known = [ALWAYS, *self.flow.rules, *self.flow.derive]
            self.source.refuse(path, f"unknown rule {until!r}{nearest(until, known)}")

    def _reused(self, step: Step, path: tuple[str, ...]) -> None:
        """What is used again is said once a request, by a field type that reads it back."""
        wanted = REUSED.get(step.reuse)
        if wanted is None:
            self.source.refuse(path, f"unknown name {step.reuse!r}{nearest(step.reuse, REUSED)}")
        elif step.type != wanted:
            self.source.refuse(path, f"{step.reuse!r} needs the type {wanted!r}")
        elif "steps" in path[1:]:
            self.source.refuse(path, "what is asked for each item cannot be used again")
        elif step.type == "branch" and not self._is_reused(step.params.from_):
            self.source.refuse(path, f"{step.params.from_!r} must be used again as well")

    def _is_reused(self, name: str) -> bool:
        entry = self.earlier.get(name)
        return isinstance(entry, Step) and bool(entry.reuse)

    def _references(self, step: Step) -> Iterator[tuple[str, str]]:
        for info in fields_of(FIELDS[step.type].Params):
            if info.encode_name in REFERENCES:
                named = getattr(step.params, info.name)
                for name in [named] if isinstance(named, str) else named:
                    if name:
                        yield info.encode_name, name

    def _when(self, when: Mapping[str, Any], path: tuple[str, ...]) -> None:
        for name, wanted in when.items():
            entry = self._inside(name) if "." in name else self.earlier.get(name)
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

    def _inside(self, name: str) -> Entry | None:
        """The question that ``<group>.<step>`` names, None where that is not asked earlier."""
        group, _, inner = name.partition(".")
        found = self.earlier.get(group)
        steps = found.steps if isinstance(found, Group) else ()
        return next((step for step in steps if step.name == inner), None)

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
        for other in self.needed.get(name, ()):
            if other in self.needed:
                self._derived_earlier(other, path)
            elif "." in other:
                if self._inside(other) is None:
                    self._not_earlier(other, path)
            elif other not in self.earlier and other not in self.flow.rules and other != "today":
                self._not_earlier(other, path)

    def _not_earlier(self, name: str, path: tuple[str, ...]) -> None:
        later = {name for state, step in self.flow.questions() for name in (state, step.name)}
        later -= self.earlier.keys()
        if name in later:
            self.source.refuse(path, f"{name!r} is not asked before this step")
        else:
            known = [*self.earlier, *self.flow.derive]
            self.source.refuse(path, f"unknown step {name!r}{nearest(name, known)}")

    def _said(self, sentence: Words, path: tuple[str, ...]) -> None:
        texts = [sentence] if isinstance(sentence, str) else list(sentence.values())
        if not all(text.strip() for text in texts):
            self.source.refuse(path, f"{path[-1]}: the sentence is empty")

    def _sentences(self) -> None:
        """Every sentence must be a template that names steps, rules or derived values only."""
        known = {step.name for _, step in self.flow.questions()}
        known |= {*self.flow.rules, *self.flow.derive}
        steps = dict(self.flow.questions())
        for key, sentence in self.flow.sentences():
            self.uses[key] = self._named(key, sentence)
            if self._has_own_values(steps.get(key.removeprefix("step.").rpartition(".")[0])):
                continue
            for name in self.uses[key]:
                if name not in known:
                    told = f"{key}: unknown value {name!r}{nearest(name, known)}"
                    self.source.refuse(_place(key), told)

    def _named(self, key: str, sentence: Words) -> tuple[str, ...]:
        """The values of its own that a sentence names; a problem where it is not a template."""
        found = set[str]()
        for text in [sentence] if isinstance(sentence, str) else sentence.values():
            if (names := named_only(text)) is not None:
                found |= names
                continue
            try:
                found |= meta.find_undeclared_variables(JINJA.parse(text))
            except TemplateSyntaxError as error:
                self.source.refuse(_place(key), f"{key}: {error.message}")
        return tuple(sorted(found - {DISPUTED}))

    def _has_own_values(self, step: Step | None) -> bool:
        """Whether the field type of a question adds values of its own to the sentence."""
        own = step is not None and getattr(FIELDS.get(step.type), "values", None)
        return bool(own) and getattr(own, "__func__", None) is not Typed.values


def _place(key: str) -> tuple[str, ...]:
    """Where in the file the sentence *key* stands."""
    kind, _, rest = key.partition(".")
    if kind == "opening":
        return (kind, "say")
    if kind == "result":
        return ("steps", rest)
    if kind == "closing":
        return ("closing", rest)
    name, _, inner = rest.rpartition(".")[0].partition(".")
    return ("steps", name, "steps", inner) if inner and inner != MORE else ("steps", name)
