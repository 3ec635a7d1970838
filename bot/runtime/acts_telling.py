"""Telling how things stand: a request's status, the hours, a place that moved, a new opening."""

from collections.abc import Sequence

from bot.runtime.happening import Happening, Table
from bot.runtime.networks import called
from bot.runtime.notices import rescheduled
from bot.runtime.standings import Standings, when
from bot.texts.catalogue import Catalogue
from data.places import Branch
from data.store import Tx
from flows.facts import AskedHours, AskedStatus, QueueMoved, Rescheduled, Say
from flows.journey import Journeys
from forms.wording import moment
from services import officers, promises, status
from services.reference import Reference
from services.refusals import NotFound

LINES_OF_STATUS = 3
"""A participant reads the last of these; the whole history would hide where things stand."""


class TellingActs:
    """What is told to who asks, or to who was told otherwise before."""

    def __init__(
        self,
        journeys: Journeys,
        reference: Reference,
        catalogue: Catalogue,
        standings: Standings,
    ) -> None:
        self._journeys = journeys
        self._reference = reference
        self._catalogue = catalogue
        self._standings = standings
        self.table: Table = {
            AskedStatus: self._asked_status,
            AskedHours: self._asked_hours,
            Rescheduled: self._rescheduled,
            QueueMoved: self._queue_moved,
        }

    async def _asked_status(self, tx: Tx, on: Happening, fact: AskedStatus) -> Sequence[Say]:
        try:
            standing = await status.standing(tx, on.chat, fact.ticket, fact.service)
        except NotFound:
            if fact.service:
                return []
            if fact.elsewhere:
                there = called(self._catalogue, fact.elsewhere, on.language)
                return [Say("status.pindah", {"kanal": there})]
            if fact.ticket:
                return [Say("status.tidak_ada", {"tiket": fact.ticket})]
            return [Say("status.kosong")]
        request, branch = standing.request, self._standings.branch(standing.request.branch)
        place = await self._standings.place(tx, on, request)
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
                    "perkiraan": when(place),
                    "petugas": await officers.name_of(tx, request.officer)
                    if request.officer
                    else "",
                    "buka": await self._standings.opens(tx, request, on.now),
                },
            )
        ]

    def _line(self, happened: status.Happened, branch: Branch, language: str) -> str:
        """One line of a timeline, at the clock of the *branch* that has the request now."""
        values = {
            "saat": moment(happened.at.astimezone(branch.zone), language),
            "petugas": happened.name,
            "cabang": self._standings.branch(happened.branch).short_name,
        }
        return self._catalogue.render(f"riwayat.{happened.action}", values, language)

    async def _asked_hours(self, tx: Tx, on: Happening, fact: AskedHours) -> Sequence[Say]:
        branch = self._reference.branch(fact.branch)
        if branch is None:
            return [Say("bantuan.umum")]
        hours = self._reference.hours_text(branch.id, on.now.astimezone(branch.zone).date())
        return [Say("bantuan", {"cabang": branch.name, "jam": hours})]

    async def _queue_moved(self, tx: Tx, on: Happening, fact: QueueMoved) -> Sequence[Say]:
        news = await self._standings.moved(tx, on, fact.ticket)
        if news is None:
            return []
        key, standing = news
        values = {"tiket": fact.ticket, "urutan": standing.place, "perkiraan": when(standing)}
        return [Say(key, values)]

    async def _rescheduled(self, tx: Tx, on: Happening, fact: Rescheduled) -> Sequence[Say]:
        calendar = self._reference.calendar
        promise = await promises.renew(tx, on.chat, fact.ticket, now=on.now, calendar=calendar)
        if promise is None:
            return []
        request = promise.request
        standing = await self._standings.place(tx, on, request)
        branch = self._standings.branch(request.branch)
        return [rescheduled(promise, branch, place=standing.place, now=on.now)]
