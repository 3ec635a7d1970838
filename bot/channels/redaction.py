"""Secrets stay out of the logs: every record of the standard library's logging is cleaned."""

import logging
from collections.abc import Callable
from typing import Any

HIDDEN = "[hidden]"

Make = Callable[..., logging.LogRecord]


class Redaction:
    """Replaces secrets by `HIDDEN` in messages and tracebacks, whatever handler prints them.

    Libraries put the bot token into addresses, and addresses into errors; our own lines never
    name it. Start with `install` before the first connection, end with `uninstall`.
    """

    def __init__(self, *secrets: str) -> None:
        self._secrets = tuple(secret for secret in secrets if secret)
        self._make: Make = logging.getLogRecordFactory()

    def __call__(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        return text

    def install(self) -> None:
        """Clean all records made from now on."""
        self._make = logging.getLogRecordFactory()
        logging.setLogRecordFactory(self._record)

    def uninstall(self) -> None:
        """Let records be made as before."""
        logging.setLogRecordFactory(self._make)

    def _record(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self._make(*args, **kwargs)
        try:
            record.msg = self(record.getMessage())
        except (TypeError, ValueError):
            record.msg = self(f"{record.msg!s} {record.args!s}")  # arguments that do not fit
        record.args = ()
        if record.exc_info:
            record.exc_text = self(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        return record
