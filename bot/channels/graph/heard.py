"""What is heard in Meta's deliveries, and how their JSON is looked into. Pure."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import msgspec

from flows.events import Event


class Heard(msgspec.Struct, frozen=True):
    """Something that a person did who is known by *names*, the firmest first; nobody has none.

    *moment* is when, by the network's clock, in milliseconds. *file* is what `NewEvent.media` is to
    say. *dead* says why it could not be understood; *event* is then None and *raw* what came.
    """

    id: str
    names: Sequence[str]
    moment: int
    event: Event | None
    file: msgspec.Struct | None = None
    dead: str = ""
    raw: bytes = b"{}"


def within(holder: Any, key: str) -> Any:
    """What *holder* has under *key*, None where it has nothing or can have none."""
    return holder.get(key) if isinstance(holder, dict) else None


def listed(value: Any) -> list[Any]:
    """*value* where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects in *value*, whatever it is."""
    return [one for one in listed(value) if isinstance(one, dict)]


def digest(value: Any) -> str:
    """A name for what has none: the same for the same."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
