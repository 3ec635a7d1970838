"""Every service says where its rules come from, and helps at every question."""

import re
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.cli.scripts.measures import TYPED
from bot.texts.catalogue import in_languages
from bot.texts.lint import names
from flows.information import INFORMATION
from flows.load import FlowErrors, load_all
from flows.spec import Flow, Group, Result
from forms.fields import FIELDS
from forms.report import FormErrors, Forms

KEY = re.compile(r"^\| (\w+) \|", re.MULTILINE)


def check(root: Path) -> list[str]:
    """What the services leave unsaid; where a flow file cannot be read, that instead."""
    known = sources(root)
    try:
        flows = load_all(root / "flows")
    except FlowErrors as errors:
        return [f"flows/{problem}" for problem in errors.problems]
    answers = [f"flows/information.yaml: {problem}" for problem in _answers(known)]
    return [*answers, *_broken_forms(root)] + [
        f"flows: {code}: {problem}"
        for code, flow in flows.items()
        for problem in (
            *_unsourced(flow, known),
            *_unused(flow),
            *_unhelped(flow),
            *_unprinted(flow, root),
        )
    ]


def sources(root: Path) -> frozenset[str]:
    """The keys of the sources that docs/domain.md lists."""
    return frozenset(KEY.findall((root / "docs" / "domain.md").read_text("utf-8"))) - {"key"}


def _answers(known: Container[str]) -> Iterator[str]:
    """What the answers that need no form leave unsaid."""
    for key, answer in INFORMATION.items():
        cited = {"the answer": answer.source}
        cited |= {f"rule {name}": rule.source for name, rule in answer.rules.items()}
        for what, source in cited.items():
            if source not in known:
                yield f"{key}: {what}: source {source!r} is not in docs/domain.md"
        for language, text in in_languages(answer.say).items():
            for name in sorted(names(text) ^ answer.rules.keys()):
                yield f"{key} ({language}): {name!r} is not both a rule and named in the sentence"


def _broken_forms(root: Path) -> list[str]:
    try:
        Forms(root / "forms").warm()
    except FormErrors as errors:
        return errors.problems
    return []


def _unsourced(flow: Flow, known: frozenset[str]) -> Iterator[str]:
    cited = {
        "the service": flow.source.key,
        **{f"rule {name}": rule.source for name, rule in flow.rules.items()},
        **{f"document {name}": paper.source for name, paper in flow.documents.items()},
        **{
            f"result {entry.name}": entry.source.key
            for entry in flow.steps
            if isinstance(entry, Result)
        },
        **{f"closing {name}": one.source.key for name, one in flow.closing.items()},
    }
    for what, key in cited.items():
        if key not in known:
            yield f"{what}: source {key!r} is not in docs/domain.md"


def _unused(flow: Flow) -> Iterator[str]:
    conditions = [entry.when for entry in flow.steps]
    conditions += [step.when for _, step in flow.questions()]
    conditions += [flag.when for flag in flow.flags.values()]
    conditions += [closing.when for closing in flow.closing.values()]
    named = set(_words(conditions)) | set(_words(list(flow.derive.values())))
    named |= {name for names in flow.uses.values() for name in names}
    named |= {getattr(step.params, "later", "") for _, step in flow.questions()}
    for rule in sorted(flow.rules.keys() - named):
        yield f"rule {rule}: no condition and no sentence uses it"
    photos = {getattr(step.params, "document", "") for _, step in flow.questions()}
    for document in sorted(flow.documents.keys() - photos):
        yield f"document {document}: no step asks for it"


def _words(value: Any) -> Iterator[str]:
    """All texts of a nested value; the keys of mappings are not among them."""
    if isinstance(value, str):
        yield value
        return
    for inner in value.values() if isinstance(value, Mapping) else value:
        yield from _words(inner)


def _unhelped(flow: Flow) -> Iterator[str]:
    for state, step in flow.questions():
        if not step.help:
            yield f"step {state}: no help"
        if not step.label:
            yield f"step {state}: no label for review and report"
        if FIELDS[step.type].expects in TYPED and not (step.again or step.hint):
            yield f"step {state}: a second error would only repeat the question; no hint, no again"
    for entry in flow.steps:
        if isinstance(entry, Group) and not entry.label:
            yield f"group {entry.name}: no label for review and report"


def _unprinted(flow: Flow, root: Path) -> Iterator[str]:
    """The report form exists, and places every answer itself."""
    form = root / "forms" / flow.report
    if not form.is_file():
        yield f"report {flow.report}: no such form"
        return
    named = set(re.findall(r'"(\w+)"', form.read_text("utf-8")))
    for _, step in flow.questions():
        if step.name not in named:
            yield f"report {flow.report}: step {step.name} has no place in it"
