"""What happens after a fact: one table, one function for each kind of fact."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from bot.texts.catalogue import Catalogue
from data.instants import from_us, to_us
from data.places import Branch
from data.store import Tx
from flows.checklist import about, points
from flows.facts import (
    Abandoned,
    AskedHours,
    AskedStatus,
    Brought,
    Consented,
    Corrected,
    Fact,
    Filed,
    QueueMoved,
    Rated,
    Reopen,
    Rescheduled,
    Say,
    Wrote,
)
from flows.journey import Journeys
from forms.fields import Document
from forms.language import Words
from forms.report import Rendered
from forms.wording import moment
from services import (
    checklist,
    conversation,
    corrections,
    estimates,
    finding,
    officers,
    promises,
    queue,
    reopening,
    requests,
    status,
    waiting,
)
from services.leases import Rules
from services.reference import Reference
from services.refusals import NotFound, Refused
from services.reports import Reports, documents
from services.requests import Request
from services.tickets import Ticket

LINES_OF_STATUS = 3
"""A participant reads the last of these; the whole history would hide where things stand."""


class Happening(msgspec.Struct, frozen=True):
    """Where and when a fact arose: the chat, the event of its turn, the present in UTC.

    *language* is that of the sentences which the event answers.
    """

    chat: str
    event: int
    now: datetime
    language: str = "id"


Act = Callable[[Tx, Happening, Fact], Awaitable[Sequence[Say]]]
"""Carries a fact out within the turn's transaction; what is to be said about it comes back."""


