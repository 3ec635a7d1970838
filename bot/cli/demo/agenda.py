"""The agenda of a played time: what happens when, with a clock that stands at each of it."""

import heapq
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import count

from data.instants import from_us
from data.store import Store

Deed = Callable[[], Awaitable[None]]


class SetClock:
    """A `data.instants.Clock` that stands until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class Agenda:
    """Deeds in the order of their instants; timers of the store come in between as they fall due.

    Nothing after *end* is done.
    """

    def __init__(self, store: Store, clock: SetClock, end: datetime) -> None:
        self._store = store
        self._clock = clock
        self._end = end
        self._deeds: list[tuple[datetime, int, Deed]] = []
        self._order = count()

    def at(self, when: datetime, deed: Deed) -> None:
        """Do *deed* at *when*, or now when that has passed."""
        heapq.heappush(self._deeds, (max(when, self._clock.at), next(self._order), deed))

    def after(self, minutes: float, deed: Deed) -> None:
        """Do *deed* so many minutes from now."""
        self.at(self._clock.at + timedelta(minutes=minutes), deed)

    async def play(self, settle: Deed) -> None:
        """Do everything up to the end; *settle* gives each due event its turn."""
        while True:
            due = await self._store.next_due()
            timer = from_us(due) if due is not None else self._end
            deed = self._deeds[0][0] if self._deeds else self._end
            soonest = min(timer, deed, self._end)
            self._clock.at = max(self._clock.at, soonest)
            if timer <= deed and timer < self._end:
                await settle()
            elif deed < self._end:
                await heapq.heappop(self._deeds)[2]()
            else:
                return
