"""Running turns, as far as both engines do it alike: terms, heads, and turns that failed."""

from collections.abc import Sequence

import msgspec

from data.store import (
    Head,
    NewEvent,
    Outlet,
    Row,
    RunTurn,
    TurnFailure,
    TurnKilled,
    TurnReport,
    Tx,
)


class Terms(msgspec.Struct, frozen=True):
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

    def prompt(self, event: NewEvent) -> bool:
        """Whether *event* may have its turn as it arrives."""
        return not event.media and not event.dead and event.due_at <= self.now

    def prompt_head(self, event: NewEvent, number: int, chat: Row | None) -> Head:
        """The turn of *event*, stored under *number*; *chat* is None for somebody new."""
        return Head(
            chat=event.chat,
            session=chat["session"] if chat else None,
            version=chat["version"] if chat else 0,
            event=number,
            channel=event.channel,
            body=event.body,
            received_at=event.received_at,
            attempts=0,
        )

    def owner(self, chat: str, unsent: str | None = None) -> str:
        """Who sends what is said to *chat* at once, '' when it waits in the outbox.

        *unsent* is who sends the message ahead: only the same may take the next one, too.
        """
        outlet = self.outlet
        if outlet is None or channel_of(chat) not in outlet.channels:
            return ""
        return outlet.owner if unsent is None or unsent == outlet.owner else ""

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


def merged(reports: Sequence[TurnReport]) -> TurnReport:
    """One report of several batches."""
    if len(reports) == 1:
        return reports[0]
    return TurnReport(
        sum(report.done for report in reports),
        [failure for report in reports for failure in report.failures],
        sum(report.sends for report in reports),
        [outgoing for report in reports for outgoing in report.handed],
        [chat for report in reports for chat in report.behind],
        min((report.due for report in reports if report.due is not None), default=None),
    )


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
