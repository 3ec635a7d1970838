"""What happens after a fact: one table, one function for each kind of fact."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from data.store import Tx
from flows.facts import Fact, Say


@dataclass(frozen=True)
class Happening:
    """Where and when a fact arose: the chat, the event of its turn, the present in UTC."""

    chat: str
    event: int
    now: datetime


Act = Callable[[Tx, Happening, Fact], Awaitable[Sequence[Say]]]
"""Carries a fact out within the turn's transaction; what is to be said about it comes back."""
