"""How a verb of the business says no: the key of a sentence and its values, never a bug."""

from typing import Any


class Refused(Exception):
    """The action is not possible now. *key* names the sentence to show, *values* fill it.

    The values are shown to the one who asked; they never reach a log.
    """

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class NotFound(LookupError):
    """There is no such thing, or the asker may not know that there is."""
