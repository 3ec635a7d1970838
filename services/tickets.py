"""Ticket numbers, and what a participant learns when a request was filed."""

from datetime import datetime

import msgspec

from data.places import Branch
from data.store import Tx
from forms.language import Words
from services.requests import Request


class Ticket(msgspec.Struct, frozen=True):
    """A filed request as the participant hears of it.

    *opens_at* is the instant from which the branch serves it, in the branch's zone; *reason* says
    why the branch is shut now. *new* is false for a submission that was filed before.
    """

    request: Request
    open: bool
    opens_at: datetime
    reason: Words
    new: bool

    @property
    def number(self) -> str:
        return self.request.number


async def next_number(tx: Tx, branch: Branch, service: str) -> str:
    """``MND-G-0034``: the branch's ticket code, the service, a counter of both."""
    row = await tx.one("ticket_count", branch=branch.id, service=service)
    assert row is not None  # the statement always returns its row
    return f"{branch.ticket_code}-{service}-{row['last']:04}"
