"""Logs: one line for each happening on standard error, with allowed keys only."""

import logging
import sys
from collections.abc import Iterable, MutableMapping
from functools import partial
from typing import Any, TextIO

from bot.channels.redaction import Redaction
from bot.config.settings import Log
from bot.runtime.logger import Logger, before_the_first_line
from bot.runtime.trouble import told

ALLOWED = (
    *("timestamp", "level", "event", "logger", "channel", "request", "event_id", "attempts"),
    *("dead", "again_in", "duty", "messages", "template", "reason", "error", "where"),
)
"""The keys of a line, in this order. None of them ever holds what somebody wrote."""

FIGURES = 4
"""A longer row of figures in a library's sentence may be somebody's number."""

Line = MutableMapping[str, Any]


def configure(settings: Log, secrets: Iterable[str] = (), out: TextIO = sys.stderr) -> None:
    """Send our own lines and the warnings of libraries to *out*; *secrets* are hidden in both."""
    before_the_first_line(partial(_set_up, settings, Redaction(*secrets), out))
    logging.root.handlers = [_Bridge()]
    logging.root.setLevel(logging.WARNING)


def _set_up(settings: Log, hide: Redaction, out: TextIO) -> None:
    import structlog

    def hidden(logger: Any, method: str, line: Any) -> str:
        return hide(line)

    render: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.format == "json"
        else structlog.processors.LogfmtRenderer(bool_as_flag=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _allowed_only,
            render,
            hidden,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(settings.level),
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )


class _Bridge(logging.Handler):
    """Hands records of the standard library's logging on.

    What libraries say may quote a message or an address: of a record only the first line of its
    unfilled sentence is kept, and of an error its kind and place.
    """

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        Logger(__name__).log(
            record.levelno,
            _without_numbers(str(record.msg).partition("\n")[0]),
            logger=record.name,
            **(told(error) if error else {}),
        )


def _allowed_only(logger: Any, method: str, line: Line) -> Line:
    return {key: line[key] for key in ALLOWED if key in line}


def _without_numbers(text: str) -> str:
    words = text[:200].split()
    return " ".join("…" if sum(map(str.isdigit, word)) > FIGURES else word for word in words)
