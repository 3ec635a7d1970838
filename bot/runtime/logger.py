"""What modules log with. structlog is imported with the first line that is written.

It brings rich and pygments along, which a start without a line need not wait for.
"""

from collections.abc import Callable
from typing import Any

_waiting: list[Callable[[], None]] = []


class Logger:
    """Levels are methods, as in structlog: ``log.warning("turn failed", event_id=3)``."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, level: str) -> Any:
        import structlog

        while _waiting:
            _waiting.pop()()
        return getattr(structlog.get_logger(self._name), level)


def before_the_first_line(set_up: Callable[[], None]) -> None:
    """Let *set_up* say what becomes of lines; an earlier one that still waits is forgotten."""
    _waiting[:] = [set_up]
