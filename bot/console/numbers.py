"""Numbers as forms and addresses carry them: figures, and not more than the store can hold."""

from typing import Final

MOST_FIGURES: Final = 18


def whole(text: str) -> int | None:
    """The number that *text* is, None for anything else."""
    fits = text.isascii() and text.isdecimal() and len(text) <= MOST_FIGURES
    return int(text) if fits else None
