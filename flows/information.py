"""Answers that need no form, read once from ``information.yaml``: the sentences ``info.<key>``."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from flows.source import Problem, Source
from flows.spec import Day, Rule
from forms.language import Words, in_each
from forms.wording import rupiah

FILE: Final = Path(__file__).with_name("information.yaml")


class Answer(msgspec.Struct, frozen=True):
    """What is said to a question, and the phrases that ask it.

    *label* groups answers in the figures of the understanding, *title* (20 characters) names this
    one on a button. *source* is a key of docs/domain.md; *rules* are the numbers that the sentence
    names.
    """

    label: str
    title: Words
    say: Words
    source: str
    date: Day
    phrases: tuple[str, ...] = ()
    rules: Mapping[str, Rule] = {}
    note: str = ""
    verified: bool = True

    def values(self) -> dict[str, Words]:
        """The rules as the sentence names them: ``Rp150.000`` (``Rp150,000``), ``10``."""
        return {name: _shown(rule) for name, rule in self.rules.items()}


def _shown(rule: Rule) -> Words:
    if rule.unit != "rupiah":
        return str(rule.value)
    return in_each(partial(rupiah, int(rule.value)))


def load(file: str, text: str) -> tuple[dict[str, Answer], list[Problem]]:
    """The answers that *text* declares by key, and what is wrong with it."""
    source = Source.read(file, text)
    found = {
        key: source.fill(Answer, value, (key,))
        for key, value in source.mapping(source.data, ()).items()
    }
    return {key: answer for key, answer in found.items() if answer}, source.problems


def _read() -> dict[str, Answer]:
    answers, problems = load(FILE.name, FILE.read_text(encoding="utf-8"))
    if problems:
        raise ValueError("\n".join(map(str, problems)))
    return answers


INFORMATION: Final[Mapping[str, Answer]] = _read()
