"""Reading a few rows of a SQLite file on the event loop, without a thread.

A thread must win the interpreter's lock back for each row, from a loop that is at work: what takes
20 us here takes milliseconds there.
"""

import sqlite3
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from data.sqlite_writer import SqliteTx, drive
from data.statements import Statements
from data.store import Tx

T = TypeVar("T")


class Glancer:
    """A connection that refuses changes and waits for nothing, not even for a lock."""

    def __init__(self, path: Path, statements: Statements) -> None:
        self._connection = sqlite3.connect(path, timeout=0, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA query_only = ON")
        self._tx = SqliteTx(self._connection, statements)

    def glance(self, verb: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        """What *verb* reads in one transaction."""
        self._connection.execute("BEGIN")
        try:
            return drive(verb(self._tx))
        finally:
            self._connection.rollback()

    def close(self) -> None:
        self._connection.close()
