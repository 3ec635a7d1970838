"""Telling those who wait: what they were told is kept, and told again only when it means less.

The regular work looks for people whose place or time has moved and puts a notice into their inbox;
the turn of that notice looks again and says what holds by then, or nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

import msgspec

from data.instants import from_us, to_us
from data.store import Row, Store, Tx
from services import estimates, queue, requests
from services.desk import tell_later
from services.estimates import Estimate, Rules
from services.hours import Calendar
from services.refusals import NotFound
from services.requests import Request

MOVED = "moved"
FIRST = 200
"""Places of a queue that are looked at: who stands behind is told when he comes nearer."""


class Standing(msgspec.Struct, frozen=True):
    """A place in a queue and the time that goes with it, as the participant is told."""

    request: Request
    place: int
    estimate: Estimate | None


class Moved(msgspec.Struct, frozen=True):
    """A request of *chat* whose participant may have to be told again."""

    number: str
    chat: str
    service: str


async def standing(
    tx: Tx, request: Request, *, now: datetime, calendar: Calendar, rules: Rules
) -> Standing:
    """Where *request* stands; it counts as told."""
    place = await queue.position(tx, request)
    found = await estimates.estimate(tx, request, place, now=now, calendar=calendar, rules=rules)
    if place:
        await _keep(tx, request, place, found, now)
    return Standing(request, place, found)


async def moved(
    tx: Tx, branch: str, *, now: datetime, calendar: Calendar, rules: Rules
) -> Sequence[Moved]:
    """Who waits at *branch* and should be told again; nobody while it is shut."""
    if not calendar.is_open(branch, now):
        return []
    paces: dict[str, timedelta | None] = {}
    found = []
    for place, row in enumerate(await tx.all("wait_line", branch=branch, limit=FIRST), 1):
        service = row["service"]
        if not _may_tell(row, now, rules):
            continue
        if service not in paces:
            paces[service] = await estimates.pace(
                tx, branch, service, now=now, calendar=calendar, rules=rules
            )
        each = paces[service]
        later = each and estimates.span(
            branch, place * each, now=now, calendar=calendar, rules=rules
        )
        if _says(row, place, later or None, rules):
            found.append(Moved(row["number"], row["chat"], service))
    return found


async def notify(tx: Tx, branch: str, moves: Sequence[Moved], *, now: datetime) -> None:
    """Let the turns of those people look again; chats are held in their order."""
    for move in sorted(moves, key=lambda move: move.chat):
        await tell_later(
            tx,
            chat=move.chat,
            ticket=move.number,
            service=move.service,
            branch=branch,
            action=MOVED,
            name=str(to_us(now)),
            now=now,
            due=now,
        )


async def look(store: Store, *, now: datetime, calendar: Calendar, rules: Rules) -> int:
    """Look at all queues, and notify who should be told again; how many."""
    async with store.read() as tx:
        branches = [row["branch"] for row in await tx.all("waiting_branches")]
    notified = 0
    for branch in branches:
        async with store.read() as tx:
            moves = await moved(tx, branch, now=now, calendar=calendar, rules=rules)
        if moves:
            await store.write(partial(notify, branch=branch, moves=moves, now=now))
        notified += len(moves)
    return notified


async def renew(
    tx: Tx, chat: str, number: str, *, now: datetime, calendar: Calendar, rules: Rules
) -> tuple[str, Standing] | None:
    """The key of what is to be said now about a place that moved, and the place; it counts as
    told."""
    try:
        request = await requests.for_participant(tx, chat, number)
    except NotFound:
        return None
    told = await tx.one("wait_told", request=request.id)
    place = await queue.position(tx, request)
    if not place or told is None or not _may_tell(told, now, rules):
        return None
    found = await estimates.estimate(tx, request, place, now=now, calendar=calendar, rules=rules)
    key = _says(told, place, found, rules)
    if not key:
        return None
    await _keep(tx, request, place, found, now)
    return key, Standing(request, place, found)


def _may_tell(told: Row, now: datetime, rules: Rules) -> bool:
    return told["at"] is not None and now - from_us(told["at"]) >= rules.apart


def _says(told: Row, place: int, found: Estimate | None, rules: Rules) -> str:
    """The key of the sentence for who was *told* otherwise; '' when that means the same still."""
    if place <= rules.near < told["place"]:
        return "antre.maju"
    if found and told["until"] and found.until > from_us(told["until"]) + rules.moved:
        return "antre.mundur"
    return ""


async def _keep(
    tx: Tx, request: Request, place: int, found: Estimate | None, now: datetime
) -> None:
    until = to_us(found.until) if found else None
    await tx.run("wait_tell", request=request.id, now=to_us(now), place=place, until=until)
