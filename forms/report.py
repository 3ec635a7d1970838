"""Report forms: the answers of a filed request as the branch reads them, full and masked."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateSyntaxError

from forms.cleaning import clean
from forms.wording import clock, long_date

LETTERHEAD: Final = "report.txt.j2"
"""The form that the forms of all services extend."""


class Entry(msgspec.Struct, frozen=True):
    """One reported answer.

    *masked* is what the participant saw, *full* is for the officer who may see everything. *item*
    counts from 1 in a repeating group, 0 outside. An empty text means that nothing was filled in.
    """

    step: str
    label: str
    masked: str
    full: str
    item: int = 0


class Report(msgspec.Struct, frozen=True):
    """What a form is filled with, in the order of the questions.

    *filed* is aware and in the branch's zone; *flags* are sentences for the officer; *number* is
    the ticket's, '' where it is not known yet.
    """

    service: str
    title: str
    branch: str
    filed: datetime
    entries: Sequence[Entry]
    flags: Sequence[str] = ()
    number: str = ""


class Rendered(msgspec.Struct, frozen=True):
    """Both variants of one report."""

    full: str
    masked: str


class Line(msgspec.Struct, frozen=True):
    """A numbered line of a form; *label* is padded to the width of the form."""

    number: int
    label: str
    value: str


@dataclass
class Sheet:
    """One variant of a report while its form is filled: lines are numbered as they are taken."""

    report: Report
    masked: bool
    taken: set[int] = field(default_factory=set)

    @property
    def filed(self) -> str:
        """``Selasa, 24 November 2026, 10.31 WITA``."""
        return f"{long_date(self.report.filed)}, {clock(self.report.filed)}"

    def lines(self, *steps: str) -> list[Line]:
        """The answers of *steps* that were given, in form order; each is printed once."""
        return list(self._take(_belongs(steps, 0)))

    def items(self, *steps: str) -> list[list[Line]]:
        """The answers of *steps* of a repeating group, one list for each item."""
        asked = {entry.item for entry in self.report.entries if entry.step in steps}
        return [list(self._take(_belongs(steps, item))) for item in sorted(asked - {0})]

    def rest(self) -> list[Line]:
        """Whatever the form did not name, so that no answer is ever lost."""
        return list(self._take(lambda entry: True))

    def _take(self, wanted: Callable[[Entry], bool]) -> Iterator[Line]:
        width = max((len(entry.label) for entry in self.report.entries), default=0)
        for place, entry in enumerate(self.report.entries):
            if place not in self.taken and wanted(entry):
                self.taken.add(place)
                value = clean(entry.masked if self.masked else entry.full)
                yield Line(len(self.taken), entry.label.ljust(width), value or "tidak diisi")


class FormErrors(ValueError):
    """Forms that cannot be compiled; *problems* names them all."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Forms:
    """All report forms of a folder; each is compiled when it is first filled."""

    def __init__(self, folder: Path) -> None:
        self._env = Environment(  # noqa: S701  plain text, never HTML
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )

    def warm(self) -> None:
        """Compile every form; raises `FormErrors` where any cannot be."""
        problems = []
        for name in self._env.list_templates(extensions=["j2"]):
            try:
                self._env.get_template(name)
            except TemplateSyntaxError as error:
                problems.append(f"forms/{name}:{error.lineno}: {error.message}")
        if problems:
            raise FormErrors(problems)

    def render(self, form: str, report: Report) -> Rendered:
        """Fill *form* (a file name of the folder) with *report*.

        Raises `jinja2.TemplateNotFound` for an unknown form, `jinja2.TemplateSyntaxError` where it
        cannot be compiled, and `jinja2.UndefinedError` where it names something that a report does
        not have.
        """
        template = self._env.get_template(form)
        full, masked = (
            template.render(sheet=Sheet(report, masked=hide), report=report).strip() + "\n"
            for hide in (False, True)
        )
        return Rendered(full, masked)


def _belongs(steps: Sequence[str], item: int) -> Callable[[Entry], bool]:
    return lambda entry: entry.step in steps and entry.item == item
