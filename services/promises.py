"""What participants were promised: when the branch opens and serves what waits there.

A promise is kept with its request. When the calendar changes, a notice is put into the inbox of
everybody whose promise no longer holds; its turn looks again and tells what holds by then. So
several changes in a short time are told once, and one that was taken back is not told at all.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from data.instants import from_us, to_us
from data.store import Tx
from forms.language import Words
from services import requests
from services.desk import tell_later
from services.hours import Calendar
from services.refusals import NotFound
from services.requests import Request

RESCHEDULED = "rescheduled"


class Moved(msgspec.Struct, frozen=True):
    """A request that waits and is served at another time than its participant was told.

    *was* is what was promised, or the present when the branch was open; *opens* is what holds now.
    """

    request: str
    chat: str
    service: str
    branch: str
    was: datetime
    opens: datetime


class Renewed(msgspec.Struct, frozen=True):
    """A promise that was just made anew.

    *shut* is the promised day when the branch is closed all that day, and *why*; else None.
    """

    request: Request
    opens: datetime
    shut: datetime | None
    why: Words


async def keep(tx: Tx, request: Request, opens: datetime | None) -> None:
    """The participant is being told that *request* is served from *opens*; None takes it back."""
    promised = to_us(opens) if opens else None
    if promised != request.promised:
        await tx.run("promise", id=request.id, promised=promised)


async def moved(
    tx: Tx, branch: str, *, now: datetime, before: Calendar, after: Calendar
) -> Sequence[Moved]:
    """What *after* moves of the requests that wait at *branch*, where *before* held until now.

    Who was told an opening ahead is moved when it is another one; who waits at an open branch,
    when that shuts at once. Who was told nothing of the kind has been promised nothing.
    """
    rows = await tx.all("promises", branch=branch)
    if not rows:
        return []
    opens = after.next_opening(branch, now)
    shuts = before.is_open(branch, now) and opens > now
    found = []
    for row in rows:
        promised = from_us(row["promised"]) if row["promised"] else now
        if (promised > now and promised != opens) or (promised <= now and shuts):
            found.append(
                Moved(
                    request=row["number"],
                    chat=row["chat"],
                    service=row["service"],
                    branch=branch,
                    was=max(promised, now),
                    opens=opens,
                )
            )
    return found


async def notify(
    tx: Tx, moves: Sequence[Moved], *, now: datetime, after: timedelta, change: str
) -> None:
    """Let the participants of *moves* be told in a while, once for each *change*.

    Chats are held in their order, so that two who do this cannot wait for each other.
    """
    for move in sorted(moves, key=lambda move: move.chat):
        await tell_later(
            tx,
            chat=move.chat,
            ticket=move.request,
            service=move.service,
            branch=move.branch,
            action=RESCHEDULED,
            name=change,
            now=now,
            due=now + after,
        )


async def renew(
    tx: Tx, chat: str, number: str, *, now: datetime, calendar: Calendar
) -> Renewed | None:
    """The promise that holds now, when it is another one than was told; it counts as told then."""
    promise = await look(tx, chat, number, now=now, calendar=calendar)
    if promise:
        await keep(tx, promise.request, promise.opens)
    return promise


async def look(
    tx: Tx, chat: str, number: str, *, now: datetime, calendar: Calendar
) -> Renewed | None:
    """As `renew`, with nothing told yet."""
    try:
        request = await requests.for_participant(tx, chat, number)
    except NotFound:
        return None
    if request.status != "waiting":
        return None
    opens = calendar.next_opening(request.branch, now)
    promised = from_us(request.promised) if request.promised else now
    if opens == promised or (promised <= now and opens <= now):
        return None
    was = max(promised, now).astimezone(opens.tzinfo)
    day = calendar.day(request.branch, was.date())
    shut = opens > was and not day.intervals
    return Renewed(request, opens, was if shut else None, day.note if shut else "")
