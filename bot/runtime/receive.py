"""Receiving: an update is durable before anyone acknowledges it."""

from collections.abc import Callable, Sequence

from bot.runtime.turns import TurnLoop
from data.store import NewEvent


class Receiver:
    """What channels call with what arrived.

    It returns after the commit, for each event whether it was new. `data.store.StoreBusy` passes
    through: the channel must then not acknowledge, so that the provider delivers again.
    """

    def __init__(self, turns: TurnLoop, fetch: Callable[[], None]) -> None:
        self._turns = turns
        self._fetch = fetch

    async def __call__(self, events: Sequence[NewEvent]) -> Sequence[bool]:
        fresh = await self._turns.receive(events)
        if any(new and event.media for event, new in zip(events, fresh, strict=True)):
            self._fetch()
        return fresh
