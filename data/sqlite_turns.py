"""A batch of turns inside the writer's transaction, each undone alone when it fails."""

from data.sqlite_writer import SqliteTx, drive, is_busy
from data.store import Head, Outgoing, Row, TurnFailure, TurnReport, TurnWrites, Tx
from data.turning import Terms, channel_of, keep_failure


async def run_turns(tx: SqliteTx, terms: Terms) -> TurnReport:
    """Run the turns of *terms*; chats whose head waits for a file are put to rest."""
    done = sends = 0
    failures: list[TurnFailure] = []
    handed: list[Outgoing] = []
    behind: list[str] = []
    heads = await tx.all("turn_heads", now=terms.now, limit=terms.limit, chat=terms.chat)
    for row in heads:
        if row["status"] != "new":
            await tx.run("turn_settle", chat=row["chat"], now=terms.now)
            continue
        head = terms.head(row)
        tx.savepoint()
        try:
            terms.check(head)
            writes = drive(terms.run(tx, head))
            given = await _leave(tx, head, row, writes, terms)
        except Exception as error:
            if is_busy(error):
                raise
            tx.undo()
            failures.append(await keep_failure(tx, terms, head, error))
        else:
            tx.keep()
            done += 1
            handed += given
            if len(writes.outbox) > len(given):
                sends += len(writes.outbox) - len(given)
                behind.append(head.chat)
    due = await tx.one("next_due")
    return TurnReport(done, failures, sends, handed, behind, due["due_at"] if due else None)


async def _leave(tx: Tx, head: Head, row: Row, writes: TurnWrites, terms: Terms) -> list[Outgoing]:
    """Write what a turn leaves behind; the messages that are handed over."""
    chat, event, seq, now = head.chat, head.event, row["out_seq"], terms.now
    owner, handed = terms.owner(chat), []
    await tx.run("timer_fired" if head.channel == "timer" else "turn_done", event=event)
    for n, body in enumerate(writes.outbox):
        seq += 1
        said = {"chat": chat, "seq": seq, "event": event, "n": n, "body": body, "now": now}
        if owner and n == 0:
            put = await tx.one("outbox_hand", owner=owner, **said)
            if put and put["status"] == "sending":
                handed.append(Outgoing(put["id"], chat, channel_of(chat), body, 1))
        else:
            await tx.run("outbox_put", **said)
    for kind in writes.dropped_timers:
        await tx.run("timer_drop", timer=f"{chat}:{kind}")
    for timer in writes.timers:
        await tx.run(
            "timer_set",
            timer=f"{chat}:{timer.kind}",
            chat=chat,
            body=timer.body,
            now=now,
            due_at=timer.due_at,
        )
    await tx.run("turn_session", session=writes.session, out_seq=seq, chat=chat, now=now)
    return handed
