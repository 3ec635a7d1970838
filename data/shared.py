"""What both engines do alike: the store's verbs that are written once, on a transaction."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any, TypeVar

import msgspec

from data.store import (
    NEVER,
    OWNER_DIES_AFTER,
    Fetching,
    NewEvent,
    Outgoing,
    Outlet,
    Parking,
    Received,
    Row,
    RunTurn,
    SendResult,
    StoreBusy,
    TurnReport,
    Tx,
)
from data.turning import Terms

T = TypeVar("T")


class SharedVerbs(ABC):
    """The part of `data.store.Store` that needs no engine, only its transactions."""

    @abstractmethod
    async def write(self, verb: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        """Run *verb* in one transaction and commit."""

    async def alone(self, verb: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        """As `write`, for a verb of one statement: where that is a transaction, no more is made."""
        return await self.write(verb)

    @abstractmethod
    def read(self) -> AbstractAsyncContextManager[Tx]:
        """A consistent view that refuses changes."""

    async def glance(self, verb: Callable[[Tx], Coroutine[Any, Any, T]]) -> T:
        """What *verb* reads in a transaction of its own."""
        async with self.read() as tx:
            return await verb(tx)

    @abstractmethod
    def _record(self, ended: Sequence[Row], *, soon: bool) -> asyncio.Future[None]:
        """Store how sending *ended*, rows for ``outbox_ended``; that is under way on return.

        Unless *soon*, it may wait a few milliseconds to share another transaction.
        """

    @abstractmethod
    async def _count(self, now: int) -> Row | None:
        """`data.turning.count_attempt`, committed."""

    @abstractmethod
    async def _turns(self, terms: Terms) -> TurnReport:
        """Run one batch of turns in one commit."""

    @abstractmethod
    def _receive(self, events: Sequence[NewEvent], terms: Terms) -> Awaitable[Received]:
        """Store events and run the turns that need not wait, in one commit."""

    async def receive(
        self,
        events: Sequence[NewEvent],
        run: RunTurn,
        *,
        now: int,
        attempts: int,
        outlet: Outlet | None = None,
    ) -> Received:
        return await self._receive(events, Terms(run, now, len(events), attempts, outlet=outlet))

    async def turns(
        self,
        run: RunTurn,
        *,
        now: int,
        limit: int,
        attempts: int,
        careful: bool = False,
        outlet: Outlet | None = None,
    ) -> TurnReport:
        terms = Terms(run, now, limit, attempts, outlet=outlet)
        if careful:
            head = await self._count(now)
            if head is None:
                return TurnReport(due=await self.next_due())
            terms = msgspec.structs.replace(
                terms, limit=1, chat=head["chat"], counted=head["event"]
            )
            return await self._carefully(terms)
        return await self._turns(terms)

    async def _carefully(self, terms: Terms) -> TurnReport:
        """Run the one turn whose try was counted; where none was made, it is not counted."""

        async def uncount(tx: Tx) -> None:
            await tx.run("turn_no_attempt", event=terms.counted)

        try:
            report = await self._turns(terms)
        except StoreBusy:
            await self.alone(uncount)
            raise
        if not (report.done or report.failures):  # somebody else holds the chat
            await self.alone(uncount)
        return report

    async def bury(self, event: int, outbox: Sequence[bytes]) -> None:
        async def verb(tx: Tx) -> None:
            letter = await tx.one("outbox_dead_letter", event=event)
            if letter is None or await tx.one("outbox_of", event=event):
                return
            chat, seq, now = letter["chat"], letter["out_seq"], letter["received_at"]
            for n, body in enumerate(outbox):
                await tx.run(
                    "outbox_put", chat=chat, seq=seq + 1 + n, event=event, n=n, body=body, now=now
                )
            await tx.run("outbox_seq", chat=chat, out_seq=seq + len(outbox))

        await self.write(verb)

    async def next_due(self) -> int | None:
        return await self._due("next_due")

    async def next_send_due(self, channels: Sequence[str] = ()) -> int | None:
        return await self._due("next_send_due", channels=_among(channels))

    async def _due(self, statement: str, **values: str) -> int | None:
        async with self.read() as tx:
            row = await tx.one(statement, **values)
        return None if row is None else row["due_at"]

    async def fetches(self, limit: int) -> Sequence[Fetching]:
        async with self.read() as tx:
            return [Fetching(**dict(row)) for row in await tx.all("fetches", limit=limit)]

    async def fetched(self, event: int, body: bytes, now: int) -> None:
        async def verb(tx: Tx) -> None:
            row = await tx.one("fetched", event=event, body=body)
            if row is not None:
                await tx.run("chat_wake", chat=row["chat"], due_at=now)

        await self.write(verb)

    async def claim_sends(
        self, *, owner: str, now: int, limit: int, channels: Sequence[str] = ()
    ) -> Sequence[Outgoing]:
        among = _among(channels)

        async def verb(tx: Tx) -> Sequence[Outgoing]:
            rows = await tx.all("outbox_claim", owner=owner, now=now, limit=limit, channels=among)
            return [
                Outgoing(channel=row["chat"].partition(":")[0], **dict(row))
                for row in sorted(rows, key=lambda row: int(row["id"]))
            ]

        return await self.alone(verb)

    def sent(
        self, owner: str, results: Sequence[SendResult], *, soon: bool = True
    ) -> asyncio.Future[None]:
        ended = [
            {
                "id": result.id,
                "owner": owner,
                "status": "pending" if result.status == "retry" else result.status,
                "provider_ref": result.provider_ref,
                "error": result.error,
                "not_before": result.not_before,
                "ended_at": None if result.status == "retry" else result.ended_at,
            }
            for result in results
            if result.parking is None
        ]
        if len(ended) == len(results):
            return self._record(ended, soon=soon)
        parked = [result for result in results if result.parking is not None]
        recorded = self._record(ended, soon=soon) if ended else None
        return asyncio.ensure_future(self._park_after(recorded, owner, parked))

    async def _park_after(
        self,
        recorded: asyncio.Future[None] | None,
        owner: str,
        results: Sequence[SendResult],
    ) -> None:
        if recorded is not None:
            await recorded
        for result in results:
            assert result.parking is not None
            await self.write(partial(_park, owner=owner, result=result, parking=result.parking))

    async def heartbeat(self, owner: str, now: int) -> None:
        async def verb(tx: Tx) -> None:
            await tx.run("worker_beat", owner=owner, now=now)

        await self.alone(verb)

    async def return_sends(self, owner: str, known: Sequence[int], *, before: int) -> int:
        ids = msgspec.json.encode(known).decode()

        async def verb(tx: Tx) -> int:
            return await tx.run("outbox_return", owner=owner, known=ids, before=before)

        return await self.alone(verb)

    async def recover_sends(self, owner: str, now: int) -> int:
        async def verb(tx: Tx) -> int:
            await tx.run("worker_bury", owner=owner, heard_before=now - OWNER_DIES_AFTER)
            return await tx.run("outbox_recover")

        return await self.write(verb)


async def _park(tx: Tx, *, owner: str, result: SendResult, parking: Parking) -> None:
    """Park a message unless its participant has written since the channel looked.

    The identity is held meanwhile: who writes now is heard before, or after it is parked.
    """
    row = await tx.one("identity_held", chat=parking.chat)
    heard = row["heard_at"] if row else None
    parked = await tx.run(
        "outbox_park",
        id=result.id,
        owner=owner,
        not_before=NEVER if heard == parking.heard else 0,
        error=result.error,
    )
    used = parking.template
    if parked and used is not None:
        await tx.run("identity_asked", chat=parking.chat, at=used.at)
        await tx.run(
            "template_used",
            outbox=result.id,
            at=used.at,
            template=used.template,
            chat=parking.chat,
            branch=used.branch,
            provider_ref=used.reference,
        )
        for told in await tx.all("template_early_taken", outbox=result.id):
            await tx.run("template_told", **dict(told))


def _among(channels: Sequence[str]) -> str:
    """``:web:telegram:``, where the first part of a chat's id is looked for; '' for any."""
    return f":{':'.join(channels)}:" if channels else ""
