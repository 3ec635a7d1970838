"""What a participant may know about an own request: how it stands, and its timeline."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from data.instants import from_us
from data.store import Row, Tx
from services import requests, unsent
from services.requests import Request

TOLD = (
    *("filed", "claimed", "correction_asked", "corrected", "transferred", "released", "lapsed"),
    *("finished", "refused", "withdrawn", "expired", "reopened"),
)
"""Actions of the audit that a participant is told of; views, notes and replies are not."""
REPLIED = "replied"


class Happened(msgspec.Struct, frozen=True):
    """One line of the timeline; *action* as in `TOLD`, *name* the officer's ('' if none)."""

    at: datetime
    action: str
    name: str
    branch: str


class Standing(msgspec.Struct, frozen=True):
    """A request now, and how it came there."""

    request: Request
    timeline: Sequence[Happened]


async def standing(tx: Tx, chat: str, number: str = "", service: str = "") -> Standing:
    """The request *number*, or the newest (of *service*), of this chat; else raises `NotFound`.

    What an officer can still take back has not happened yet.
    """
    request = await requests.for_participant(tx, chat, number, service)
    happened = _happened(await tx.all("audit_of", object=request.number))
    if still := await unsent.waiting(tx, request):
        request = replace(request, **still.was)
        if still.action != REPLIED:
            happened.pop()
    return Standing(request, happened)


def _happened(rows: Sequence[Row]) -> list[Happened]:
    """What the participant may know of the trail."""
    return [
        Happened(from_us(row["at"]), row["action"], row["name"], row["branch"])
        for row in unsent.kept(rows)
        if row["action"] in TOLD
    ]
