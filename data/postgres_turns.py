"""A batch of turns in one PostgreSQL transaction: one question, then one statement for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg

from data.postgres_tx import COLLISION, Overtaken, PostgresTx, TurnTx
from data.statements import Statements
from data.store import Head, Outgoing, StoreBusy, TurnFailure, TurnReport, TurnWrites, Tx
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


async def run_turns(connection: Any, statements: Statements, terms: Terms) -> TurnReport:
    """Run the turns of *terms* in the open transaction of *connection*.

    Chats whose head waits for a file are put to rest. Raises `Refused`.
    """
    tx = PostgresTx(connection, statements)
    rows = await tx.all("turn_heads", now=terms.now, limit=terms.limit, chat=terms.chat)
    ran: list[Ran] = []
    failures: list[TurnFailure] = []
    for row in rows:
        if row["status"] != "new":
            await tx.run("turn_settle", chat=row["chat"], now=terms.now)
            continue
        head = terms.head(row)
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
            ran.append(Ran(head, row["out_seq"], writes))
    if not ran:
        due = await tx.one("next_due")
        return TurnReport(failures=failures, due=due["due_at"] if due else None)
    try:
        handed, due_at = await _leave(tx, ran, terms)
    except asyncpg.IntegrityConstraintViolationError as error:
        raise Refused([turn.head for turn in ran], error) from error
    sends = sum(len(turn.writes.outbox) for turn in ran) - len(handed)
    first = {outgoing.chat for outgoing in handed}
    behind = [turn.head.chat for turn in ran if len(turn.writes.outbox) > (turn.head.chat in first)]
    return TurnReport(len(ran), failures, sends, handed, behind, due_at)


async def _leave(tx: Tx, ran: Sequence[Ran], terms: Terms) -> tuple[list[Outgoing], int | None]:
    """Write what turns leave behind; the messages that are handed over, and the next due time.

    Raises `Overtaken` when one of the events had its turn elsewhere meanwhile.
    """
    now = terms.now
    said = [(turn, n, body) for turn in ran for n, body in enumerate(turn.writes.outbox)]
    *rows, told = await tx.all(
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
    if told["done"] != len(ran):
        raise Overtaken
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
    handed = [
        Outgoing(
            id=row["id"],
            chat=first[row["event"]].head.chat,
            channel=channel_of(first[row["event"]].head.chat),
            body=first[row["event"]].writes.outbox[0],
            attempts=1,
        )
        for row in rows
    ]
    return handed, told["due_at"]
