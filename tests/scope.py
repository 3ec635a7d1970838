"""The fault that the tests of scope must find: a store whose statements show every branch."""

import re
from typing import Any

import pytest
from msgspec.structs import replace

from data.statements import Statements
from data.store import Store

_ASKED = re.compile(r"(\w+)\.branch IN \(([^,()]+), '\*'\)")
"""How a statement asks whether a row is within somebody's scope."""


def asks(sql: str) -> bool:
    """Whether a statement shows rows only within the scope of ``:viewer``."""
    return "officer_branch" in sql and _ASKED.search(sql) is not None


def take_scope_away(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on every statement of *store* shows rows of all branches, and so does Python."""
    faulty: Any = store
    known = Statements(faulty._statements)
    for name, statement in known.items():
        if "officer_branch" in statement.sql:
            wide = _ASKED.sub(r"\1.branch IN (\2, \1.branch)", statement.sql)
            known[name] = replace(statement, sql=wide)
    monkeypatch.setattr(faulty, "_statements", known)
    if hasattr(faulty, "_writer"):  # SQLite's keeps them for itself
        monkeypatch.setattr(faulty._writer._tx, "_statements", known)
    monkeypatch.setattr("services.officers.Officer.serves", lambda self, branch: True)
