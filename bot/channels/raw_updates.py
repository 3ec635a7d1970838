"""What can be told of a raw Telegram update without a library: its number and its chat."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, Final

from data.store import NewEvent

LARGEST_NUMBER: Final = 2**53


def number_of(raw: Any) -> int:
    """The update's number, 0 when it has none that a database could hold."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if isinstance(number, int) and 0 < number < LARGEST_NUMBER else 0


def chat_of(raw: Any) -> str:
    """The chat of an update that could not be read, '?' when even that is missing."""
    for part in raw.values() if isinstance(raw, dict) else ():
        if isinstance(part, dict):
            for holder in (part.get("chat"), part.get("from")):
                if isinstance(holder, dict) and isinstance(holder.get("id"), int):
                    return str(holder["id"])
    return "?"


def as_event(raw: Any, channel: str, *, bot_id: int, received_at: int) -> NewEvent:
    """The inbox event of an update, still without a body."""
    number = number_of(raw)
    name = number or hashlib.sha256(json.dumps(raw).encode()).hexdigest()
    return NewEvent(
        channel=channel,
        provider_id=f"{bot_id}:{name}",
        chat=f"{channel}:{chat_of(raw)}",
        body=b"{}",
        received_at=received_at,
        due_at=received_at,
        rank=number,
    )


def next_offset(offset: int | None, raws: Iterable[Any]) -> int:
    """One past the newest; before the first news, 0 asks for all that is kept for us."""
    return max([(offset or 0), *(number_of(raw) + 1 for raw in raws)])
