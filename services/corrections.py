"""Corrections: an officer asks for answers again, and the place in the queue is kept."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from data.instants import to_us
from data.store import Tx
from forms.report import Rendered
from services import audit, finding, requests
from services.changes import changes
from services.conversation import worded, write
from services.desk import AT_ONCE
from services.leases import FREE, Rules
from services.officers import Officer
from services.queue import Attached, attach
from services.requests import Request
from services.unsent import announce


async def ask_correction(
    tx: Tx,
    officer: Officer,
    number: str,
    *,
    step: str,
    reason: str,
    now: datetime,
    rules: Rules,
    item: int = 0,
    more: Sequence[str] = (),
    code: str = "",
    wait: timedelta = AT_ONCE,
) -> Request:
    """Ask the participant to answer *step* again, then *more*; *reason* is what they read.

    *step* is a state of the service's machine, such as ``nik`` or ``perubahan.nama_lama``; *item*
    counts from 0 within its group; *more* are such places, ``state:item``. *code* is the coded
    reason (`services.reasons`). Until *wait* is over it can be taken back (`services.unsent`).
    """
    reason = worded(reason)
    request = await requests.held_by(tx, officer, number)
    steps = " ".join((step, *(place.rpartition(":")[0] for place in more)))
    after = await requests.change(
        tx,
        request,
        "ask_correction",
        correction_step=steps,
        lease_until=to_us(now + rules.lease),
    )
    message = await write(tx, after, "officer", reason, officer=officer.id, now=now)
    await requests.record(tx, after, officer.id, "correction_asked", now, step=steps, code=code)
    await announce(
        tx,
        request,
        after,
        "correction",
        officer=officer,
        message=message,
        now=now,
        wait=wait,
        text=reason,
        step=step,
        values={"answers": request.answers, "item": item, **({"more": more} if more else {})},
    )
    return after


async def corrected(
    tx: Tx,
    chat: str,
    number: str,
    *,
    answers: Mapping[str, Any],
    report: str,
    report_masked: str,
    now: datetime,
    rules: Rules,
    flags: Sequence[str] = (),
    documents: Sequence[Attached] = (),
    found_by: Iterable[str] = (),
) -> Request:
    """The participant corrected: back to the same officer, or to the old place in the queue.

    What changed goes into the conversation, where the officer looks first. *documents* are all
    that the answers name now, *found_by* are the terms of
    `services.finding` that they give. Raises `NotFound` for another person's request,
    `Refused` when no correction is open.
    """
    request = await requests.for_participant(tx, chat, number)
    held = request.lease_until is not None and request.lease_until > to_us(now)
    hold = {"lease_until": to_us(now + rules.lease), "correction_step": ""} if held else FREE
    had = {row["sha256"] for row in await tx.all("request_documents", request=request.id)}
    after = await requests.change(
        tx,
        request,
        "correct" if held else "requeue",
        answers=answers,
        report=report,
        report_masked=report_masked,
        flags=tuple(flags),
        **hold,
    )
    await attach(tx, after, documents, now)
    await finding.keep(tx, after, found_by)
    before = Rendered(request.report, request.report_masked)
    if lines := changes(before, Rendered(report, report_masked)):
        await write(tx, after, "bot", "\n".join(lines), now=now)
    for attached in documents:
        if attached.document.sha256 not in had:
            await write(tx, after, "bot", "", document=attached.document.sha256, now=now)
    await requests.record(
        tx, after, audit.PARTICIPANT, "corrected", now, step=request.correction_step
    )
    return after
