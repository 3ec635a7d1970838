"""No statement reads all of a table that grows, however empty it was when it was planned."""

import json
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from data.opening import open_store
from data.postgres_pool import PLANNING
from data.schema import metadata
from data.statements import Statement, load
from tests.data.conftest import reached
from tests.stores import bare_schema

SMALL = {
    # Of each officer, branch or process.
    *("officer", "officer_branch", "recovery_code", "staff_code", "staff_link"),
    *("figure_cursor", "worker", "duty"),
    # Made by hand.
    *("calendar", "calendar_entry", "quick_reply", "login_link"),
    # Soon forgotten.
    *("bucket", "link_code", "officer_session", "presence", "sign_in_delay", "template_early"),
    "unsent",
}
"""Tables that may be read whole."""

HISTORY = {"event_web", "request_ended"}
"""Indexes over a part of the rows that grows all the same."""

ALIVE = {
    str(index.name)
    for table in metadata.sorted_tables
    for index in table.indexes
    if index.dialect_options["postgresql"]["where"] is not None
} - HISTORY
"""Indexes over the few rows that are still alive. They may be read whole, but once."""

EVERYWHERE = {
    ("request_in_hand", "request_held"),
    ("staff_counts", "request_held"),
    ("staff_mine", "request_held"),
    ("staff_news_deadline", "request_waiting"),
    ("staff_news_urgent", "request_waiting"),
}
"""What looks among all that is alive for what its index does not begin with: at every branch."""

PAGES = {
    ("audit_search", "pk_audit"),
    ("audit_search_branch", "audit_branch"),
    ("board_all", "request_branch"),
}
"""What goes back in history, in its order, until a page is full of what somebody seeks."""

BY_HAND = {("demo_requests", "all of request_chat")}
"""What counts all requests, before invented ones are put into a store."""

EXCUSED = EVERYWHERE | PAGES | BY_HAND

NEXT_BRANCH = {
    ("audit_chains", "all of audit_branch (branch>?)"),
    ("drafts_left", "all of abandoned_branch (branch>?)"),
    ("drafts_places", "all of abandoned_branch (branch>?)"),
    ("figures_behind", "all of audit_branch (branch>?)"),
}
"""What asks for the branch after a known one: MIN reads one entry of the index behind it."""

NEWEST = {
    ("audit_newest", "all of audit"),
    ("export_last", "all of request"),
    ("figures_behind", "all of audit_branch (branch=?)"),
    ("staff_digests", "all of sqlite_autoindex_staff_alert_1 (officer=? AND kind=?)"),
}
"""What asks for the last of a key: MAX reads one entry, at the end of the index or of its part."""

WIDE = {"branch", "channel", "kind", "officer"}
"""Columns of which one value has ever more rows."""

STREAMS = {"LockRows", "Nested Loop", "Result", "Subquery Scan"}
"""What asks for no more rows than are asked of it, so that a limit ends the scan below."""

Indexes = Mapping[str, tuple[str, str]]
"""Table and first column of each index."""


def bounded(condition: str) -> bool:
    """Whether few rows fulfil a condition: one key, or a stretch of time or of terms."""
    terms = re.findall(r"\b(\w+) ?(=|[<>]=?) ?[?$\w(']", condition)
    return any(
        column not in WIDE if operator == "=" else column.endswith("at") or column == "term"
        for column, operator in terms
    )


def faults(
    node: Mapping[str, Any], indexes: Indexes, *, again: bool = False, limited: bool = False
) -> Iterator[str]:
    """The scans of a plan of PostgreSQL that may read too much.

    *again* says that the node is carried out for each row of another one, *limited* that no more is
    asked of it than is needed.
    """
    kind = node["Node Type"]
    if kind == "Seq Scan" and node["Relation Name"] not in SMALL:
        yield f"all of {node['Relation Name']}"
    if "Index" in kind:
        name, condition = node["Index Name"], node.get("Index Cond", "")
        table, column = indexes[name]
        begins = re.search(rf"\b{column} (=|<|>|IS)", condition) is not None
        if name in ALIVE:
            if again and not begins:
                yield f"all of {name} again and again"
            if condition and not begins:
                yield name
        elif table not in SMALL and not (begins and bounded(condition)):
            if not limited:
                yield f"all of {name}"
            elif "Filter" in node:
                yield name
    for child in node.get("Plans", ()):
        place = child["Parent Relationship"]
        inner = place == "SubPlan" or (place == "Inner" and kind == "Nested Loop")
        ends = kind == "Limit" or (limited and kind in STREAMS and place in ("Outer", "Subquery"))
        yield from faults(child, indexes, again=again or inner, limited=ends)


