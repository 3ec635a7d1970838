"""What an act is told of the turn that leads to it, and what an act is."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from data.store import Tx
from flows.facts import Fact, Say


class Happening(msgspec.Struct, frozen=True):
    """Where and when a fact arose: the chat, the event of its turn, the present in UTC.

    *language* is that of the sentences which the event answers.
    """

    chat: str
    event: int
    now: datetime
    language: str = "id"


Act = Callable[[Tx, Happening, Fact], Awaitable[Sequence[Say]]]
"""Carries a fact out within the turn's transaction; what is to be said about it comes back."""

Table = Mapping[type[Fact], Callable[[Tx, Happening, Any], Awaitable[Sequence[Say]]]]
"""What each kind of fact leads to."""
