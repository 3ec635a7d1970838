"""Deadlines: by when a request should have ended, in the open time of the branch that has it.

A deadline follows from since when a request waits, its service and the branch's calendar, and from
nothing else; so a request that is handed on or reopened keeps the time that it has waited.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from data.instants import from_us, to_us
from data.store import Row, Tx
from services.hours import Calendar
from services.requests import Request


class Moved(msgspec.Struct, frozen=True):
    """A request whose deadline is another one now; instants in microseconds since the epoch."""

    number: str
    chat: str
    status: str
    before: int
    after: int


def due_at(calendar: Calendar, branch: str, service: str, queued_at: int, *, urgent: bool) -> int:
    """The deadline of a request of *service* that waits at *branch* since *queued_at*."""
    allowed = calendar.levels.minutes(service, urgent=urgent)
    return to_us(calendar.after(branch, from_us(queued_at), timedelta(minutes=allowed)))


async def plan(tx: Tx, request: Request, calendar: Calendar) -> Request:
    """Set the deadline of a request that came to its branch, or came back to its queue."""
    due = due_at(
        calendar,
        request.branch,
        request.service,
        request.queued_at,
        urgent=bool(request.priority),
    )
    await tx.run("request_due", id=request.id, due_at=due)
    return replace(request, due_at=due)


async def replan(tx: Tx, branch: str, now: datetime, calendar: Calendar) -> Sequence[Moved]:
    """Set the deadlines of all open requests of *branch* after its calendar changed.

    What comes back are those that moved and are not past both before and after: nobody needs to
    hear that an hour which is gone was another one.
    """
    rows = await tx.all("request_open", branch=branch)
    planned = {row["id"]: _due_of(row, branch, calendar) for row in rows}
    moved = [row for row in rows if planned[row["id"]] != row["due_at"]]
    if moved:
        changes = [{"id": row["id"], "due_at": planned[row["id"]]} for row in moved]
        await tx.each("request_dues", changes)
    return [
        Moved(row["number"], row["chat"], row["status"], row["due_at"], planned[row["id"]])
        for row in moved
        if max(row["due_at"], planned[row["id"]]) > to_us(now)
    ]


async def open_branches(tx: Tx) -> Sequence[str]:
    """The branches at which something has not ended."""
    return [row["branch"] for row in await tx.all("request_open_branches")]


def _due_of(row: Row, branch: str, calendar: Calendar) -> int:
    urgent = bool(row["priority"])
    return due_at(calendar, branch, row["service"], row["queued_at"], urgent=urgent)
