"""Receiving: an update is durable before anyone acknowledges it."""

from collections.abc import Callable, Sequence

from data.store import NewEvent, Store


class Receiver:
    """What channels call with what arrived.

    It returns after the commit, for each event whether it was new. `data.store.StoreBusy` passes
    through: the channel must then not acknowledge, so that the provider delivers again.
    """

    def __init__(self, store: Store, wake: Callable[[NewEvent], None]) -> None:
        self._store = store
        self._wake = wake

    async def __call__(self, events: Sequence[NewEvent]) -> Sequence[bool]:
        fresh = await self._store.ingest(events)
        for event, new in zip(events, fresh, strict=True):
            if new:
                self._wake(event)
        return fresh
