"""Opening an ended request again: it waits at its old place, by its old number."""

from collections.abc import Mapping
from datetime import datetime

from data.instants import from_us
from data.store import Tx
from flows.spec import Flow
from services import audit, deadlines, requests
from services.conversation import LONGEST, tidy, worded, write
from services.desk import tell
from services.hours import Calendar
from services.leases import FREE, Rules
from services.officers import Officer
from services.refusals import Refused
from services.requests import Request

NOTE = "Dibuka lagi oleh peserta: {}"
NO_REASON = "tanpa keterangan"


async def reopen(
    tx: Tx, officer: Officer, number: str, *, reason: str, now: datetime, calendar: Calendar
) -> Request:
    """Open an ended request again; a supervisor's decision."""
    reason = worded(reason)
    if not officer.supervises:
        raise Refused("petugas.hanya_penyelia")
    request = await requests.to_change(tx, officer, number)
    return await _reopen(tx, request, reason, now, calendar, actor=officer.id, name=officer.name)


async def reopen_own(
    tx: Tx,
    chat: str,
    number: str,
    *,
    reason: str,
    now: datetime,
    calendar: Calendar,
    flows: Mapping[str, Flow],
    rules: Rules,
) -> Request:
    """The participant says that a request which was finished or refused is not solved.

    Raises `NotFound` for another person's request, `Refused`: ``buka_lagi.petugas`` where the
    service leaves it to officers (such as a report of a death) or where it ended otherwise,
    ``buka_lagi.sudah`` for one that is open, ``buka_lagi.lewat`` (*hari*) and ``buka_lagi.sering``
    (*kali*) beyond the limits of *rules*.
    """
    request = await requests.for_participant(tx, chat, number)
    said = {"tiket": request.number}
    flow = flows.get(request.service)
    if flow is None or not flow.reopen or request.status in ("withdrawn", "expired"):
        raise Refused("buka_lagi.petugas", **said)
    if request.status not in ("done", "refused"):
        raise Refused("buka_lagi.sudah", **said)
    if request.ended_at is not None and now >= from_us(request.ended_at) + rules.reopen:
        raise Refused("buka_lagi.lewat", **said, hari=rules.reopen.days)
    row = await tx.one(
        "request_reopened", object=request.number, actor=audit.PARTICIPANT, action="reopened"
    )
    if row and row["times"] >= rules.reopen_times:
        raise Refused("buka_lagi.sering", **said, kali=row["times"])
    reason = NOTE.format(tidy(reason)[:LONGEST] or NO_REASON)
    return await _reopen(tx, request, reason, now, calendar, actor=audit.PARTICIPANT)


async def _reopen(
    tx: Tx,
    request: Request,
    note: str,
    now: datetime,
    calendar: Calendar,
    *,
    actor: str,
    name: str = "",
) -> Request:
    after = await requests.change(
        tx, request, "reopen", ended_at=None, outcome="", reason="", reason_code="", **FREE
    )
    after = await deadlines.plan(tx, after, calendar)
    await write(tx, after, "note", note, officer=actor if name else "", now=now)
    await requests.record(tx, after, actor, "reopened", now)
    await tell(tx, after, "reopened", now=now, officer=name)
    return after
