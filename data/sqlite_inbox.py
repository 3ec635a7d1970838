"""Events that arrive, inside the writer's transaction: put aside, or given their turn at once."""

import sqlite3
from collections.abc import Sequence

from data.sqlite_turns import Batch
from data.sqlite_writer import SqliteTx, drive, is_busy
from data.store import NewEvent, Received
from data.turning import Terms


def put(tx: SqliteTx, event: NewEvent) -> bool:
    """Put *event* into the inbox and wake its chat; whether it is new."""
    fresh = _insert(tx, event, event.status).rowcount
    if fresh and not event.dead:
        due = None if event.media else event.due_at
        tx.ask("chat_wake", chat=event.chat, due_at=due)
    return fresh == 1


def _insert(tx: SqliteTx, event: NewEvent, status: str) -> sqlite3.Cursor:
    return tx.ask(
        "event_put",
        channel=event.channel,
        provider_id=event.provider_id,
        chat=event.chat,
        body=event.body,
        received_at=event.received_at,
        due_at=event.due_at,
        rank=event.rank,
        media=event.media,
        status=status,
        error=event.dead,
    )


def receive(tx: SqliteTx, events: Sequence[NewEvent], terms: Terms) -> Received:
    """Store *events*; those that find nothing ahead of them have their turn."""
    batch = Batch(tx, terms)
    fresh = [_prompt(batch, event) if terms.prompt(event) else put(tx, event) for event in events]
    return Received(fresh, batch.report())


def _prompt(batch: Batch, event: NewEvent) -> bool:
    """Give *event* its turn unless something of its chat waits; whether it is new.

    When the turn raises, the event goes the ordinary way, where its tries are counted.
    """
    tx, terms = batch.tx, batch.terms
    chat = tx.ask("prompt_chat", chat=event.chat, now=terms.now).fetchone()
    if chat is not None and chat["waits"]:
        return put(tx, event)
    tx.savepoint()
    taken = _insert(tx, event, "done")
    if not taken.rowcount:
        tx.keep()
        return False
    head = terms.prompt_head(event, taken.lastrowid or 0, chat)
    try:
        writes = drive(terms.run(tx, head))
        handed = batch.leave(head, chat, writes)
        tx.ask("prompt_session", session=writes.session, said=len(writes.outbox), chat=head.chat)
    except Exception as error:
        if is_busy(error):
            raise
        tx.undo()
        return put(tx, event)
    tx.keep()
    batch.ended(head, writes, handed)
    for timer in writes.timers:
        batch.due(timer.due_at)
    return True
