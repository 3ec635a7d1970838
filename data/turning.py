"""Running turns, as far as both engines do it alike: terms, heads, and turns that failed."""

from dataclasses import dataclass

from data.store import Head, Outlet, Row, RunTurn, TurnFailure, TurnKilled, Tx


@dataclass(frozen=True)
class Terms:
    """How a batch of turns is run.

    *chat* narrows it to one chat; *counted* is an event whose attempt was committed before.
    """

    run: RunTurn
    now: int
    limit: int
    attempts: int
    chat: str = ""
    counted: int = 0
    outlet: Outlet | None = None

    def head(self, row: Row) -> Head:
        """The turn that a due chat and its oldest due event ask for."""
        return Head(
            chat=row["chat"],
            session=row["session"],
            version=row["version"],
            event=row["event"],
            channel=row["channel"],
            body=row["body"],
            received_at=row["received_at"],
            attempts=row["attempts"] - (row["event"] == self.counted),
        )

    def owner(self, chat: str) -> str:
        """Who sends what is said to *chat* at once, '' when it waits in the outbox."""
        serves = self.outlet is not None and channel_of(chat) in self.outlet.channels
        return self.outlet.owner if self.outlet is not None and serves else ""

    def check(self, head: Head) -> None:
        """Raise `TurnKilled` for a turn that ended the process as often as it may fail."""
        if head.attempts >= self.attempts:
            raise TurnKilled


async def count_attempt(tx: Tx, now: int) -> Row | None:
    """The chat and event whose turn it is, with this attempt counted; None when none is due."""
    while row := await tx.one("turn_heads", now=now, limit=1, chat=""):
        if row["status"] == "new":
            await tx.run("turn_attempt", event=row["event"])
            return row
        await tx.run("turn_settle", chat=row["chat"], now=now)
    return None


def channel_of(chat: str) -> str:
    """The channel of a chat's id: ``web`` of ``web:…``."""
    return chat.partition(":")[0]


async def keep_failure(tx: Tx, terms: Terms, head: Head, error: Exception) -> TurnFailure:
    """Keep the event of an undone turn for another try, or give it up; its chat then goes on.

    Only the name of the error's class is stored: its message may quote what somebody wrote.
    """
    tries = min(head.attempts + 1, terms.attempts)
    dead = tries == terms.attempts
    await tx.run(
        "turn_dead" if dead else "turn_failed",
        event=head.event,
        attempts=tries,
        error=type(error).__name__,
    )
    if dead:
        await tx.run("turn_settle", chat=head.chat, now=terms.now)
    return TurnFailure(head.chat, head.event, tries, dead, error)
