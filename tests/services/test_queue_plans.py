"""The queue's statements find their rows through the small indexes, however long the history is."""

import sqlite3
from pathlib import Path

import pytest

from data.sqlite import SqliteStore
from data.statements import load

INDEXES = {
    "request_next": {"request_waiting"},
    "request_ahead": {"request_waiting"},
    "request_open": {"request_waiting", "request_held"},
    "request_open_branches": {"request_waiting", "request_held"},
    "request_lapsed": {"request_held"},
    "request_lapsed_branches": {"request_held"},
    "request_uncorrected": {"request_held"},
    "request_in_hand": {"request_held"},
    "request_latest": {"request_chat"},
    "request_promised": {"request_chat"},
    "waiting_branches": {"request_waiting"},
    "board_waiting": {"request_waiting (branch=? AND priority=? AND (due_at,queued_at"},
    "board_waiting_windows": {"request_waiting", "sqlite_autoindex_identity_1"},
    "board_mine": {"request_held"},
    "board_mine_windows": {"request_held", "sqlite_autoindex_identity_1"},
    "board_all": {"request_branch", "request_term"},
    "outbox_unpark": {"outbox_parked"},
    "conversation": {"message_request", "sqlite_autoindex_event_1", "sqlite_autoindex_outbox_2"},
    "board_rows": {"message_request"},
    "board_counts": {"request_waiting", "request_held", "request_ended"},
    "board_waits": {"request_ended"},
    "board_branches": {"request_waiting"},
    "wait_history": {"request_ended"},
    "wait_officers": {"request_held", "request_ended"},
    "wait_line": {"request_waiting"},
    "live_stamp": {"audit_branch"},
    "live_counts": {"request_waiting", "request_held"},
    "live_messages": {"message_request"},
    "term_clear": {"request_term_request"},
    "promises": {"request_waiting"},
    "desk_notice_drop": {"event_head"},
    "requests_to_follow": {"request_chat"},
    "desk_events_follow": {"event_head"},
    "inside_event": {"event_head"},
    "request_first": {"request_waiting"},
    "calendar_entries": {"calendar_entry_held"},
    "audit_last": {"audit_branch"},
    "audit_of": {"audit_object"},
}


@pytest.mark.parametrize("name", INDEXES)
async def test_no_statement_reads_requests_that_have_ended(tmp_path: Path, name: str) -> None:
    path = tmp_path / "empty.db"
    store = SqliteStore(path)
    await store.open()
    await store.close()
    statement = load("sqlite")[name]
    connection = sqlite3.connect(path)
    explain = f"EXPLAIN QUERY PLAN {statement.sql}"
    rows = connection.execute(explain, [1] * len(statement.parameters)).fetchall()
    connection.close()
    plan = [row[3] for row in rows]

    assert all(any(index in line for line in plan) for index in INDEXES[name]), plan
    assert not [line for line in plan if line.startswith("SCAN request") and "USING" not in line]
