"""What else the same participant has asked for, as far as an officer may see it."""

from collections.abc import Sequence

from data.store import Row, Tx
from services.officers import Officer
from services.requests import Request

MOST = 20


async def earlier(tx: Tx, officer: Officer, request: Request) -> Sequence[Row]:
    """``number, service, branch, status, filed_at, ended_at`` of others of the same chat.

    The newest `MOST` within the officer's scope.
    """
    asked = {"chat": request.chat, "id": request.id, "viewer": officer.id, "limit": MOST}
    return await tx.all("request_earlier", **asked)
