"""A button that was tapped, with what it carries."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from bot.staff.session import Session
from data.store import Tx
from services.officers import Officer
from services.refusals import NotFound

T = TypeVar("T")


class Tap(msgspec.Struct, frozen=True):
    """*parts* is what the button carries behind its verb."""

    tx: Tx
    officer: Officer
    session: Session
    parts: Sequence[str]

    def part(self, place: int) -> str:
        """What stands at *place*; raises `NotFound` where a button is none of ours."""
        if place >= len(self.parts):
            raise NotFound("button")
        return self.parts[place]

    def pick(self, place: int, among: Sequence[T]) -> T:
        """The one of *among* whose number stands at *place*."""
        text = self.part(place)
        if not (text.isdecimal() and text.isascii() and int(text) < len(among)):
            raise NotFound("button")
        return among[int(text)]
