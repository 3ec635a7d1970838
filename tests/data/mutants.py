"""Stores with one guard taken out: tests that do not notice them guard nothing."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from data.opening import open_store
from data.statements import Statements
from data.store import Head, RunTurn, Store, TurnReport, TurnWrites, Tx

Planted = Callable[[str], Store]
"""Makes the faulty store at an address."""


def rewritten(*changes: tuple[str, str, str]) -> Planted:
    """A store of which some statements say something else: (name, old words, new words)."""

    def make(address: str) -> Store:
        store: Any = open_store(address)
        known = Statements(store._statements)
        for name, old, new in changes:
            statement = known[name]
            assert old in statement.sql, f"{name} does not say {old}"
            known[name] = replace(statement, sql=statement.sql.replace(old, new))
        store._statements = known
        made: Store = store
        return made

    return make


def marks_done_later(address: str) -> Store:
    """A store that marks events done in a commit of its own, after the one of their turns."""
    store: Any = rewritten(("turn_done", "status = 'done'", "status = status"))(address)
    turns = store.turns
    unmarked: list[int] = []

    async def mark(tx: Tx) -> None:
        while unmarked:
            await tx.run("turn_dead", event=unmarked.pop(), attempts=0, error="")

    async def marking_later(run: RunTurn, **terms: Any) -> TurnReport:
        async def noted(tx: Tx, head: Head) -> TurnWrites:
            written = await run(tx, head)
            if head.channel != "timer":
                unmarked.append(head.event)
            return written

        await store.write(mark)
        report: TurnReport = await turns(noted, **terms)
        return report

    store.turns = marking_later
    made: Store = store
    return made


PLANTED: dict[str, Planted] = {
    "no dedupe": rewritten(
        ("event_put", "VALUES (?1, ?2,", "VALUES (?1, ?2 || hex(randomblob(8)),")
    ),
    "done in a commit of its own": marks_done_later,
    "sending is never recovered": rewritten(
        ("outbox_recover", "status = 'sending'", "status = 'unknown'")
    ),
    "messages skip the line": rewritten(
        ("outbox_claim", "ahead.seq = head.seq - 1", "ahead.seq = head.seq + 1")
    ),
    "newest first": rewritten(
        ("turn_heads", "ORDER BY head.rank, head.id", "ORDER BY head.id DESC")
    ),
    "files are overtaken": rewritten(
        ("turn_heads", "head.status IN ('fetching', 'new')", "head.status = 'new'")
    ),
    "what arrives passes what waits": rewritten(
        ("prompt_chat", "event.status IN ('fetching', 'new')", "event.status = 'dead'")
    ),
    "timers are forgotten": rewritten(("turn_session", "MIN(due_at)", "NULL")),
}
