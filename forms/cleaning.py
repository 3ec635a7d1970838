"""Text as people send it, made fit to read: normal form, nothing invisible, single spaces."""

import unicodedata
from typing import Literal

LONGEST = 4096
"""Characters that are looked at; what follows is cut before anything costly is done."""

INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Unicode categories that are dropped: control, bidi and zero-width, surrogate, private, unset."""

EXCERPT = 40
"""Characters of a reply that an error sentence repeats."""


def clean(text: str) -> str:
    """Readable characters of *text* only, composed (NFC), with single spaces. Idempotent."""
    return _clean(text, "NFC")


def fold(text: str) -> str:
    """*text* for comparing: as `clean`, but with compatible characters merged, in lower case."""
    return _clean(text, "NFKC").casefold()


def words(text: str) -> list[str]:
    """The folded words of *text*: letters and digits, everything else parts them."""
    return "".join(c if c.isalnum() else " " for c in fold(text)).split()


def excerpt(text: str) -> str:
    """The beginning of *text*, for a sentence that repeats what was written."""
    text = clean(text)
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1].rstrip() + "…"


def _clean(text: str, form: Literal["NFC", "NFKC"]) -> str:
    readable = (
        " " if c.isspace() else c
        for c in text[:LONGEST]
        if c.isspace() or unicodedata.category(c) not in INVISIBLE
    )
    return " ".join(unicodedata.normalize(form, "".join(readable)).split())
