"""Keeping figures: what the audit says of each request, counted in open minutes of its branch.

They follow the audit some seconds behind, and can be made anew from it at any time: a request with
a new entry is counted from its whole trail, in which nothing is left of what was taken back.
A chain's entries become visible in their order, so that the last one known tells all that are.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from data.instants import from_us
from data.store import Row, Store, Tx
from services import unsent
from services.hours import Calendar

STRETCH: Final = 500
"""Entries that are counted in one transaction."""
MOST_STRETCHES: Final = 200
"""Stretches at a time: the first start on an old store goes on at the next time."""

ANSWERS: Final = frozenset(("replied", "correction_asked", "finished", "refused"))
"""Actions with which an officer says something to the participant."""
COUNTED: Final = ANSWERS | {
    *("filed", "claimed", "corrected", "released", "lapsed", "transferred"),
    *("withdrawn", "expired", "reopened", unsent.TAKEN_BACK),
}


async def follow(store: Store, calendar: Calendar) -> int:
    """Count what is new at every branch; the number of entries."""
    async with store.read() as tx:
        behind = [row["branch"] for row in await tx.all("figures_behind")]
    done = 0
    for branch in behind:
        for _ in range(MOST_STRETCHES):
            count = await store.write(partial(_count, branch=branch, calendar=calendar))
            done += count
            if count < STRETCH:
                break
    return done


async def _count(tx: Tx, branch: str, calendar: Calendar) -> int:
    """One stretch of a branch's chain; how long it was."""
    await tx.run("figures_begin", branch=branch)
    known = await tx.one("figures_cursor", branch=branch)
    assert known is not None  # it was begun above
    entries = await tx.all("audit_chain", branch=branch, after=known["entry"], limit=STRETCH)
    for number in sorted({row["object"] for row in entries if row["action"] in COUNTED}):
        request = await tx.one("request_by_number", number=number)
        if request is not None:
            trail = unsent.kept(await tx.all("audit_of", object=number))
            await tx.run("figure_put", **_figure(request, trail, calendar))
    if entries:
        await tx.run("figures_known", branch=branch, entry=entries[-1]["id"])
    return len(entries)


def _figure(request: Row, trail: Sequence[Row], calendar: Calendar) -> Mapping[str, object]:
    claims = [entry["at"] for entry in trail if entry["action"] == "claimed"]
    answers = [entry["at"] for entry in trail if entry["action"] in ANSWERS]
    first, last = min(claims, default=None), max(claims, default=None)
    answered = min(answers, default=None)
    branch, filed, ended = request["branch"], request["filed_at"], request["ended_at"]

    def minutes(since: int | None, until: int | None) -> int | None:
        if since is None or until is None or until < since:
            return None
        return calendar.open_minutes(branch, from_us(since), from_us(until))

    return {
        "request": request["id"],
        "branch": branch,
        "service": request["service"],
        "status": request["status"],
        "officer": request["officer"],
        "filed_at": filed,
        "claimed_at": first,
        "last_claimed_at": last,
        "responded_at": answered,
        "ended_at": ended,
        "corrections": sum(entry["action"] == "correction_asked" for entry in trail),
        "wait": minutes(filed, first),
        "response": minutes(filed, answered),
        "handling": minutes(last, ended),
    }
