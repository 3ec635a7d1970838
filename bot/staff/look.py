"""Looking for what officers should hear of, and waking their chats."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from data.instants import Clock
from data.store import Store
from services import staff_alerts
from services.hours import Calendar


def looking(
    store: Store, clock: Clock, calendar: Calendar, near: timedelta, wake: Callable[[], None]
) -> Callable[[], Awaitable[None]]:
    """What the bot's beat does: it reads, and writes only when there is news.

    *near* is how long before a deadline it is called near.
    """

    async def look() -> None:
        now = clock.now()
        async with store.read() as tx:
            found = await staff_alerts.news(tx, now=now, calendar=calendar, near=near)
        if found:
            await store.write(lambda tx: staff_alerts.tell(tx, found, now=now))
            wake()

    return look
