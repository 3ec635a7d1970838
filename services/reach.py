"""Reach: whether what is said to a participant can arrive at all."""

from datetime import datetime
from typing import Final

from data.instants import to_us
from data.store import Tx

LASTING: Final = ("blocked", "chat_not_found")
"""Why a message failed, where the next one will fail as well (`bot.runtime.ports.Unreachable`)."""


async def blocked(tx: Tx, chat: str, at: datetime | None) -> None:
    """The participant of *chat* has us blocked since *at*, None when not (any more)."""
    await tx.run("reach_blocked", chat=chat, at=None if at is None else to_us(at))


async def lost_since(tx: Tx, chat: str) -> int | None:
    """Since when (microseconds) nothing arrives in *chat*: we are blocked, or the account is gone.

    None while things arrive as far as we know. Told by the network, or by what failed last.
    """
    row = await tx.one("reach_of", chat=chat)
    if row is None:
        return None
    if row["blocked_at"] is not None:
        return int(row["blocked_at"])
    failed = row["status"] == "failed" and row["error"] in LASTING
    return int(row["ended_at"]) if failed else None
