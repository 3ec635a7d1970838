"""Cells of files that spreadsheets open: text that stays text, whatever people have written."""

import csv
import io
import unicodedata
from collections.abc import Sequence
from typing import Final

FORMULA: Final = frozenset("=+-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b")
"""What begins a formula, as ordinary, full-width and small signs."""
BREAKS: Final = frozenset("\t\r\n\0")
"""Signs after which some programs read on as if a new cell began."""
BOM: Final = "\ufeff"
"""Tells spreadsheets that a CSV file is UTF-8."""

Cell = str | int | float | None


def safe(text: str) -> str:
    """*text* with a ``'`` before it where a spreadsheet might take it for a formula.

    Invisible signs before it hide a formula from people, not from every program: they are looked
    through. NUL, which nothing can show, goes.
    """
    first = next((sign for sign in text if not _invisible(sign)), "")
    risky = first in FORMULA or text[:1] in BREAKS if text else False
    clean = text.replace("\0", "")
    return f"'{clean}" if risky else clean


def csv_line(cells: Sequence[Cell]) -> str:
    """One line of a CSV file, every text made `safe`."""
    line = io.StringIO()
    csv.writer(line).writerow([safe(one) if isinstance(one, str) else one for one in cells])
    return line.getvalue()


def _invisible(sign: str) -> bool:
    return sign.isspace() or sign == "\0" or unicodedata.category(sign) in ("Cf", "Cc")
