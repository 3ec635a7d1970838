"""The board of a branch: what its officers see of the queue, list by list and page by page."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from statistics import fmean
from typing import Any

import msgspec

from data.instants import from_us, to_us
from data.store import Row, Tx
from services import finding, officers
from services.hours import Calendar
from services.officers import ALL_BRANCHES, Officer
from services.refusals import NotFound

LISTS = ("menunggu", "saya", "semua")
"""What waits, what the officer has in hand, and everything of the branch."""

PAGE = 50
"""Rows of one page."""

LONGEST = 200
"""Rows of an officer's own list, which has no pages: nobody works on as many."""

SAMPLE = 20
"""So many of today's requests make the average wait."""

EARLIEST, LATEST = -(2**62), 2**62
"""Before and after all instants."""

Key = tuple[int, ...]
"""Where a page begins: what the list is ordered by, of the row before it.

Lane, deadline, since when and id; or lane, last word and the same; or the id alone.
"""


class Filter(msgspec.Struct, frozen=True):
    """What a list is narrowed to; what is empty narrows nothing. Deadlines in microseconds.

    With *heard_after* a list goes by when windows shut: those are open whose participants were
    heard of after it.
    """

    service: str = ""
    channel: str = ""
    officer: str = ""
    urgent: bool = False
    due_from: int = EARLIEST
    due_until: int = LATEST
    text: str = ""
    heard_after: int | None = None


class Page(msgspec.Struct, frozen=True):
    """Rows of a list, and the key of the page behind it (None when this is the last)."""

    rows: Sequence[Row]
    behind: Key | None = None


class Counts(msgspec.Struct, frozen=True):
    """How many wait, are in work, are in the officer's hands, and ended today.

    *wait* are the open minutes that the last of these waited on average until an officer took
    them, None before the first.
    """

    waiting: int
    working: int
    mine: int
    ended: int
    wait: int | None = None


async def page(
    tx: Tx, officer: Officer, branch: str, which: str, wanted: Filter, after: Key | None = None
) -> Page:
    """The page of one of `LISTS` behind the key *after*.

    Raises `NotFound` for a branch that is not the officer's.
    """
    officers.check(officer, "read", branch)
    match which:
        case "saya":
            values = {"viewer": officer.id, "least": int(wanted.urgent), "limit": LONGEST}
            if wanted.heard_after is None:
                found = await tx.all("board_mine", branch=branch, **values, **_narrow(wanted))
            else:
                values |= {"heard_after": wanted.heard_after, "last": LATEST}
                found = await tx.all(
                    "board_mine_windows", branch=branch, **values, **_narrow(wanted)
                )
            return Page(await _rows(tx, officer, [row["id"] for row in found]))
        case "semua":
            return await _all(tx, officer, branch, wanted, after)
        case _ if wanted.heard_after is not None:
            return await _by_windows(tx, officer, branch, wanted, wanted.heard_after, after)
        case _:
            return await _waiting(tx, officer, branch, wanted, after)


async def counts(
    tx: Tx, officer: Officer, branch: str, *, now: datetime, calendar: Calendar
) -> Counts:
    """The numbers above the lists; raises `NotFound` for a branch that is not the officer's."""
    officers.check(officer, "read", branch)
    local = now.astimezone(calendar.zone(branch))
    since = to_us(datetime.combine(local.date(), time(), local.tzinfo))
    values = {"branch": branch, "viewer": officer.id, "since": since}
    row = await tx.one("board_counts", **values)
    if row is None:
        raise NotFound("branch")
    waits = [
        calendar.open_minutes(branch, from_us(one["queued_at"]), from_us(one["claimed_at"]))
        for one in await tx.all("board_waits", limit=SAMPLE, **values)
    ]
    return Counts(**row, wait=round(fmean(waits)) if waits else None)


async def staff(tx: Tx, officer: Officer, branch: str) -> Mapping[str, str]:
    """Who works at a branch, by login name; raises `NotFound` for one that is not the officer's."""
    officers.check(officer, "read", branch)
    return {row["id"]: row["name"] for row in await tx.all("officers_of_branch", branch=branch)}


async def branch_of(tx: Tx, officer: Officer, wanted: str) -> str:
    """The branch to show: *wanted*, else the officer's own, else where most requests wait.

    It is '' when an admin has nothing to see yet.
    """
    if wanted or officer.branch != ALL_BRANCHES:
        return wanted or officer.branch
    waiting = await waiting_branches(tx, officer)
    return next(iter(waiting), "")


