"""The hot statements find their rows through the small indexes, however much history there is."""

import sqlite3
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from data.opening import open_store
from data.postgres import PLANNING
from data.statements import load

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
POSTGRES = {
    **SQLITE,
    "turn_write": {"event_head", "pk_event", "pk_chat", "uq_outbox_chat_seq", "pk_outbox"},
    "prompt_heads": {"event_head", "pk_chat", "uq_event_channel_provider_id"},
    "prompt_hold": {"pk_chat"},
    "outbox_ended": {"pk_outbox"},
    # Only the rows that wait are read; which of the two indexes does it is of no matter.
    "outbox_recover": set(),
}
for only_sqlite in ("turn_session", "prompt_chat", "prompt_session"):
    del POSTGRES[only_sqlite]


LISTS: dict[str, Any] = {
    **dict.fromkeys(("chats", "out_chats", "out_owners", "from_channels", "provider_ids"), "web:1"),
    **dict.fromkeys(("sessions", "bodies", "out_bodies"), b""),
    **dict.fromkeys(("events", "said", "dues", "received", "ranks"), 1),
    **dict.fromkeys(("out_seqs", "out_events", "out_ns"), 1),
    **dict.fromkeys(("by_chats", "services", "keys", "texts"), "web:1"),
    **dict.fromkeys(("by_events", "ats", "marks"), 1),
    "news": True,
}
"""What PostgreSQL takes for many turns at once."""

MANY = 64
"""Turns of one batch: from so many on a look through everything may seem cheaper."""


def argument(parameter: str) -> Any:
    return {"chat": "", "owner": "me", "channels": ":web:", "rows": "[]"}.get(parameter, 1)


@pytest.mark.parametrize("name", SQLITE)
def test_sqlite_uses_the_index(empty_file: Path, name: str) -> None:
    statement = load("sqlite")[name]
    connection = sqlite3.connect(empty_file)
    rows = connection.execute(
        f"EXPLAIN QUERY PLAN {statement.sql}",
        [argument(parameter) for parameter in statement.parameters],
    ).fetchall()
    connection.close()
    plan = "\n".join(row[3] for row in rows)
    assert all(index in plan for index in SQLITE[name]), plan
    scanned = [line for line in plan.splitlines() if line.startswith("SCAN")]
    assert all("USING" in line for line in scanned), plan


async def test_postgres_uses_the_indexes(postgres_address: str) -> None:
    store = open_store(postgres_address)
    await store.open()
    await store.close()
    connection = await asyncpg.connect(postgres_address, server_settings=PLANNING)
    try:
        for name, indexes in POSTGRES.items():
            statement = load("postgres")[name]
            values = [
                [LISTS[parameter]] * MANY if parameter in LISTS else argument(parameter)
                for parameter in statement.parameters
            ]
            rows = await connection.fetch(f"EXPLAIN VERBOSE {statement.sql}", *values)
            plan = "\n".join(row[0] for row in rows)
            assert all(index in plan for index in indexes), f"{name}\n{plan}"
            assert "Seq Scan" not in plan, f"{name}\n{plan}"
            assert not indexes or "hashed SubPlan" not in plan, (
                f"{name} reads a whole index\n{plan}"
            )
    finally:
        await connection.close()
