"""Corrections: an officer asks for answers again, and the place in the queue is kept."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

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


class Part(msgspec.Struct, frozen=True):
    """One answer that is to be given again; *reason* is what the participant reads.

    *step* is a state of the service's machine, such as ``nik`` or ``perubahan.nama_lama``; *item*
    counts from 0 within its group. *code* is the coded reason (`services.reasons`), *label* what
    officers call the answer.
    """

    step: str
    reason: str
    item: int = 0
    code: str = ""
    label: str = ""

    @property
    def place(self) -> str:
        """``state:item``."""
        return f"{self.step}:{self.item}"


async def ask_correction(
    tx: Tx,
    officer: Officer,
    number: str,
    *,
    parts: Sequence[Part],
    now: datetime,
    rules: Rules,
    wait: timedelta = AT_ONCE,
) -> Request:
    """Ask the participant to answer *parts* again, one after the other.

    Until *wait* is over it can be taken back (`services.unsent`).
    """
    parts = [replace(part, reason=worded(part.reason)) for part in parts]
    first, *more = parts
    text = worded(listed(parts))
    request = await requests.held_by(tx, officer, number)
    steps = " ".join(part.step for part in parts)
    after = await requests.change(
        tx,
        request,
        "ask_correction",
        correction_step=steps,
        lease_until=to_us(now + rules.lease),
    )
    message = await write(tx, after, "officer", text, officer=officer.id, now=now)
    codes = " ".join(part.code for part in parts).strip()
    await requests.record(tx, after, officer.id, "correction_asked", now, step=steps, code=codes)
    await announce(
        tx,
        request,
        after,
        "correction",
        officer=officer,
        message=message,
        now=now,
        wait=wait,
        text=first.reason,
        step=first.step,
        values={
            "answers": request.answers,
            "item": first.item,
            **({"more": {part.place: part.reason for part in more}} if more else {}),
        },
    )
    return after


def listed(parts: Sequence[Part]) -> str:
    """What the conversation has of a correction: the reason, of several each below its label."""
    if len(parts) == 1:
        return parts[0].reason
    return "\n".join(f"{part.label or part.step}: {part.reason}" for part in parts)


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
