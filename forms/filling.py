"""Sentences that only name values: most of them, and read without Jinja's parser."""

import re
from typing import Final

NAMED: Final = re.compile(r"\{\{ ([a-z][a-z0-9_]*) \}\}")

MEANINGFUL: Final = frozenset(
    {"and", "else", "false", "if", "in", "is", "none", "not", "or", "true"}
)
"""Words of Jinja's own that look like the name of a value."""


def named_only(text: str) -> frozenset[str] | None:
    """The values that *text* names; None where it may do more, and takes a parser."""
    names = frozenset(NAMED.findall(text))
    rest = NAMED.sub("", text)
    return None if "{" in rest or "}" in rest or names & MEANINGFUL else names
