"""Messenger deliveries as what people said and how far our messages came. Pure: raw JSON in.

Every entry and item of a delivery is read on its own, so that a bad one blocks nobody. What other
programs of the page say (echoes) or hear (standby) is not for us. Shapes: Meta, Messenger Platform
webhooks reference (2026).
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.messenger.kinds import FileRef, said
from flows.events import Event

LATEST_MOMENT = 2**43
"""Milliseconds since the epoch (the year 2248); no message is younger."""


@dataclass(frozen=True)
class Heard:
    """Something that the *person* (their id on this page) did, at *moment* in milliseconds.

    *dead* says why it could not be understood; *event* is then None and *raw* what came.
    """

    id: str
    person: str
    moment: int
    event: Event | None
    file: FileRef | None = None
    dead: str = ""
    raw: bytes = b"{}"


@dataclass(frozen=True)
class Receipt:
    """Messages of ours that reached the *person*: those named, or all until *moment* were read."""

    person: str
    moment: int
    ids: Sequence[str] = ()


Item = Heard | Receipt


def decode(raw: Any, *, page_id: str) -> list[Item]:
    """What one delivery says, people's messages in the order in which they were written.

    What came for another page is left out.
    """
    items = [
        item
        for entry in _dicts(_get(raw, "entry"))
        if str(entry.get("id")) == page_id
        for one in _list(entry.get("messaging"))
        for item in _items(one, page_id)
    ]
    return sorted(items, key=lambda item: item.moment)


def _items(one: Any, page_id: str) -> Iterator[Item]:
    try:
        yield from _read(one, page_id)
    except Exception as problem:
        # Whatever is wrong with it: this item must not hold up the ones beside it.
        yield Heard(
            _digest(one),
            _person(one) or "",
            0,
            None,
            dead=f"unreadable: {type(problem).__name__}",
            raw=json.dumps(one).encode(),
        )


def _read(one: Any, page_id: str) -> Iterator[Item]:
    if _get(one.get("message"), "is_echo") or _get(one.get("sender"), "id") == page_id:
        return
    if "delivery" in one or "read" in one:
        yield from _receipt(one)
        return
    found = said(one)
    if not found:
        return
    person, moment = _person(one), _moment(one["timestamp"])
    if not person:
        raise ValueError("nobody")
    name = _name(one)
    for number, (event, file) in enumerate(found):
        yield Heard(f"{name}#{number}" if number else name, person, moment, event, file)


def _receipt(one: Mapping[str, Any]) -> Iterator[Receipt]:
    person = _person(one)
    told = one.get("delivery") or one.get("read") or {}
    if not person:
        return
    ids = [mid for mid in _list(_get(one.get("delivery"), "mids")) if isinstance(mid, str)]
    if ids or "read" in one:
        yield Receipt(person, _moment(told["watermark"]), ids)


def _name(one: Mapping[str, Any]) -> str:
    """Messenger's name of what was done; of what has none, the digest of what it says."""
    for part in ("message", "postback"):
        mid = _get(one.get(part), "mid")
        if isinstance(mid, str) and 0 < len(mid) <= 400 and mid.isprintable():
            return mid
    return _digest(one)


def _person(one: Any) -> str | None:
    person = _get(_get(one, "sender"), "id")
    return person if isinstance(person, str) and person.isdecimal() and len(person) < 40 else None


def _moment(told: Any) -> int:
    if not isinstance(told, int) or not 0 < told < LATEST_MOMENT:
        raise ValueError("no such time")
    return told


def _digest(one: Any) -> str:
    return hashlib.sha256(json.dumps(one, sort_keys=True).encode()).hexdigest()


def _get(holder: Any, key: str) -> Any:
    return holder.get(key) if isinstance(holder, dict) else None


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in _list(value) if isinstance(one, dict)]
