"""Codes that people read in one place and write in another, once and within minutes."""

import hashlib
import secrets
from typing import Final

LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Of which codes are made: none looks like another one."""
FIGURES: Final = frozenset("23456789")


def make(length: int) -> str:
    """A random code of *length* letters, one of them a figure at least: no word looks so."""
    while True:
        code = "".join(secrets.choice(LETTERS) for _ in range(length))
        if FIGURES.intersection(code):
            return code


def tidy(text: str) -> str:
    """The code in *text*, without what people write between its letters."""
    return "".join(letter for letter in text.upper() if letter in LETTERS)


def grouped(code: str) -> str:
    """``ABCDE-FGHJK``: as a code is read and written."""
    half = len(code) // 2
    return "-".join(filter(None, (code[:half], code[half:])))


def digest(code: str) -> str:
    """What is stored of a code.

    Random letters for some minutes and few tries: a slow hash would add nothing.
    """
    return hashlib.sha256(code.encode()).hexdigest()
