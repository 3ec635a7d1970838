"""The clock of a script: it stands still unless a step moves it."""

from datetime import datetime, timedelta

TICK = timedelta(microseconds=1)
"""Between two looks at the clock, so that what happened earlier also has the earlier instant."""


class ScriptClock:
    """A `data.instants.Clock` that the script moves forward."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._looks = 0

    def now(self) -> datetime:
        self._looks += 1
        return self.at + self._looks * TICK

    def move(self, at: datetime) -> None:
        """Move to *at*, never back: who asks for that is told the present by a ValueError."""
        if at < self.at:
            raise ValueError(f"the clock stands at {self.at.isoformat()} already")
        self.at = at
