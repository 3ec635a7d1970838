"""Tasks that carry messages, kept for the next ones: to make one costs as much as a quick send."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from data.store import Outgoing

RESTING = 64
"""How many tasks are kept while they have nothing to carry."""


class Couriers:
    """Runs *deliver*, which raises nothing, for each message that it is given, at once."""

    def __init__(self, deliver: Callable[[Outgoing], Coroutine[Any, Any, None]]) -> None:
        self._deliver = deliver
        self._tasks: set[asyncio.Task[None]] = set()
        self._resting: list[asyncio.Future[Outgoing]] = []

    def carry(self, outgoing: Outgoing) -> None:
        """Begin to deliver *outgoing*."""
        while self._resting:
            resting = self._resting.pop()
            if not resting.done():  # its task was cancelled
                resting.set_result(outgoing)
                return
        task = asyncio.get_running_loop().create_task(self._work(outgoing))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, outgoing: Outgoing) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await self._deliver(outgoing)
            if len(self._resting) == RESTING:
                return
            resting: asyncio.Future[Outgoing] = loop.create_future()
            self._resting.append(resting)
            outgoing = await resting

    def cancel(self) -> None:
        """End what is being carried, and let the tasks that rest go."""
        self._resting.clear()
        for task in self._tasks:
            task.cancel()
