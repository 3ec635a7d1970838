"""What a played time is made of: product, store and clock, and the one source of chance."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any, TypeVar

import msgspec

from bot.bootstrap import Product
from bot.cli.demo.agenda import Agenda, SetClock
from bot.cli.demo.chats import Chats
from bot.cli.demo.sayings import Sayings
from bot.runtime.turns import World
from data.places import Branch
from data.store import Store
from forms.fields import Document
from services.officers import Officer
from services.refusals import Refused

T = TypeVar("T")


class Cast(msgspec.Struct, frozen=True):
    """Who and what a time is played with; *elsewhere* is where requests are transferred to."""

    branch: Branch
    elsewhere: Branch
    officers: Sequence[Officer]
    sayings: Sayings
    papers: Mapping[str, Document]


class Play(msgspec.Struct, frozen=True):
    """What everybody who plays shares; *end* is when it is over."""

    product: Product
    store: Store
    world: World
    cast: Cast
    chance: Random
    clock: SetClock
    agenda: Agenda
    chats: Chats
    end: datetime

    @property
    def is_open(self) -> bool:
        """Whether the branch serves now."""
        return self.product.reference.calendar.is_open(self.cast.branch.id, self.clock.at)

    async def attempt(
        self, verb: Callable[..., Awaitable[T]], *args: Any, **values: Any
    ) -> T | None:
        """Carry out *verb* now; None where somebody else was faster, as happens at a desk."""
        now = self.clock.at

        async def carry_out(tx: Any) -> T:
            return await verb(tx, *args, now=now, **values)

        try:
            return await self.store.write(carry_out)
        except Refused:
            return None
