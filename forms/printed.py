"""A report read back from its text, so that forms decide once what stands where."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from forms.report import Line

_LINE = re.compile(r"(?:(?P<number>\d+)\. +)?(?P<label>.+?) +: (?P<value>.*)")
"""``2. Nama     : Siti``, or without a number ``Dikirim : Selasa``."""


class Section(NamedTuple):
    """A heading and what stands below it. The title and the branch are the first two headings."""

    heading: str
    lines: Sequence[Line]


def lines(text: str) -> list[Line]:
    """The lines of a rendered report.

    Only answers have a number, a heading has no value, a flag has a value and no label. An answer
    cannot pretend to be another line: it was cleaned of line breaks before it was printed.
    """
    return [_line(line.strip()) for line in text.split("\n") if line.strip()]


def sections(text: str) -> list[Section]:
    """The same, below their headings."""
    found: list[tuple[str, list[Line]]] = []
    for line in lines(text):
        if line.value:
            found[-1][1].append(line)
        else:
            found.append((line.label, []))
    return [Section(*section) for section in found]


def _line(line: str) -> Line:
    if line.startswith("! "):
        return Line(0, "", line[2:])
    found = _LINE.fullmatch(line)
    if found is None:
        return Line(0, line, "")
    return Line(int(found["number"] or 0), found["label"], found["value"])
