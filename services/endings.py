"""How a request ends: finished, refused with a reason, withdrawn."""

from datetime import date, datetime
from typing import Any

from data.instants import to_us
from data.store import Tx
from forms.wording import plain_date
from services import audit, requests
from services.conversation import worded, write
from services.desk import tell
from services.officers import Officer
from services.refusals import Refused
from services.requests import Request


async def finish(tx: Tx, officer: Officer, number: str, *, outcome: str, now: datetime) -> Request:
    """Done; *outcome* is what the participant reads. Possible after closing."""
    outcome = worded(outcome)
    request = await requests.held_by(tx, officer, number)
    return await _end(tx, officer, request, "finish", outcome, now, outcome=outcome)


async def refuse(
    tx: Tx,
    officer: Officer,
    number: str,
    *,
    reason: str,
    now: datetime,
    again_from: date | None = None,
) -> Request:
    """It cannot be done: the reason, and the first date on which it can be asked again.

    Raises `Refused` (``petugas.tanggal_lewat``) for a date that is not ahead.
    """
    reason = worded(reason)
    if again_from and again_from <= now.date():
        raise Refused("petugas.tanggal_lewat", date=again_from)
    if again_from:
        reason = f"{reason}\n{AGAIN.format(plain_date(again_from))}"
    request = await requests.held_by(tx, officer, number)
    return await _end(tx, officer, request, "refuse", reason, now, reason=reason)


async def withdraw(tx: Tx, chat: str, number: str, *, now: datetime) -> Request:
    """The participant no longer wants it; raises `NotFound` for another person's request."""
    request = await requests.for_participant(tx, chat, number)
    after = await requests.change(tx, request, "withdraw", lease_until=None, ended_at=to_us(now))
    await requests.record(tx, after, audit.PARTICIPANT, "withdrawn", now)
    return after


AGAIN = "Bisa diajukan lagi mulai {}."
_ENDED = {"finish": "finished", "refuse": "refused"}


async def _end(
    tx: Tx,
    officer: Officer,
    request: Request,
    verb: str,
    text: str,
    now: datetime,
    **values: Any,
) -> Request:
    after = await requests.change(
        tx, request, verb, lease_until=None, ended_at=to_us(now), **values
    )
    action = _ENDED[verb]
    await write(tx, after, "officer", text, officer=officer.id, now=now)
    await requests.record(tx, after, officer.id, action, now)
    await tell(tx, after, action, now=now, officer=officer.name, text=text)
    return after
