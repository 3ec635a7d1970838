"""Keeping the calendar of this process like that of the store, which other processes change too."""

from datetime import datetime, timedelta
from functools import partial

from data.store import Store, Tx
from services import calendar_changes, deadlines, promises
from services.hours import Calendar


async def read(store: Store, calendar: Calendar) -> None:
    """Take over what the store has, as at a start."""
    async with store.read() as tx:
        calendar.follow(await calendar_changes.load(tx))


async def follow(store: Store, calendar: Calendar) -> bool:
    """As `read` when it was changed since; whether it was. Asks for a few numbers only."""
    async with store.read() as tx:
        if await calendar_changes.stamps(tx) == calendar.entries.stamps:
            return False
        calendar.follow(await calendar_changes.load(tx))
    return True


async def follow_and_mend(
    store: Store, calendar: Calendar, *, now: datetime, notice: timedelta
) -> bool:
    """As `follow`; after a change, mend promises and deadlines too, wherever they were made.

    A process that had not yet heard of the change may have filed by the calendar before it.
    """
    if not await follow(store, calendar):
        return False
    await store.write(partial(keep_promises, now=now, calendar=calendar, notice=notice))
    await plan(store, calendar, now=now)
    return True


async def plan(store: Store, calendar: Calendar, *, now: datetime) -> None:
    """Plan the deadlines of all open requests anew, one branch after the other."""
    async with store.read() as tx:
        branches = await deadlines.open_branches(tx)
    for branch in branches:
        await store.write(partial(deadlines.replan, branch=branch, now=now, calendar=calendar))


async def keep_promises(tx: Tx, *, now: datetime, calendar: Calendar, notice: timedelta) -> int:
    """Let everybody be told whose promise does not hold, wherever it was made; how many.

    A process that had not yet heard of a change may have promised what no longer held.
    """
    moves = [
        move
        for row in await tx.all("waiting_branches")
        for move in await promises.moved(
            tx, row["branch"], now=now, before=calendar, after=calendar
        )
    ]
    change = f"v{calendar.entries.version}"
    await promises.notify(tx, moves, now=now, after=notice, change=change)
    return len(moves)
