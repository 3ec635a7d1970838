"""Events that arrive, inside the writer's transaction: put aside, or given their turn at once."""

import sqlite3
from collections.abc import Iterator, Sequence

import msgspec

from data.sqlite_turns import Batch
from data.sqlite_writer import SqliteTx, drive, is_busy
from data.store import Head, NewEvent, Received, Row, TurnWrites
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


Arrival = tuple[Sequence[NewEvent], Terms]
"""Events that came together, and how they may have their turns."""


def receive(tx: SqliteTx, arrivals: Sequence[Arrival]) -> Sequence[Received]:
    """Store the events of *arrivals*; those that find nothing ahead of them have their turn."""
    batches = [Batch(tx, terms) for _, terms in arrivals]
    came = [
        _Came(batch, event)
        for batch, (events, _) in zip(batches, arrivals, strict=True)
        for event in events
    ]
    for some in _passes(came, guarded=tx.guarded):
        _pass(tx, some)
    fresh = iter(came)
    return [
        Received([next(fresh).is_new for _ in events], batch.report())
        for batch, (events, _) in zip(batches, arrivals, strict=True)
    ]


class _Came(msgspec.Struct):
    """An event on its way: its *row* is its chat's, *head* is there when it has its turn now."""

    batch: Batch
    event: NewEvent
    is_new: bool = False
    row: Row | None = None
    head: Head | None = None
    writes: TurnWrites | None = None


def _passes(came: Sequence[_Came], *, guarded: bool) -> Iterator[Sequence[_Came]]:
    """What can be done at once: one event of each chat at most, a single one where *guarded*."""
    some: list[_Came] = []
    chats: set[str] = set()
    for one in came:
        if some and (guarded or one.event.chat in chats):
            yield some
            some, chats = [], set()
        some.append(one)
        chats.add(one.event.chat)
    if some:
        yield some


def _pass(tx: SqliteTx, came: Sequence[_Came]) -> None:
    """Take the events, then run their turns, then write what these leave behind.

    So the processor finds each part of the work where it has just been. When a turn raises, its
    event goes the ordinary way, where its tries are counted.
    """
    tx.savepoint()
    try:
        for one in came:
            _take(tx, one)
        for one in came:
            if one.head is not None:
                one.writes = drive(one.batch.terms.run(tx, one.head))
        for one in came:
            if one.head is not None and one.writes is not None:
                _leave(tx, one, one.head, one.writes)
    except Exception as error:
        if is_busy(error):
            raise
        tx.undo()
        [one] = came
        one.is_new = put(tx, one.event)
    else:
        tx.keep()


def _take(tx: SqliteTx, one: _Came) -> None:
    """Store an event as done if its turn may be now, else for later."""
    event, terms = one.event, one.batch.terms
    if not terms.prompt(event):
        one.is_new = put(tx, event)
        return
    one.row = tx.ask("prompt_chat", chat=event.chat, now=terms.now).fetchone()
    if one.row is not None and one.row["waits"]:
        one.is_new = put(tx, event)
        return
    taken = _insert(tx, event, "done")
    one.is_new = taken.rowcount == 1
    if one.is_new:
        one.head = terms.prompt_head(event, taken.lastrowid or 0, one.row)


def _leave(tx: SqliteTx, one: _Came, head: Head, writes: TurnWrites) -> None:
    """Write what a turn leaves behind."""
    batch = one.batch
    handed = batch.leave(head, one.row, writes)
    timed = writes.timers or writes.dropped_timers
    keep = "prompt_session" if timed else "prompt_session_alone"
    tx.ask(keep, session=writes.session, said=len(writes.outbox), chat=head.chat)
    batch.ended(head, writes, handed)
    for timer in writes.timers:
        batch.due(timer.due_at)