def sqlite_faults(statement: Statement, plan: list[str]) -> Iterator[str]:
    """The same of SQLite, which does not tell what reads no further than a limit.

    Nor does it tell where MIN and MAX read but one end, so `NEXT_BRANCH` and `NEWEST` name that.
    """
    ends = re.search(r"ORDER BY[^()]+LIMIT", statement.sql) and "FOR ORDER BY" not in str(plan)
    tables = {alias: table for table, alias in re.findall(r"(\w+) AS (\w+)", statement.sql)}
    for line in plan:
        found = re.match(
            r"(?:SCAN|SEARCH) (\w+)(?: USING (.*?)(?:INDEX (\w+)|KEY|INDEX))?"
            r"(?: \((.*)\))?(?: LEFT-JOIN)?$",
            line,
        )
        if found is None:
            continue
        name, how, index, condition = found.groups(default="")
        table = tables.get(name, name)
        if table not in metadata.tables or table in SMALL or index in ALIVE:
            continue
        if "AUTOMATIC" in how or not (ends or bounded(condition)):
            yield f"all of {index or table}" + (f" ({condition})" if condition else "")


def sqlite_plan(path: Path, statement: Statement) -> list[str]:
    connection = sqlite3.connect(path)
    try:
        nothing = [None] * len(statement.parameters)
        rows = connection.execute(f"EXPLAIN QUERY PLAN {statement.sql}", nothing).fetchall()
    finally:
        connection.close()
    return [row[3] for row in rows]


class Planner:
    """Plans as PostgreSQL uses them, whatever the values are, in a schema of its own."""

    def __init__(self, connection: Any, indexes: Indexes) -> None:
        self.connection = connection
        self.indexes = indexes

    async def plan(self, statement: Statement) -> Any:
        nothing = ", ".join(["NULL"] * len(statement.parameters))
        given = f"({nothing})" if nothing else ""
        await self.connection.execute(f"PREPARE planned AS {statement.sql}")
        found = await self.connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE planned{given}")
        await self.connection.execute("DEALLOCATE planned")
        return json.loads(found)[0]["Plan"]

    async def faults(self, statement: Statement) -> list[str]:
        return list(faults(await self.plan(statement), self.indexes))


INDEXES = """
SELECT pg_class.relname, indrelid::regclass::text, pg_get_indexdef(indexrelid, 1, true)
  FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
 WHERE relnamespace = current_schema()::regnamespace
"""


@pytest.fixture
async def planner(require: Any) -> AsyncIterator[Planner]:
    """In an empty schema that no other test has used, and of which nothing is known therefore."""
    await reached(require)
    async with bare_schema() as address:
        store = open_store(address)
        await store.open()
        await store.close()
        connection = await asyncpg.connect(address, server_settings=PLANNING)
        try:
            rows = await connection.fetch(INDEXES)
            yield Planner(connection, {name: (table, column) for name, table, column in rows})
        finally:
            await connection.close()


async def test_no_statement_of_postgres_reads_all_of_what_grows(planner: Planner) -> None:
    found = {
        (name, fault)
        for name, statement in load("postgres").items()
        for fault in await planner.faults(statement)
    }
    assert found == EXCUSED


def test_no_statement_of_sqlite_reads_all_of_what_grows(empty_file: Path) -> None:
    found = {
        (name, fault)
        for name, statement in load("sqlite").items()
        for fault in sqlite_faults(statement, sqlite_plan(empty_file, statement))
    }
    assert found == BY_HAND | NEXT_BRANCH | NEWEST


BAD = {
    "a join with a list": (
        "UPDATE outbox SET owner = '' FROM json_to_recordset(CAST($1 AS json)) AS known (id bigint)"
        " WHERE outbox.id = known.id AND status IS NOT DISTINCT FROM 'sending'"
    ),
    "all of a kind": "SELECT id FROM event WHERE channel = 'timer' AND provider_id = ANY($1)",
    "no index": "SELECT MIN(due_at) FROM request WHERE officer = $1",
    "the second column of an index": "SELECT COUNT(*) FROM abandoned WHERE at > $1",
    "one by one among all that is alive": (
        "SELECT id FROM outbox AS head WHERE status IN ('pending', 'sending') AND not_before < $1"
        " AND NOT EXISTS (SELECT 1 FROM outbox WHERE chat = head.chat AND seq = head.seq - 1"
        " AND status IN ('pending', 'sending')) ORDER BY not_before, id LIMIT 1"
    ),
    "a key among all that is alive": "SELECT body FROM event WHERE id = $1 AND status = 'new'",
    "far back": "SELECT id FROM audit WHERE id < $1 AND actor = 'x' ORDER BY id LIMIT 1",
}