async def waiting_branches(tx: Tx, officer: Officer) -> Mapping[str, int]:
    """How many wait at each branch the officer may choose from; empty for a single branch."""
    if officer.branch != ALL_BRANCHES:
        return {}
    return {
        row["branch"]: row["waiting"] for row in await tx.all("board_branches", viewer=officer.id)
    }


async def _waiting(
    tx: Tx, officer: Officer, branch: str, wanted: Filter, after: Key | None
) -> Page:
    """The urgent lane first, then the other; each is walked from a place in its own index."""
    first, *place = after if after and len(after) == 4 else (1, EARLIEST, EARLIEST, 0)
    found: list[tuple[int, Row]] = []
    for lane in (1, 0):
        if lane > first or (wanted.urgent and not lane) or len(found) > PAGE:
            continue
        due, queued, id_ = place if lane == first else (EARLIEST, EARLIEST, 0)
        rows = await tx.all(
            "board_waiting",
            branch=branch,
            viewer=officer.id,
            lane=lane,
            after_due=due,
            after_queued=queued,
            after_id=id_,
            limit=PAGE + 1 - len(found),
            **_narrow(wanted),
        )
        found += [(lane, row) for row in rows]
    shown = found[:PAGE]
    lane, last = shown[-1] if shown else (0, {})
    behind = (lane, last["due_at"], last["queued_at"], last["id"]) if len(found) > PAGE else None
    return Page(await _rows(tx, officer, [row["id"] for _, row in shown]), behind)


async def _by_windows(
    tx: Tx, officer: Officer, branch: str, wanted: Filter, heard_after: int, after: Key | None
) -> Page:
    """The urgent first, then those whose windows shut soonest, then in the order of the queue."""
    begin = (1, EARLIEST, EARLIEST, EARLIEST, 0)
    lane, heard, due, queued, id_ = after if after and len(after) == len(begin) else begin
    found = await tx.all(
        "board_waiting_windows",
        branch=branch,
        viewer=officer.id,
        least=int(wanted.urgent),
        heard_after=heard_after,
        last=LATEST,
        after_lane=-lane,
        after_heard=heard,
        after_due=due,
        after_queued=queued,
        after_id=id_,
        limit=PAGE + 1,
        **_narrow(wanted),
    )
    shown = found[:PAGE]
    last = shown[-1] if len(found) > PAGE else None
    behind = (
        (last["priority"], last["heard"], last["due_at"], last["queued_at"], last["id"])
        if last
        else None
    )
    return Page(await _rows(tx, officer, [row["id"] for row in shown]), behind)


async def _all(tx: Tx, officer: Officer, branch: str, wanted: Filter, after: Key | None) -> Page:
    found = await tx.all(
        "board_all",
        branch=branch,
        viewer=officer.id,
        before=after[0] if after and len(after) == 1 else LATEST,
        least=int(wanted.urgent),
        any_due=int((wanted.due_from, wanted.due_until) == (EARLIEST, LATEST)),
        officer=wanted.officer,
        limit=PAGE + 1,
        **_narrow(wanted),
    )
    ids = [row["id"] for row in found]
    return Page(await _rows(tx, officer, ids[:PAGE]), (ids[PAGE - 1],) if len(ids) > PAGE else None)


def _narrow(wanted: Filter) -> dict[str, Any]:
    term = finding.sought(wanted.text)
    return {
        "service": wanted.service,
        "channel": f"{wanted.channel}:" if wanted.channel else "",
        "due_from": wanted.due_from,
        "due_until": wanted.due_until,
        "term": term,
        "term_end": term + finding.AFTER_ALL,
    }


async def _rows(tx: Tx, officer: Officer, ids: Sequence[int]) -> Sequence[Row]:
    """What lists show of the requests with these ids, in their order."""
    if not ids:
        return []
    found = await tx.all("board_rows", viewer=officer.id, ids=msgspec.json.encode(ids).decode())
    rows = {row["id"]: row for row in found}
    return [rows[id_] for id_ in ids if id_ in rows]


async def row(tx: Tx, officer: Officer, request: int) -> Row:
    """What lists show of one request; raises `NotFound` for one that is not the officer's."""
    for found in await _rows(tx, officer, [request]):
        return found
    raise NotFound("request")
