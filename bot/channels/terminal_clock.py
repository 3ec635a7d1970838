"""A clock that whoever sits at the terminal can move forward: ``:maju 2j`` and ``:jam``."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.channels.terminal import Tool
from data.instants import Clock
from forms.wording import clock, long_date

UNITS = {"m": timedelta(minutes=1), "j": timedelta(hours=1), "h": timedelta(days=1)}
"""Menit, jam and hari."""

SPAN = re.compile(r"(?P<count>\d{1,4})\s*(?P<unit>[mjh])")

USAGE = ":maju 40m  :maju 2j  :maju 3h"


class MovableClock:
    """Another clock, ahead of it by as much as it was moved."""

    def __init__(self, clock: Clock, zone: ZoneInfo) -> None:
        self._clock = clock
        self._zone = zone
        self._ahead = timedelta()

    def now(self) -> datetime:
        return self._clock.now() + self._ahead

    def tools(self, moved: Callable[[], Awaitable[None]]) -> dict[str, Tool]:
        """The ``:words`` of this clock; *moved* lets what has become due happen."""

        async def forward(rest: str) -> str:
            found = SPAN.fullmatch(rest)
            if not found:
                return USAGE
            self._ahead += int(found["count"]) * UNITS[found["unit"]]
            await moved()
            return self._told()

        async def tell(rest: str) -> str:
            return self._told()

        return {"maju": forward, "jam": tell}

    def _told(self) -> str:
        here = self.now().astimezone(self._zone)
        return f"{long_date(here.date())}, {clock(here)}"
