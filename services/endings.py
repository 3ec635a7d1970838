"""How a request ends: finished, refused with a reason, withdrawn."""

from datetime import date, datetime, timedelta
from typing import Any

from data.instants import to_us
from data.store import Tx
from forms.wording import plain_date
from services import audit, checklist, requests
from services.conversation import worded, write
from services.desk import AT_ONCE, tell
from services.hours import Calendar
from services.officers import Officer
from services.refusals import Refused
from services.requests import Request
from services.unsent import announce


async def finish(
    tx: Tx,
    officer: Officer,
    number: str,
    *,
    outcome: str,
    now: datetime,
    code: str = "",
    wait: timedelta = AT_ONCE,
) -> Request:
    """Done; *outcome* is what the participant reads. Possible after closing.

    *code* is the coded reason (`services.reasons`); until *wait* is over the ending can be taken
    back (`services.unsent`). Raises `Refused` (``petugas.belum_diperiksa``) while something of the
    checklist is open.
    """
    outcome = worded(outcome)
    request = await requests.held_by(tx, officer, number)
    await checklist.check_complete(tx, request)
    values = {"outcome": outcome, "reason_code": code}
    return await _end(tx, officer, request, "finish", outcome, now, wait, **values)


async def refuse(
    tx: Tx,
    officer: Officer,
    number: str,
    *,
    reason: str,
    now: datetime,
    calendar: Calendar,
    again_from: date | None = None,
    code: str = "",
    wait: timedelta = AT_ONCE,
) -> Request:
    """It cannot be done: the reason, and the first date on which it can be asked again.

    *code* and *wait* as in `finish`.

    Raises `Refused` (``petugas.tanggal_lewat``) for a date that is not ahead at the branch.
    """
    reason = worded(reason)
    request = await requests.held_by(tx, officer, number)
    today = now.astimezone(calendar.zone(request.branch)).date()
    if again_from and again_from <= today:
        raise Refused("petugas.tanggal_lewat", date=again_from)
    if again_from:
        reason = f"{reason}\n{AGAIN.format(plain_date(again_from))}"
    values = {"reason": reason, "reason_code": code}
    return await _end(tx, officer, request, "refuse", reason, now, wait, **values)


async def withdraw(tx: Tx, chat: str, number: str, *, now: datetime) -> Request:
    """The participant no longer wants it, and their chat asks for no correction any more.

    Raises `NotFound` for another person's request.
    """
    request = await requests.for_participant(tx, chat, number)
    after = await requests.change(tx, request, "withdraw", lease_until=None, ended_at=to_us(now))
    await requests.record(tx, after, audit.PARTICIPANT, "withdrawn", now)
    await tell(tx, after, "withdrawn", now=now)
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
    wait: timedelta,
    **values: Any,
) -> Request:
    after = await requests.change(
        tx, request, verb, lease_until=None, ended_at=to_us(now), **values
    )
    action = _ENDED[verb]
    message = await write(tx, after, "officer", text, officer=officer.id, now=now)
    await requests.record(tx, after, officer.id, action, now, code=after.reason_code)
    await announce(
        tx,
        request,
        after,
        action,
        officer=officer,
        message=message,
        now=now,
        wait=wait,
        text=text,
    )
    return after
