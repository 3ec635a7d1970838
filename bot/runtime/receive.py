"""Receiving: an update is durable before anyone acknowledges it."""

from collections.abc import Callable, Sequence

from bot.runtime.flood import Flood
from bot.runtime.turns import TurnLoop
from data.store import NewEvent


class Receiver:
    """What channels call with what arrived.

    It returns after the commit, for each event whether it was new. `data.store.StoreBusy` passes
    through: the channel must then not acknowledge, so that the provider delivers again. What is too
    much for one chat (`bot.runtime.flood`) is neither stored nor new.
    """

    def __init__(self, turns: TurnLoop, fetch: Callable[[], None], flood: Flood) -> None:
        self._turns = turns
        self._fetch = fetch
        self._flood = flood

    async def __call__(self, events: Sequence[NewEvent]) -> Sequence[bool]:
        refused = await self._flood.refused(events)
        if not refused:
            return await self._stored(events)
        # what is refused is acknowledged all the same
        taken = [event for n, event in enumerate(events) if n not in refused]
        fresh = iter(await self._stored(taken) if taken else ())
        return [n not in refused and next(fresh) for n in range(len(events))]

    async def _stored(self, events: Sequence[NewEvent]) -> Sequence[bool]:
        try:
            fresh = await self._turns.receive(events)
        except BaseException:
            self._flood.not_stored(events)
            raise
        if not all(fresh):
            known = (event for event, new in zip(events, fresh, strict=True) if not new)
            self._flood.not_stored(known)
        if any(event.media for event in events):
            self._fetch()
        return fresh
