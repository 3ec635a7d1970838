"""Text as people send it, made fit to read: normal form, nothing invisible, single spaces."""

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from forms.masking import mask

LONGEST = 4096
"""Characters that are looked at; what follows is cut before anything costly is done."""

INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode categories that are dropped: control, bidi and zero-width, surrogate, private, unset."""

BREAKS = frozenset({"Zl", "Zp"})
"""Line and paragraph separators, which a page may show as a new line or not at all."""

REMEMBERED = 512
"""Texts whose form is remembered: one reply and the labels beside it are looked at many times."""

WORD = re.compile(r"[^\W_]+")

EXCERPT = 40
"""Characters of a reply that an error sentence repeats."""

IDENTITY_NUMBER = re.compile(r"\d(?:[\W_]{0,3}\d){12,}")
"""What may be one, however grouped: a card has 13 figures, NIK and KK have 16 (domain.md 3.1)."""


def clean(text: str) -> str:
    """Readable characters of *text* only, composed (NFC), with single spaces. Idempotent."""
    return _clean(text, "NFC")


def readable(text: str) -> str:
    """*text* without what nobody can see; its lines and spaces stay."""
    lines = text.replace("\r\n", "\n").replace("\t", " ").split("\n")
    return "\n".join("".join(c for c in line if _is_seen(c)) for line in lines)


def fold(text: str) -> str:
    """*text* for comparing: as `clean`, but with compatible characters merged, in lower case."""
    return _clean(text, "NFKC").casefold()


@lru_cache(REMEMBERED)
def words(text: str) -> tuple[str, ...]:
    """The folded words of *text*: letters and digits, everything else parts them."""
    return tuple(WORD.findall(fold(text)))


def says_something(text: str) -> bool:
    """Whether *text* has a letter or a digit."""
    return WORD.search(text, 0, LONGEST) is not None


def excerpt(text: str) -> str:
    """The beginning of *text*, for a sentence that repeats what was written.

    Of a number as long as an identity number only the last four figures are repeated.
    """
    text = IDENTITY_NUMBER.sub(lambda found: mask(found[0]), clean(text))
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1].rstrip() + "…"


def _is_seen(character: str) -> bool:
    kind = unicodedata.category(character)
    return kind not in INVISIBLE and kind not in BREAKS


@lru_cache(REMEMBERED)
def _clean(text: str, form: Literal["NFC", "NFKC"]) -> str:
    text = text[:LONGEST]
    if text.isascii() and text.isprintable():  # nearly all that is sent: nothing to repair
        return " ".join(text.split())
    readable = (
        " " if c.isspace() else c
        for c in text
        if c.isspace() or unicodedata.category(c) not in INVISIBLE
    )
    return " ".join(unicodedata.normalize(form, "".join(readable)).split())