async def test_what_reads_too_much_is_found(planner: Planner) -> None:
    found = {name: await planner.faults(Statement("", sql, ("one",))) for name, sql in BAD.items()}
    assert all(found.values()), found


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT COUNT(*) FROM request WHERE status IN ('waiting', 'claimed')",
        "SELECT 1 FROM event AS known WHERE channel = 'desk' AND status LIKE 'd%'",
        "SELECT outbox.id FROM outbox, event AS told WHERE told.status = outbox.status",
        "SELECT message.id FROM message LEFT JOIN event ON event.status = message.body"
        " WHERE message.request = 1",
        "SELECT service, COUNT(*) FROM abandoned"
        " WHERE at >= (SELECT MIN(ready_at) FROM chat WHERE ready_at > 0) GROUP BY service",
    ],
)
def test_what_reads_too_much_of_sqlite_is_found(empty_file: Path, sql: str) -> None:
    statement = Statement("bad", sql, ())
    assert list(sqlite_faults(statement, sqlite_plan(empty_file, statement)))


SQLITE = {
    "turn_heads": {"chat_ready", "event_head"},
    "turn_settle": {"event_head"},
    "turn_session": {"event_head"},
    "next_due": {"chat_ready"},
    "fetches": {"event_fetching"},
    "prompt_chat": {"event_head"},
    "prompt_session": {"event_head"},
    "outbox_claim": {"outbox_open", "outbox"},
    "outbox_recover": {"outbox_open"},
    "next_send_due": {"outbox_open", "outbox"},
    "web_chat_heard": {"event_web"},
    "web_chat_waiting": {"event_"},
    "uploads_awaited": {"event_fetching"},
}
PUT = {"pk_chat", "uq_outbox_chat_seq", "pk_outbox"}
POSTGRES = {
    **SQLITE,
    "turn_write": {*PUT, "event_head", "pk_event", "uq_event_channel_provider_id"},
    "prompt_write": PUT,
    "turns_done": {"pk_event"},
    "prompt_heads": {"event_head", "pk_chat", "uq_event_channel_provider_id"},
    "prompt_hold": {"pk_chat"},
    "outbox_claim": {"outbox_open", "uq_outbox_chat_seq", "pk_outbox"},
    "outbox_ended": {"pk_outbox"},
    "next_send_due": {"outbox_open", "uq_outbox_chat_seq"},
}
"""Which indexes the hot statements use."""

for only_sqlite in ("turn_session", "prompt_chat", "prompt_session"):
    del POSTGRES[only_sqlite]


@pytest.mark.parametrize("name", SQLITE)
def test_sqlite_uses_the_index(empty_file: Path, name: str) -> None:
    plan = str(sqlite_plan(empty_file, load("sqlite")[name]))
    assert all(index in plan for index in SQLITE[name]), plan


FEW = """
INSERT INTO chat (id, ready_at)
SELECT 'web:' || n, CASE WHEN n = 1 THEN n END FROM generate_series(1, 30) AS n;
INSERT INTO event (channel, provider_id, chat, body, received_at, due_at, status)
SELECT 'web', n, 'web:' || n, '', n, n, CASE WHEN n = 1 THEN 'new' ELSE 'done' END
  FROM generate_series(1, 30) AS n;
INSERT INTO outbox (chat, seq, event, n, body, created_at, status)
SELECT 'web:' || n, 1, n, 0, '', n, CASE WHEN n = 1 THEN 'pending' ELSE 'sent' END
  FROM generate_series(1, 30) AS n;
ANALYZE chat, event, outbox
"""
"""What a store holds when its tables are looked at for the first time."""


@pytest.mark.parametrize("rows", ["SELECT 1", FEW], ids=["empty", "few"])
async def test_postgres_uses_the_indexes(planner: Planner, rows: str) -> None:
    await planner.connection.execute(rows)
    for name, used in POSTGRES.items():
        plan = await planner.plan(load("postgres")[name])
        told = f"{name}\n{json.dumps(plan, indent=1)}"
        assert all(index in told for index in used), told
        assert not list(faults(plan, planner.indexes)), told
