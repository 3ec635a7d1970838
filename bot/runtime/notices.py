"""Sentences that a turn says after it has looked at the store, and a page may show before."""

from datetime import datetime

from data.places import Branch
from flows.facts import Say
from services.promises import Renewed


def rescheduled(promise: Renewed, branch: Branch, *, place: int, now: datetime) -> Say:
    """That *branch* serves the request at another time than was told; *place* counts from 1."""
    return Say(
        "tiket.jadwal",
        {
            "tiket": promise.request.number,
            "cabang": branch.name,
            "urutan": place,
            "buka": promise.opens,
            "sekarang": promise.opens <= now,
            "semula": promise.shut or "",
            "sebab": promise.why,
        },
    )
