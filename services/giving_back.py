"""What an officer has in hand who can serve it no longer: it goes back to its old places."""

from collections.abc import Sequence
from datetime import datetime

from data.store import Tx
from services import requests
from services.desk import tell
from services.leases import FREE
from services.officers import Officer
from services.requests import Request, request_of


async def in_hand(tx: Tx, officer: Officer) -> Sequence[Request]:
    """The requests that *officer* holds, in every branch, by ticket number."""
    held = [request_of(row) for row in await tx.all("request_in_hand", officer=officer.id)]
    return sorted(held, key=lambda one: one.number)


async def give_back(
    tx: Tx, officer: Officer, *, by: Officer, now: datetime, still: Officer | None = None
) -> int:
    """Release what *officer* holds and, as who he is *still*, cannot serve; how many that are.

    The audit names *by*; the participants are told as when the officer releases a request. Comes
    before anything of the transaction is noted: a turn holds its chat before it notes, in any
    other order the two could wait for each other.
    """
    for chat in sorted({request.chat for request in await in_hand(tx, officer)}):
        await tx.one("chat_lock", chat=chat)
    given = [one for one in await in_hand(tx, officer) if not _serves(still, one.branch)]
    for request in sorted(given, key=lambda one: (one.branch, one.number)):
        after = await requests.change(tx, request, "release", **FREE)
        await requests.record(tx, after, by.id, "released", now, officer=officer.id)
        await tell(tx, after, "released", now=now, officer=officer.name)
    return len(given)


def _serves(officer: Officer | None, branch: str) -> bool:
    return officer is not None and officer.may("serve") and officer.serves(branch)
