"""The queue of a branch: filing, places, claims, and handing on.

A claim is decided by one conditional update, never by reading first.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from data.instants import from_us, to_us
from data.places import Branch
from data.store import Overtaken, Tx
from forms.fields import Document
from forms.report import Rendered
from services import audit, checklist, deadlines, finding, officers, promises, requests
from services.conversation import keep, worded, write
from services.desk import AT_ONCE, tell
from services.hours import Calendar
from services.leases import FREE, Rules, return_lapsed
from services.officers import Officer
from services.refusals import Refused
from services.requests import Request, request_of, to_json
from services.tickets import Ticket, next_number
from services.unsent import announce

JUST_NOW = timedelta(seconds=10)
"""What is less long ago is not worth counting."""


class Attached(msgspec.Struct, frozen=True):
    """A document of a report: the *n*-th (from 1) of *step*."""

    step: str
    n: int
    document: Document


async def file(
    tx: Tx,
    *,
    submission: str,
    chat: str,
    service: str,
    digest: str,
    branch: Branch,
    answers: Mapping[str, Any],
    report: Callable[[str], Rendered],
    now: datetime,
    calendar: Calendar,
    flags: Sequence[str] = (),
    urgent: bool = False,
    documents: Sequence[Attached] = (),
    found_by: Iterable[str] = (),
    checks: Sequence[str] = (),
) -> Ticket:
    """File a request with *branch*; the same *submission* gives the same ticket.

    *report* renders the form with the ticket's number; what it returns is never rendered again.
    An *urgent* request stands before all that are not; *found_by* are its terms of
    `services.finding`, *checks* the points of the checklist that apply to it.
    """
    row = await tx.one("request_by_submission", submission=submission)
    if row is not None:
        return _ticket(request_of(row), now, calendar, new=False)
    number = await next_number(tx, branch, service)
    rendered = report(number)
    opens = calendar.next_opening(branch.id, now)
    row = await tx.one(
        "request_file",
        number=number,
        submission=submission,
        chat=chat,
        service=service,
        branch=branch.id,
        answers=to_json(answers),
        report=rendered.full,
        report_masked=rendered.masked,
        flags=to_json(flags),
        priority=int(urgent),
        digest=digest,
        due_at=deadlines.due_at(calendar, branch.id, service, to_us(now), urgent=urgent),
        now=to_us(now),
        promised=to_us(opens) if opens > now else None,
    )
    if row is None:  # another worker filed it between the two statements
        row = await tx.one("request_by_submission", submission=submission)
        assert row is not None
        return _ticket(request_of(row), now, calendar, new=False)
    request = request_of(row)
    await attach(tx, request, documents, now)
    await finding.keep(tx, request, found_by)
    await checklist.ask(tx, request, checks)
    await requests.record(tx, request, audit.PARTICIPANT, "filed", now, documents=len(documents))
    return _ticket(request, now, calendar, new=True)


async def attach(tx: Tx, request: Request, documents: Sequence[Attached], now: datetime) -> None:
    """Give *request* documents; those of the same steps before are replaced."""
    for step in sorted({attached.step for attached in documents}):
        await tx.run("request_document_clear", request=request.id, step=step)
    for attached in documents:
        await keep(tx, attached.document, now)
        await tx.run(
            "request_document_add",
            request=request.id,
            step=attached.step,
            n=attached.n,
            sha256=attached.document.sha256,
            name=attached.document.name,
        )


async def position(tx: Tx, request: Request) -> int:
    """The place in the branch's queue, from 1; 0 when the request does not wait."""
    if request.status != "waiting":
        return 0
    row = await tx.one(
        "request_ahead",
        branch=request.branch,
        priority=request.priority,
        due_at=request.due_at,
        queued_at=request.queued_at,
        id=request.id,
    )
    return 1 + (row["ahead"] if row else 0)


async def claim(
    tx: Tx, officer: Officer, number: str, *, now: datetime, calendar: Calendar, rules: Rules
) -> Request:
    """Take a request that waits, or whose lease has ended; none ends while the branch is shut.

    Raises `Refused`: ``petugas.di_luar_jam`` (*opens_at*), ``petugas.sudah_diambil`` (*number*,
    *name*, *seconds* since, 0 for just now), ``petugas.tidak_bisa``. Claiming what one holds
    already is no error.
    """
    request = await requests.to_change(tx, officer, number)
    check_hours(officer, request.branch, now=now, calendar=calendar, rules=rules)
    row = await tx.one(
        "request_claim",
        number=number,
        branch=request.branch,
        officer=officer.id,
        now=to_us(now),
        lapsed=to_us(now) if calendar.is_open(request.branch, now) else 0,
        lease_until=to_us(now + rules.lease),
    )
    if row is None:
        return await _not_free(tx, officer, number, now)
    return await _begin(tx, officer, request_of(row), now, before=request.officer)


