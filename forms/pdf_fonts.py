"""The letters of a printed report: Noto Sans, and what stands for signs that it does not have.

Noto Sans has Latin with all its accents, Greek and Cyrillic: the scripts that are drawn letter by
letter. What would need joining or another direction is not drawn wrongly but marked as missing.
"""

import io
import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple

import pymupdf_fonts
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

MISSING: Final = "\N{REPLACEMENT CHARACTER}"
"""What is printed for signs that the font does not have, however many follow each other."""

_MISSING_RUN: Final = re.compile(f"{MISSING}+")


class Fonts(NamedTuple):
    """Names under which the faces are registered, and the code points that both can draw."""

    plain: str
    bold: str
    drawn: frozenset[int]


@cache
def fonts() -> Fonts:
    """Load both faces, once in a process: it takes a tenth of a second."""
    plain, bold = "ReportPlain", "ReportBold"
    return Fonts(plain, bold, _load(plain, "notos") & _load(bold, "notosbo"))


def _load(name: str, code: str) -> frozenset[int]:
    """Register a face under *name*; the code points that it has."""
    font = TTFont(name, io.BytesIO(pymupdf_fonts.myfont(code)))
    pdfmetrics.registerFont(font)
    return frozenset(font.face.charToGlyph)


def drawable(text: str) -> str:
    """*text* with `MISSING` for what cannot be drawn; letters in fancy dress become plain ones."""
    drawn = fonts().drawn
    found = "".join(_drawable(character, drawn) for character in text)
    return _MISSING_RUN.sub(MISSING, found)


def _drawable(character: str, drawn: frozenset[int]) -> str:
    if ord(character) in drawn:
        return character
    plain = unicodedata.normalize("NFKC", character)
    return plain if all(ord(one) in drawn for one in plain) else MISSING
