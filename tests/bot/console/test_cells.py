"""Text of people never becomes a formula in a spreadsheet."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.console.cells import csv_line, safe

FORMULAS = ["=1+1", "+62812", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1"]
FULL_WIDTH = [
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20A1",
    "\ufe661",
    "\ufe621",
    "\ufe631",
    "\ufe6b1",
]
HIDDEN = [" =1+1", "\u200b=1", "\ufeff=1", "\u00a0+1", "\u202e-1", "\x07=1", " \t@x"]


@pytest.mark.parametrize("text", [*FORMULAS, *FULL_WIDTH, *HIDDEN])
def test_what_might_be_a_formula_is_text(text: str) -> None:
    assert safe(text) == f"'{text}".replace("\0", "")


@pytest.mark.parametrize("text", ["", "Siti", "a=b", "Jl. Contoh - 3", "'=1", "08123", "•••9901"])
def test_everything_else_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


@given(st.text())
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert safe(text)[:1] not in set("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20")


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\0\r\n")), min_size=2))
def test_a_line_reads_back_as_it_was_written(cells: list[str]) -> None:
    [line] = csv.reader(io.StringIO(csv_line(cells), newline=""))

    assert line == [safe(cell) for cell in cells]