async def claim_next(
    tx: Tx, officer: Officer, branch: str, *, now: datetime, calendar: Calendar, rules: Rules
) -> Request | None:
    """Take the first request that waits at *branch*; None when none does."""
    officers.check(officer, "serve", branch)
    check_hours(officer, branch, now=now, calendar=calendar, rules=rules)
    await return_lapsed(tx, branch, now=now, calendar=calendar)
    line = {"branch": branch, "officer": officer.id}
    taken = {**line, "now": to_us(now), "lapsed": 0, "lease_until": to_us(now + rules.lease)}
    held = False
    while found := await tx.one("request_next", **line):
        row = await tx.one("request_claim", number=found["number"], **taken)
        if row is not None:
            return await _begin(tx, officer, request_of(row), now)
        held = True  # somebody took it before its chat was held
    found = await tx.one("request_first", **line)
    if found is None:
        return None
    # somebody holds it for a moment, such as its participant's turn: who waits holds nothing
    if held:
        raise Overtaken
    await requests.hold(tx, found["number"], found["chat"])
    row = await tx.one("request_claim", number=found["number"], **taken)
    if row is None:
        raise Overtaken
    return await _begin(tx, officer, request_of(row), now)


def check_hours(
    officer: Officer, branch: str, *, now: datetime, calendar: Calendar, rules: Rules
) -> None:
    """Claims are made in the branch's hours; a supervisor or the settings may allow others."""
    if officer.supervises or rules.claims_outside_hours or calendar.is_open(branch, now):
        return
    raise Refused("petugas.di_luar_jam", opens_at=calendar.next_opening(branch, now))


async def release(tx: Tx, officer: Officer, number: str, *, now: datetime) -> Request:
    """Give a request back to its place; a supervisor may do it for another officer."""
    request = await requests.to_change(tx, officer, number)
    requests.check_hold(officer, request)
    after = await requests.change(tx, request, "release", **FREE)
    await requests.record(tx, after, officer.id, "released", now)
    await tell(tx, after, "released", now=now, officer=officer.name)
    return after


async def transfer(
    tx: Tx,
    officer: Officer,
    number: str,
    *,
    to: Branch,
    reason: str,
    now: datetime,
    calendar: Calendar,
    code: str = "",
    wait: timedelta = AT_ONCE,
) -> Request:
    """Hand a request to another branch; number, time of waiting and conversation go with it.

    *code* is the coded reason (`services.reasons`); until *wait* is over it can be taken back
    (`services.unsent`).
    """
    request = await requests.to_change(tx, officer, number)
    if request.status != "waiting":
        requests.check_hold(officer, request)
    if to.id == request.branch:
        raise Refused("petugas.cabang_sama", number=number)
    reason = worded(reason)
    after = await requests.change(tx, request, "transfer", branch=to.id, **FREE)
    after = await deadlines.plan(tx, after, calendar)
    await promises.keep(tx, after, None)
    await finding.move(tx, after)
    message = await write(tx, request, "note", reason, officer=officer.id, now=now)
    await requests.record(tx, request, officer.id, "transferred", now, to=to.id, code=code)
    await announce(
        tx,
        request,
        after,
        "transferred",
        officer=officer,
        message=message,
        now=now,
        wait=wait,
        text=reason,
    )
    return after


async def hand_over(
    tx: Tx, officer: Officer, number: str, *, to: str, reason: str, now: datetime, rules: Rules
) -> Request:
    """Hand a claimed request to the colleague *to* (a login name) of the same branch.

    The participant is not told: the branch, the number and the place stay. Raises `Refused`
    (``konsol.pilihan``) for anybody else.
    """
    request = await requests.to_change(tx, officer, number)
    requests.check_hold(officer, request)
    others = {row["id"] for row in await tx.all("officers_of_branch", branch=request.branch)}
    if to not in others - {request.officer}:
        raise Refused("konsol.pilihan")
    reason = worded(reason)
    lease = {"lease_until": to_us(now + rules.lease)} if request.status == "claimed" else {}
    after = await requests.change(tx, request, "hand_over", officer=to, **lease)
    await write(tx, after, "note", reason, officer=officer.id, now=now)
    await requests.record(tx, after, officer.id, "handed_over", now, officer=to)
    return after


async def _not_free(tx: Tx, officer: Officer, number: str, now: datetime) -> Request:
    """What the loser of a claim gets: the own request, or the reason."""
    request = await requests.for_officer(tx, officer, number)
    if request.status != "claimed" or request.claimed_at is None:
        raise Refused("petugas.tidak_bisa", status=request.status)
    if request.officer == officer.id:
        return request
    since = now - from_us(request.claimed_at)
    raise Refused(
        "petugas.sudah_diambil",
        number=number,
        name=await officers.name_of(tx, request.officer),
        seconds=int(since.total_seconds()) if since >= JUST_NOW else 0,
    )


async def _begin(
    tx: Tx, officer: Officer, request: Request, now: datetime, before: str = ""
) -> Request:
    await requests.record(tx, request, officer.id, "claimed", now, before=before)
    await tell(tx, request, "claimed", now=now, officer=officer.name)
    return request


def _ticket(request: Request, now: datetime, calendar: Calendar, *, new: bool) -> Ticket:
    hours = calendar.explain(request.branch, now)
    return Ticket(
        request=request,
        open=hours.open,
        opens_at=hours.next_opening,
        reason="" if hours.open else hours.why,
        new=new,
    )
