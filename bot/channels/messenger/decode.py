"""Messenger deliveries as what people said and how far our messages came. Pure: raw JSON in.

Every entry and item of a delivery is read on its own, so that a bad one blocks nobody. What other
programs of the page say (echoes) or hear (standby) is not for us. Shapes: Meta, Messenger Platform
webhooks reference (2026).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from bot.channels.graph.heard import Heard, digest, listed, objects, within
from bot.channels.messenger.kinds import said

LATEST_MOMENT = 2**43
"""Milliseconds since the epoch (the year 2248); no message is younger."""


class Receipt(msgspec.Struct, frozen=True):
    """Messages of ours that reached whoever has these *names*: those with *ids*, or all until
    *moment* were read.
    """

    names: Sequence[str]
    moment: int
    ids: Sequence[str] = ()


Item = Heard | Receipt


def decode(raw: Any, *, page_id: str) -> list[Item]:
    """What one delivery says, people's messages in the order in which they were written.

    What came for another page is left out.
    """
    items = [
        item
        for entry in objects(within(raw, "entry"))
        if str(entry.get("id")) == page_id
        for one in listed(entry.get("messaging"))
        for item in _items(one, page_id)
    ]
    return sorted(items, key=lambda item: item.moment)


def name_of(page_id: str, person: str) -> str:
    """The name of a *person*, whose id counts on this page only."""
    return f"psid:{page_id}:{person}"


def _items(one: Any, page_id: str) -> Iterator[Item]:
    try:
        yield from _read(one, page_id)
    except Exception as problem:
        # Whatever is wrong with it: this item must not hold up the ones beside it.
        yield Heard(
            digest(one),
            _names(one, page_id),
            0,
            None,
            dead=f"unreadable: {type(problem).__name__}",
            raw=json.dumps(one).encode(),
        )


def _read(one: Any, page_id: str) -> Iterator[Item]:
    if within(one.get("message"), "is_echo") or within(one.get("sender"), "id") == page_id:
        return
    if "delivery" in one or "read" in one:
        yield from _receipt(one, page_id)
        return
    found = said(one)
    if not found:
        return
    names, moment = _names(one, page_id), _moment(one["timestamp"])
    if not names:
        raise ValueError("nobody")
    name = _name(one)
    for number, (event, file) in enumerate(found):
        yield Heard(f"{name}#{number}" if number else name, names, moment, event, file)


def _receipt(one: Mapping[str, Any], page_id: str) -> Iterator[Receipt]:
    names = _names(one, page_id)
    told = one.get("delivery") or one.get("read") or {}
    if not names:
        return
    ids = [mid for mid in listed(within(one.get("delivery"), "mids")) if isinstance(mid, str)]
    if ids or "read" in one:
        yield Receipt(names, _moment(told["watermark"]), ids)


def _name(one: Mapping[str, Any]) -> str:
    """Messenger's name of what was done; of what has none, the digest of what it says."""
    for kind in ("message", "postback"):
        mid = within(one.get(kind), "mid")
        if isinstance(mid, str) and 0 < len(mid) <= 400 and mid.isprintable():
            return mid
    return digest(one)


def _names(one: Any, page_id: str) -> list[str]:
    person = within(within(one, "sender"), "id")
    known = isinstance(person, str) and person.isdecimal() and len(person) < 40
    return [name_of(page_id, person)] if known else []


def _moment(told: Any) -> int:
    if not isinstance(told, int) or not 0 < told < LATEST_MOMENT:
        raise ValueError("no such time")
    return told
