"""Presence: which colleagues look at a request right now."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from data.instants import to_us
from data.store import Tx
from services import requests
from services.officers import Officer
from services.requests import Request

LASTS: Final = timedelta(seconds=45)
"""How long somebody counts as present after their page last said so; pages do every 20 s."""


async def look(tx: Tx, officer: Officer, number: str, *, now: datetime) -> bool:
    """*officer* looks at the request; whether that is news, or somebody has gone meanwhile."""
    request = await requests.for_officer(tx, officer, number)
    left = await tx.run("presence_old", now=to_us(now))
    seen = {"request": request.id, "officer": officer.id, "until": to_us(now + LASTS)}
    if await tx.run("presence_go_on", **seen):
        return bool(left)
    await tx.run("presence_put", **seen)
    return True


async def others(tx: Tx, officer: Officer, request: Request, *, now: datetime) -> Sequence[str]:
    """The names of colleagues who look at *request* now."""
    values = {"request": request.id, "officer": officer.id, "now": to_us(now)}
    return [row["name"] for row in await tx.all("presence_of", **values)]
