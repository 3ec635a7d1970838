"""What happens after a fact: one table, one function for each kind of fact."""

from collections.abc import Sequence

from bot.runtime.acts_linking import LinkingActs
from bot.runtime.acts_requests import RequestActs
from bot.runtime.acts_telling import TellingActs
from bot.runtime.happening import Happening, Table
from bot.runtime.standings import Standings
from bot.texts.catalogue import Catalogue
from data.instants import to_us
from data.store import Tx
from flows.facts import Abandoned, Blocked, Brought, Fact, Rated, Say, Wrote
from flows.journey import Journeys
from forms.fields import Document
from services import conversation, estimates, reach, requests
from services.leases import Rules
from services.reference import Reference
from services.reports import Reports


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
        standings = Standings(reference, waits)
        self._table: Table = {
            Wrote: self._wrote,
            Brought: self._brought,
            Rated: self._rated,
            Abandoned: self._abandoned,
            Blocked: self._blocked,
            **RequestActs(journeys, reference, reports, standings, rules).table,
            **TellingActs(journeys, reference, catalogue, standings).table,
            **LinkingActs(catalogue, rules).table,
        }

    async def __call__(self, tx: Tx, happening: Happening, fact: Fact) -> Sequence[Say]:
        return await self._table[type(fact)](tx, happening, fact)

    async def _wrote(self, tx: Tx, on: Happening, fact: Wrote) -> Sequence[Say]:
        if isinstance(fact.body, Document):
            await conversation.wrote(tx, on.chat, fact.ticket, now=on.now, document=fact.body)
        else:
            await conversation.wrote(tx, on.chat, fact.ticket, now=on.now, text=fact.body)
        return ()

    async def _brought(self, tx: Tx, on: Happening, fact: Brought) -> Sequence[Say]:
        request = await conversation.brought(tx, on.chat, fact.document, now=on.now)
        if fact.more:
            return ()
        if request is None:
            return [Say("foto.tak_diminta")]
        return [Say("foto.susulan", {"tiket": request.number})]

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

    async def _blocked(self, tx: Tx, on: Happening, fact: Blocked) -> Sequence[Say]:
        await reach.blocked(tx, on.chat, on.now if fact.blocked else None)
        return ()
