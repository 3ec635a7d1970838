"""How the running system stands: what waits and since when, what failed, where people are."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from data.instants import to_us
from data.store import Row, Tx
from services import officers
from services.officers import Officer

NEWEST = 5000
"""Events that are looked through for when a channel was heard of last."""
DEAD = 10
MOST_DRAFTS = 5000
"""Open forms that are looked into; where there are more, the counts are of these."""
TEMPLATES_WITHIN = timedelta(days=28)
LEFT_WITHIN = timedelta(days=28)

Place = tuple[str, str]
"""A service and one of its states."""
Places = Callable[[bytes], Sequence[Place]]
"""Where the open forms of a stored session stand."""


class System(msgspec.Struct, frozen=True):
    """Instants are microseconds since the epoch, None when nothing waits.

    *templates* were sent within `TEMPLATES_WITHIN`, some of which *templates_failed*.
    *due* is since when the oldest turn is due, *parked* are messages that wait for a word of their
    participants and not for us, *heard* tells when each channel brought something last.
    """

    due: int | None
    fetching: int
    unsent: int
    unsent_since: int | None
    parked: int
    templates: int
    templates_failed: int
    dead: int
    letters: Sequence[Row]
    workers: Sequence[Row]
    heard: Mapping[str, int]


class Crowd(msgspec.Struct, frozen=True):
    """People by place: those who stand there now, and those who stopped there lately.

    *forms* are the open forms that were looked into; *all_seen* tells whether there are no more.
    """

    now: Mapping[Place, int]
    left: Mapping[Place, int]
    forms: int
    all_seen: bool


async def look(tx: Tx, officer: Officer, at: datetime) -> System:
    """Everything that the store knows of the system; raises `NotFound` without the right."""
    officers.check(officer, "operate")
    queue = await tx.one("system_queue", now=to_us(at), since=to_us(at - TEMPLATES_WITHIN))
    assert queue is not None  # counts always come back
    return System(
        **queue,
        letters=await tx.all("system_dead", limit=DEAD),
        workers=await tx.all("system_workers"),
        heard={row["channel"]: row["at"] for row in await tx.all("system_heard", limit=NEWEST)},
    )


async def crowd(tx: Tx, officer: Officer, places: Places, at: datetime) -> Crowd:
    """Where people stand in all forms; raises `NotFound` without the right."""
    officers.check(officer, "operate")
    rows = await tx.all("drafts_open", limit=MOST_DRAFTS + 1)
    left = await tx.all("drafts_left", since=to_us(at - LEFT_WITHIN))
    standing = [places(row["session"]) for row in rows[:MOST_DRAFTS]]
    return Crowd(
        now=Counter(place for found in standing for place in found),
        left={(row["service"], row["step"]): row["stopped"] for row in left},
        forms=sum(map(len, standing)),
        all_seen=len(rows) <= MOST_DRAFTS,
    )
