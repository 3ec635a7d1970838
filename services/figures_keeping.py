"""Keeping figures: what the audit says of each request, counted in open minutes of its branch.

They follow the audit entry by entry, some seconds behind, and can be made anew from it at any time.
A chain's entries become visible in their order, so that the last one known tells all that are.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from data.instants import from_us
from data.store import Row, Store, Tx
from services.hours import Calendar

STRETCH: Final = 500
"""Entries that are counted in one transaction."""
MOST_STRETCHES: Final = 200
"""Stretches at a time: the first start on an old store goes on at the next time."""

ANSWERS: Final = frozenset(("replied", "correction_asked", "finished", "refused"))
"""Actions with which an officer says something to the participant."""
COUNTED: Final = ANSWERS | {
    *("filed", "claimed", "corrected", "released", "lapsed", "transferred"),
    *("withdrawn", "expired", "reopened"),
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
    happened: dict[str, list[Row]] = defaultdict(list)
    for entry in entries:
        if entry["action"] in COUNTED:
            happened[entry["object"]].append(entry)
    for number, rows in happened.items():
        request = await tx.one("figure_of", number=number)
        if request is not None:
            await tx.run("figure_put", **_figure(request, rows, calendar))
    if entries:
        await tx.run("figures_known", branch=branch, entry=entries[-1]["id"])
    return len(entries)


def _figure(request: Row, entries: Sequence[Row], calendar: Calendar) -> Mapping[str, object]:
    """The figures of a request after *entries* were added to those it has."""
    claims = [entry["at"] for entry in entries if entry["action"] == "claimed"]
    answers = [entry["at"] for entry in entries if entry["action"] in ANSWERS]
    asked = sum(entry["action"] == "correction_asked" for entry in entries)
    first = min(_some(request["claimed_at"], *claims), default=None)
    last = max(_some(request["last_claimed_at"], *claims), default=None)
    answered = min(_some(request["responded_at"], *answers), default=None)
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
        "corrections": request["corrections"] + asked,
        "wait": minutes(filed, first),
        "response": minutes(filed, answered),
        "handling": minutes(last, ended),
    }


def _some(*instants: int | None) -> list[int]:
    return [instant for instant in instants if instant is not None]
