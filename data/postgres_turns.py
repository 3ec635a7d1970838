"""A batch of turns in one PostgreSQL transaction: two questions, then one statement for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from data.postgres_tx import COLLISION, PostgresTx, TurnTx
from data.statements import Statements
from data.store import Head, Outgoing, Row, StoreBusy, TurnFailure, TurnReport, TurnWrites, Tx
from data.turning import Terms, channel_of, keep_failure


@dataclass(frozen=True)
class Ran:
    """A turn that went well; what it leaves behind is still to be written."""

    head: Head
    seq: int
    writes: TurnWrites


class Refused(Exception):
    """The common write broke a constraint; *heads* are to be tried one by one."""

    def __init__(self, heads: Sequence[Head], error: asyncpg.PostgresError) -> None:
        super().__init__(len(heads))
        self.heads = heads
        self.error = error


async def count_attempt(tx: Tx, now: int) -> Row | None:
    """The chat and event whose turn it is, with this attempt counted; None when none is due."""
    while chat := await tx.one("turn_lock", now=now, limit=1, chat=""):
        event = await tx.one("turn_heads", now=now, chats=[chat["chat"]])
        if event is not None and event["status"] == "new":
            await tx.run("turn_attempt", event=event["event"])
            return event
        await tx.run("turn_settle", chat=chat["chat"], now=now)
    return None


async def run_turns(connection: Any, statements: Statements, terms: Terms) -> TurnReport:
    """Run the turns of *terms* in the open transaction of *connection*.

    Chats whose head waits for a file are put to rest. Raises `Refused`.
    """
    tx = PostgresTx(connection, statements)
    chats = await tx.all("turn_lock", now=terms.now, limit=terms.limit, chat=terms.chat)
    if not chats:
        return TurnReport(due=await _next_due(tx))
    # Asked separately: a statement does not see what was committed while it waited for its locks.
    found = await tx.all("turn_heads", now=terms.now, chats=[chat["chat"] for chat in chats])
    heads = {event["chat"]: event for event in found if event["status"] == "new"}
    ran: list[Ran] = []
    failures: list[TurnFailure] = []
    for chat in chats:
        event = heads.get(chat["chat"])
        if event is None:
            await tx.run("turn_settle", chat=chat["chat"], now=terms.now)
            continue
        head = terms.head(chat, event)
        turn_tx = TurnTx(connection, statements)
        try:
            terms.check(head)
            writes = await terms.run(turn_tx, head)
            await turn_tx.keep()
        except (StoreBusy, *COLLISION):
            raise
        except Exception as error:
            await turn_tx.undo()
            failures.append(await keep_failure(tx, terms, head, error))
        else:
            ran.append(Ran(head, chat["out_seq"], writes))
    handed: list[Outgoing] = []
    if ran:
        try:
            handed = await _leave(tx, ran, terms)
        except asyncpg.IntegrityConstraintViolationError as error:
            raise Refused([turn.head for turn in ran], error) from error
    sends = sum(len(turn.writes.outbox) for turn in ran) - len(handed)
    return TurnReport(len(ran), failures, sends, handed, await _next_due(tx))


async def _next_due(tx: Tx) -> int | None:
    row = await tx.one("next_due")
    return row["due_at"] if row else None


async def _leave(tx: Tx, ran: Sequence[Ran], terms: Terms) -> list[Outgoing]:
    """Write what turns leave behind; the messages that are handed over."""
    now = terms.now
    said = [(turn, n, body) for turn in ran for n, body in enumerate(turn.writes.outbox)]
    rows = await tx.all(
        "turn_write",
        now=now,
        chats=[turn.head.chat for turn in ran],
        events=[turn.head.event for turn in ran],
        sessions=[turn.writes.session for turn in ran],
        said=[len(turn.writes.outbox) for turn in ran],
        dues=[min((timer.due_at for timer in turn.writes.timers), default=None) for turn in ran],
        out_chats=[turn.head.chat for turn, _, _ in said],
        out_seqs=[turn.seq + 1 + n for turn, n, _ in said],
        out_events=[turn.head.event for turn, _, _ in said],
        out_ns=[n for _, n, _ in said],
        out_bodies=[body for _, _, body in said],
        out_owners=[terms.owner(turn.head.chat) for turn, _, _ in said],
    )
    dropped = [f"{turn.head.chat}:{kind}" for turn in ran for kind in turn.writes.dropped_timers]
    if dropped:
        await tx.run("timer_drop", timers=dropped)
    timers = {
        f"{turn.head.chat}:{timer.kind}": (turn.head.chat, timer)
        for turn in ran
        for timer in turn.writes.timers
    }
    if timers:
        await tx.run(
            "timer_set",
            now=now,
            timers=list(timers),
            chats=[chat for chat, _ in timers.values()],
            bodies=[timer.body for _, timer in timers.values()],
            dues=[timer.due_at for _, timer in timers.values()],
        )
    first = {turn.head.event: turn for turn in ran}
    return [
        Outgoing(
            id=row["id"],
            chat=first[row["event"]].head.chat,
            channel=channel_of(first[row["event"]].head.chat),
            body=first[row["event"]].writes.outbox[0],
            attempts=1,
        )
        for row in rows
    ]
