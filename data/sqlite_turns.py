"""A batch of turns inside the writer's transaction, each undone alone when it fails."""

from data.sqlite_writer import SqliteTx, drive, is_busy
from data.store import Head, Outgoing, Row, TurnFailure, TurnReport, TurnWrites
from data.turning import Terms, channel_of, keep_failure


class Batch:
    """What the turns of one batch leave behind, and what is to be reported of them."""

    def __init__(self, tx: SqliteTx, terms: Terms) -> None:
        self.tx = tx
        self.terms = terms
        self.failures: list[TurnFailure] = []
        self._done = self._sends = 0
        self._handed: list[Outgoing] = []
        self._behind: list[str] = []
        self._due: int | None = None

    def due(self, due_at: int | None) -> None:
        """Something is due at *due_at*."""
        if due_at is not None and (self._due is None or due_at < self._due):
            self._due = due_at

    def leave(self, head: Head, row: Row | None, writes: TurnWrites) -> list[Outgoing]:
        """Write the messages, timers and consents of a turn; the messages that are handed over.

        *row* is the chat's: the number of its last message, and which one that is and who sends it
        as long as it has not ended.
        """
        handed = self._say(head, row, writes) if writes.outbox else []
        ask, now = self.tx.ask, self.terms.now
        for kind in writes.dropped_timers:
            ask("timer_drop", timer=f"{head.chat}:{kind}")
        for timer in writes.timers:
            ask(
                "timer_set",
                timer=f"{head.chat}:{timer.kind}",
                chat=head.chat,
                body=timer.body,
                now=now,
                due_at=timer.due_at,
            )
        for consent in writes.consents:
            ask(
                "consent_add",
                chat=head.chat,
                service=consent.service,
                key=consent.key,
                text_sha256=consent.text_sha256,
                at=consent.at,
                event=head.event,
            )
        return handed

    def ended(self, head: Head, writes: TurnWrites, handed: list[Outgoing]) -> None:
        """A turn went well."""
        self._done += 1
        self._handed += handed
        waiting = len(writes.outbox) - len(handed)
        if waiting:
            self._sends += waiting
            self._behind.append(head.chat)

    def _say(self, head: Head, row: Row | None, writes: TurnWrites) -> list[Outgoing]:
        """Put the messages into the outbox; those that are handed over."""
        chat, handed = head.chat, []
        seq, ahead, unsent = (row["out_seq"], row["ahead"], row["unsent"]) if row else (0, 0, None)
        owner = self.terms.owner(chat, unsent)
        for n, body in enumerate(writes.outbox):
            said = {
                "chat": chat,
                "seq": seq + 1 + n,
                "event": head.event,
                "n": n,
                "body": body,
                "now": self.terms.now,
            }
            if owner:
                number = self.tx.ask("outbox_hand", owner=owner, **said).lastrowid or 0
                handed.append(Outgoing(number, chat, channel_of(chat), body, 1, ahead or 0))
                ahead = number
            else:
                self.tx.ask("outbox_put", **said)
        return handed

    def report(self) -> TurnReport:
        """What became of the batch."""
        return TurnReport(
            self._done, self.failures, self._sends, self._handed, self._behind, self._due
        )


def run_turns(tx: SqliteTx, terms: Terms) -> TurnReport:
    """Run the turns of *terms*; chats whose head waits for a file are put to rest."""
    batch = Batch(tx, terms)
    heads = tx.ask("turn_heads", now=terms.now, limit=terms.limit, chat=terms.chat).fetchall()
    for row in heads:
        if row["status"] != "new":
            tx.ask("turn_settle", chat=row["chat"], now=terms.now)
            continue
        head = terms.head(row)
        tx.savepoint()
        try:
            terms.check(head)
            writes = drive(terms.run(tx, head))
            tx.ask("timer_fired" if head.channel == "timer" else "turn_done", event=head.event)
            handed = batch.leave(head, row, writes)
            tx.ask(
                "turn_session",
                session=writes.session,
                said=len(writes.outbox),
                chat=head.chat,
                now=terms.now,
            )
        except Exception as error:
            if is_busy(error):
                raise
            tx.undo()
            batch.failures.append(drive(keep_failure(tx, terms, head, error)))
        else:
            tx.keep()
            batch.ended(head, writes, handed)
    due = tx.ask("next_due").fetchone()
    batch.due(due["due_at"])
    return batch.report()
