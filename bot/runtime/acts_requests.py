"""What participants do to their requests: file them, correct them, open them again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.runtime.happening import Happening, Table
from bot.runtime.standings import Standings, when
from data.instants import from_us
from data.places import Branch
from data.store import Tx
from flows.checklist import about, points
from flows.facts import Corrected, Filed, Reopen, Say
from flows.journey import Journeys
from forms.report import Rendered
from services import checklist, corrections, finding, queue, reopening, requests
from services.leases import Rules
from services.reference import Reference
from services.refusals import NotFound, Refused
from services.reports import Reports, documents
from services.tickets import Ticket


class RequestActs:
    """Reports are rendered here, and handed to the branch."""

    def __init__(
        self,
        journeys: Journeys,
        reference: Reference,
        reports: Reports,
        standings: Standings,
        rules: Rules,
    ) -> None:
        self._journeys = journeys
        self._reference = reference
        self._reports = reports
        self._standings = standings
        self._rules = rules
        self.table: Table = {
            Filed: self._filed,
            Corrected: self._corrected,
            Reopen: self._reopen,
        }

    async def _filed(self, tx: Tx, on: Happening, fact: Filed) -> Sequence[Say]:
        branch = self._standings.branch(fact.branch)

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

    async def _told(self, tx: Tx, on: Happening, ticket: Ticket, branch: Branch) -> Say:
        if not ticket.new:
            return Say("tiket.sama", {"tiket": ticket.number})
        standing = await self._standings.place(tx, on, ticket.request)
        values = {"tiket": ticket.number, "cabang": branch.name, "urutan": standing.place}
        if ticket.open:
            return Say("tiket.jadi", {**values, "perkiraan": when(standing)})
        return Say("tiket.luar_jam", {**values, "buka": ticket.opens_at, "sebab": ticket.reason})

    async def _corrected(self, tx: Tx, on: Happening, fact: Corrected) -> Sequence[Say]:
        """Hand the answers on; they are too late where the request has gone on meanwhile."""
        try:
            await self._handed_on(tx, on, fact)
        except (NotFound, Refused):
            return [Say("perbaikan.terlambat", {"tiket": fact.ticket})]
        return [Say("perbaikan.terima", {"tiket": fact.ticket})]

    async def _handed_on(self, tx: Tx, on: Happening, fact: Corrected) -> None:
        request = await requests.for_participant(tx, on.chat, fact.ticket)
        steps = {fact.step, *fact.also}
        others = [flag for flag in request.flags if flag.partition(":")[2] not in steps]
        flags = [*fact.flags, *others]
        rendered = self._reports.render(
            fact.service,
            fact.answers,
            number=fact.ticket,
            branch=self._standings.branch(request.branch),
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
        branch = self._standings.branch(request.branch)
        checks = self._checks(fact.service, fact.answers, branch, from_us(request.filed_at))
        service = self._journeys.services[fact.service]
        anew = [point for step in steps for point in about(service, step)]
        await checklist.revise(tx, request, checks, anew)

    def _checks(
        self, service: str, answers: Mapping[str, Any], branch: Branch, filed: datetime
    ) -> Sequence[str]:
        today = filed.astimezone(branch.zone).date()
        return points(self._journeys.services[service], answers, today, self._reference)

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
            "cabang": self._standings.branch(request.branch).name,
            "urutan": (await self._standings.place(tx, on, request)).place,
            "buka": await self._standings.opens(tx, request, on.now),
        }
        return [Say("buka_lagi.jadi", values)]