class Acts:
    """The table of what each kind of fact leads to."""

    def __init__(
        self,
        *,
        journeys: Journeys,
        reference: Reference,
        reports: Reports,
        catalogue: Catalogue,
        rules: Rules,
        waits: estimates.Rules,
    ) -> None:
        self._journeys = journeys
        self._reference = reference
        self._reports = reports
        self._catalogue = catalogue
        self._rules = rules
        self._waits = waits
        self._table: Mapping[type, Callable[[Tx, Happening, Any], Awaitable[Sequence[Say]]]] = {
            Consented: self._consented,
            Filed: self._filed,
            Wrote: self._wrote,
            Brought: self._brought,
            Corrected: self._corrected,
            Reopen: self._reopen,
            AskedStatus: self._asked_status,
            AskedHours: self._asked_hours,
            Rescheduled: self._rescheduled,
            QueueMoved: self._queue_moved,
            Rated: self._rated,
            Abandoned: self._abandoned,
        }

    async def __call__(self, tx: Tx, happening: Happening, fact: Fact) -> Sequence[Say]:
        return await self._table[type(fact)](tx, happening, fact)

    async def _consented(self, tx: Tx, on: Happening, fact: Consented) -> Sequence[Say]:
        await tx.run(
            "consent_add",
            chat=on.chat,
            service=fact.service,
            key=fact.key,
            text_sha256=self._shown(fact, on.language),
            at=to_us(on.now),
            event=on.event,
        )
        return ()

    async def _filed(self, tx: Tx, on: Happening, fact: Filed) -> Sequence[Say]:
        branch = self._branch(fact.branch)

        def report(number: str) -> Rendered:
            return self._reports.render(
                fact.service,
                fact.answers,
                number=number,
                branch=branch,
                now=on.now,
                flags=fact.flags,
            )

        ticket = await queue.file(
            tx,
            submission=f"{on.chat}/{fact.submission}",
            chat=on.chat,
            service=fact.service,
            digest=fact.digest,
            branch=branch,
            answers=fact.answers,
            report=report,
            now=on.now,
            calendar=self._reference.calendar,
            flags=fact.flags,
            urgent=fact.urgent,
            documents=documents(self._journeys.services[fact.service], fact.answers),
            found_by=finding.terms(self._journeys.services[fact.service], fact.answers),
            checks=self._checks(fact.service, fact.answers, branch, on.now),
        )
        told = [await self._told(tx, on, ticket, branch)]
        if fact.urgent and ticket.new and not ticket.open:
            told.append(Say("tiket.mendesak"))
        return told

    def _checks(
        self, service: str, answers: Mapping[str, Any], branch: Branch, filed: datetime
    ) -> Sequence[str]:
        today = filed.astimezone(branch.zone).date()
        return points(self._journeys.services[service], answers, today, self._reference)

    async def _told(self, tx: Tx, on: Happening, ticket: Ticket, branch: Branch) -> Say:
        if not ticket.new:
            return Say("tiket.sama", {"tiket": ticket.number})
        standing = await self._standing(tx, on, ticket.request)
        values = {"tiket": ticket.number, "cabang": branch.name, "urutan": standing.place}
        if ticket.open:
            return Say("tiket.jadi", {**values, "perkiraan": _when(standing)})
        return Say("tiket.luar_jam", {**values, "buka": ticket.opens_at, "sebab": ticket.reason})

    async def _wrote(self, tx: Tx, on: Happening, fact: Wrote) -> Sequence[Say]:
        if isinstance(fact.body, Document):
            await conversation.wrote(tx, on.chat, fact.ticket, now=on.now, document=fact.body)
        else:
            await conversation.wrote(tx, on.chat, fact.ticket, now=on.now, text=fact.body)
        return ()

    async def _brought(self, tx: Tx, on: Happening, fact: Brought) -> Sequence[Say]:
        request = await conversation.brought(tx, on.chat, fact.document, now=on.now)
        if request is None:
            return [Say("foto.tak_diminta")]
        return [Say("foto.susulan", {"tiket": request.number})]

    async def _corrected(self, tx: Tx, on: Happening, fact: Corrected) -> Sequence[Say]:
        request = await requests.for_participant(tx, on.chat, fact.ticket)
        others = [flag for flag in request.flags if flag.partition(":")[2] != fact.step]
        flags = [*fact.flags, *others]
        rendered = self._reports.render(
            fact.service,
            fact.answers,
            number=fact.ticket,
            branch=self._branch(request.branch),
            now=from_us(request.filed_at),
            flags=flags,
        )
        await corrections.corrected(
            tx,
            on.chat,
            fact.ticket,
            answers=fact.answers,
            report=rendered.full,
            report_masked=rendered.masked,
            now=on.now,
            rules=self._rules,
            flags=flags,
            documents=documents(self._journeys.services[fact.service], fact.answers),
            found_by=finding.terms(self._journeys.services[fact.service], fact.answers),
        )
        branch = self._branch(request.branch)
        checks = self._checks(fact.service, fact.answers, branch, from_us(request.filed_at))
        anew = about(self._journeys.services[fact.service], fact.step)
        await checklist.revise(tx, request, checks, anew)
        return ()

    async def _reopen(self, tx: Tx, on: Happening, fact: Reopen) -> Sequence[Say]:
        try:
            request = await reopening.reopen_own(
                tx,
                on.chat,
                fact.ticket,
                reason=fact.reason,
                now=on.now,
                calendar=self._reference.calendar,
                flows=self._journeys.flows,
                rules=self._rules,
            )
        except Refused as refused:
            return [Say(refused.key, refused.values)]
        except NotFound:
            return [Say("status.tidak_ada", {"tiket": fact.ticket})]
        values = {
            "tiket": request.number,
            "cabang": self._branch(request.branch).name,
            "urutan": (await self._standing(tx, on, request)).place,
            "buka": await self._opens(tx, request, on.now),
        }
        return [Say("buka_lagi.jadi", values)]

    async def _asked_status(self, tx: Tx, on: Happening, fact: AskedStatus) -> Sequence[Say]:
        try:
            standing = await status.standing(tx, on.chat, fact.ticket, fact.service)
        except NotFound:
            if fact.service:
                return []
            if fact.ticket:
                return [Say("status.tidak_ada", {"tiket": fact.ticket})]
            return [Say("status.kosong")]
        request, branch = standing.request, self._branch(standing.request.branch)
        place = await self._standing(tx, on, request)
        return [
            Say(
                f"status.{request.status}",
                {
                    "tiket": request.number,
                    "judul": self._journeys.flows[request.service].title,
                    "cabang": branch.name,
                    "riwayat": [
                        self._line(happened, branch, on.language)
                        for happened in standing.timeline[-LINES_OF_STATUS:]
                    ],
                    "urutan": place.place,
                    "perkiraan": _when(place),
                    "petugas": await officers.name_of(tx, request.officer)
                    if request.officer
                    else "",
                    "buka": await self._opens(tx, request, on.now),
                },
            )
        ]

    def _line(self, happened: status.Happened, branch: Branch, language: str) -> str:
        """One line of a timeline, at the clock of the *branch* that has the request now."""
        values = {
            "saat": moment(happened.at.astimezone(branch.zone), language),
            "petugas": happened.name,
            "cabang": self._branch(happened.branch).short_name,
        }
        return self._catalogue.render(f"riwayat.{happened.action}", values, language)

    async def _asked_hours(self, tx: Tx, on: Happening, fact: AskedHours) -> Sequence[Say]:
        branch = self._reference.branch(fact.branch)
        if branch is None:
            return [Say("bantuan.umum")]
        hours = self._reference.hours_text(branch.id, on.now.astimezone(branch.zone).date())
        return [Say("bantuan", {"cabang": branch.name, "jam": hours})]

    async def _standing(self, tx: Tx, on: Happening, request: Request) -> waiting.Standing:
        calendar, rules = self._reference.calendar, self._waits
        return await waiting.standing(tx, request, now=on.now, calendar=calendar, rules=rules)

    async def _queue_moved(self, tx: Tx, on: Happening, fact: QueueMoved) -> Sequence[Say]:
        calendar, rules = self._reference.calendar, self._waits
        news = await waiting.renew(
            tx, on.chat, fact.ticket, now=on.now, calendar=calendar, rules=rules
        )
        if news is None:
            return []
        key, standing = news
        values = {"tiket": fact.ticket, "urutan": standing.place, "perkiraan": _when(standing)}
        return [Say(key, values)]

    async def _rescheduled(self, tx: Tx, on: Happening, fact: Rescheduled) -> Sequence[Say]:
        calendar = self._reference.calendar
        promise = await promises.renew(tx, on.chat, fact.ticket, now=on.now, calendar=calendar)
        if promise is None:
            return []
        request = promise.request
        standing = await self._standing(tx, on, request)
        return [
            Say(
                "tiket.jadwal",
                {
                    "tiket": request.number,
                    "cabang": self._branch(request.branch).name,
                    "urutan": standing.place,
                    "buka": promise.opens,
                    "sekarang": promise.opens <= on.now,
                    "semula": promise.shut or "",
                    "sebab": promise.why,
                },
            )
        ]

    async def _rated(self, tx: Tx, on: Happening, fact: Rated) -> Sequence[Say]:
        request = await requests.for_participant(tx, on.chat, fact.ticket)
        await tx.run(
            "rating_put",
            request=request.id,
            score=fact.score,
            text=fact.text,
            at=to_us(on.now),
        )
        return ()

    async def _opens(self, tx: Tx, request: Request, now: datetime) -> datetime | str:
        """When the branch serves *request*, which is a promise; '' while it is open."""
        opens = self._reference.calendar.next_opening(request.branch, now)
        if opens <= now:
            return ""
        if request.status == "waiting":
            await promises.keep(tx, request, opens)
        return opens

    async def _abandoned(self, tx: Tx, on: Happening, fact: Abandoned) -> Sequence[Say]:
        await tx.run(
            "abandoned_add",
            at=to_us(on.now),
            branch=fact.branch,
            service=fact.service,
            step=fact.step,
            how=fact.how,
        )
        return ()

    def _branch(self, branch_id: str) -> Branch:
        branch = self._reference.branch(branch_id)
        if branch is None:
            raise KeyError(branch_id)
        return branch

    def _shown(self, fact: Consented, language: str) -> str:
        """The SHA-256 of the text that was agreed to: proof of the wording, not a copy of it."""
        text = self._catalogue.render(fact.key, fact.values, language)
        return hashlib.sha256(text.encode()).hexdigest()


def _when(standing: waiting.Standing) -> Words:
    """When somebody is served as they read it, '' where nobody can say."""
    return standing.estimate.words if standing.estimate else ""
