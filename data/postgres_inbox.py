"""PostgreSQL's inbox: calls that wait at the same time are stored by one statement."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import asyncpg

from data.store import NewEvent, StoreBusy, Tx

Write = Callable[[Callable[[Tx], Awaitable[set[tuple[str, str]]]]], Awaitable[set[tuple[str, str]]]]


@dataclass(frozen=True)
class _Call:
    events: Sequence[NewEvent]
    ended: "asyncio.Future[Sequence[bool]]"


class Inbox:
    """Takes events; one task writes whatever waits."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._waiting: list[_Call] = []
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    async def put(self, events: Sequence[NewEvent]) -> Sequence[bool]:
        """Store *events*; for each whether it was new."""
        if self._closed:
            raise StoreBusy("the store is closed")
        call = _Call(events, asyncio.get_running_loop().create_future())
        self._waiting.append(call)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._flush())
        return await call.ended

    async def close(self) -> None:
        """Store what was taken, then take nothing more."""
        self._closed = True
        if self._task is not None:
            await self._task

    async def _flush(self) -> None:
        while self._waiting:
            calls, self._waiting = self._waiting, []
            try:
                await self._store(calls)
            except (asyncpg.DataError, UnicodeError) as error:
                if len(calls) == 1:
                    _fail(calls[0], error)
                for call in calls if len(calls) > 1 else ():
                    await self._store_alone(call)
            except Exception as error:
                for call in calls:
                    _fail(call, error)

    async def _store_alone(self, call: _Call) -> None:
        """Store one call, so that a text which PostgreSQL cannot hold fails nobody else's."""
        try:
            await self._store([call])
        except Exception as error:
            _fail(call, error)

    async def _store(self, calls: Sequence[_Call]) -> None:
        events = [event for call in calls for event in call.events]

        async def verb(tx: Tx) -> set[tuple[str, str]]:
            rows = await tx.all(
                "event_put",
                channels=[event.channel for event in events],
                provider_ids=[event.provider_id for event in events],
                chats=[event.chat for event in events],
                bodies=[event.body for event in events],
                received=[event.received_at for event in events],
                dues=[event.due_at for event in events],
                ranks=[event.rank for event in events],
                media=[event.media for event in events],
                statuses=[event.status for event in events],
                errors=[event.dead for event in events],
            )
            return {(row["channel"], row["provider_id"]) for row in rows}

        fresh = await self._write(verb)
        for call in calls:
            told = []
            for event in call.events:
                key = (event.channel, event.provider_id)
                told.append(key in fresh)
                fresh.discard(key)
            if not call.ended.done():
                call.ended.set_result(told)


def _fail(call: _Call, error: Exception) -> None:
    if not call.ended.done():
        call.ended.set_exception(error)
