"""WhatsApp deliveries as what people said, statuses and changed names. Pure: raw JSON in.

Every entry, change and item of a delivery is read on its own, so that a bad one blocks nobody.
Shapes: Meta, Cloud API webhooks reference (2026).
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from bot.channels.graph.answers import of_codes
from bot.channels.graph.heard import Heard, digest, listed, objects, within
from bot.channels.whatsapp.kinds import Ignored, NotServed, said
from bot.runtime.ports import Unreachable

LARGEST_SECOND = 2**33
"""No message is older than the epoch or younger than this (the year 2242)."""

NUMBER = re.compile(r"\+?(?P<digits>[0-9]{5,20})")
SCOPED = re.compile(r"[A-Za-z]{2}\.[A-Za-z0-9.]{1,140}")

RENAMED = {"user_changed_number", "user_changed_user_id", "customer_changed_number"}

STATES = {"sent", "delivered", "read", "failed", "played"}


class Renamed(msgspec.Struct, frozen=True):
    """Whoever was *before* is *after* from *moment* on; both are names, the firmest first."""

    before: Sequence[str]
    after: Sequence[str]
    moment: int


class Status(msgspec.Struct, frozen=True):
    """How far a message of ours came; *id* is WhatsApp's name of it, *tag* what it carried."""

    id: str
    tag: str
    state: str
    moment: int
    reason: str = ""


Item = Heard | Renamed | Status


def decode(raw: Any, *, phone_number_id: str) -> list[Item]:
    """What one delivery says, people's messages in the order in which they were written.

    What came for another number of the same business is left out.
    """
    items = [item for value in _values(raw, phone_number_id) for item in _items(value)]
    spoke: dict[str, int] = {}
    for heard in (item for item in items if isinstance(item, Heard)):
        for name in heard.names:
            spoke[name] = min(heard.moment, spoke.get(name, heard.moment))

    def place(item: Item) -> tuple[int, bool]:
        match item:
            case Heard():
                return item.moment, True
            case Renamed():
                # behind what made the old name known, before what is said under the new one
                return min(item.moment, spoke.get(item.after[0], item.moment)), False
            case Status():
                return 0, False

    return sorted(items, key=place)


def name_of_number(text: Any) -> str:
    """The name of whoever has this telephone number, '' for what is no number."""
    found = NUMBER.fullmatch(text.strip()) if isinstance(text, str) else None
    return f"wa:{found['digits']}" if found else ""


def _values(raw: Any, phone_number_id: str) -> Iterator[Any]:
    for entry in objects(within(raw, "entry")):
        for change in objects(entry.get("changes")):
            value = change.get("value")
            ours = within(within(value, "metadata"), "phone_number_id") == phone_number_id
            if change.get("field") == "messages" and ours:
                yield value


def _items(value: Mapping[str, Any]) -> Iterator[Item]:
    contacts = objects(value.get("contacts"))
    for status in objects(value.get("statuses")):
        yield from _status(status)
    for message in listed(value.get("messages")):
        try:
            yield from _message(message, contacts)
        except NotServed as reason:
            yield _dead(message, str(reason), b"{}")
        except Exception as problem:
            # Whatever is wrong with it: this message must not hold up the ones beside it.
            why = f"unreadable: {type(problem).__name__}"
            yield _dead(message, why, json.dumps(message).encode())


def _message(message: Any, contacts: Sequence[Mapping[str, Any]]) -> Iterator[Item]:
    if message.get("group_id"):
        raise NotServed("not a private chat")
    if message["type"] == "system":
        yield from _renamed(message)
        return
    names = _names(message, contacts)
    if not names:
        raise ValueError("nobody")
    try:
        found = said(message, own=names[-1])
    except Ignored:
        return
    if len(names) == 1 and (own := name_of_number(found.own_number)):
        names = [*names, own]
    yield Heard(_id(message), names, _moment(message), found.event, found.file)


def _names(message: Mapping[str, Any], contacts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Who wrote *message*: the id within our business before the number, which may be missing."""
    number, scoped = message.get("from"), message.get("from_user_id")
    for contact in contacts:
        theirs = [(scoped, contact.get("user_id")), (number, contact.get("wa_id"))]
        same = [ours == other for ours, other in theirs if ours and other]
        if all(same) and (same or len(contacts) == 1):
            scoped, number = (ours or other for ours, other in theirs)
            break
    return _named(scoped, number)


def _renamed(message: Mapping[str, Any]) -> Iterator[Item]:
    system = message["system"]
    if system.get("type") not in RENAMED:
        return
    number = system.get("wa_id") or system.get("new_wa_id")
    before = _named(system.get("previous_user_id"), message.get("from"))
    after = _named(system.get("user_id"), number)
    if before and after:
        yield Renamed(before, after, _moment(message))


def _named(scoped: Any, number: Any) -> list[str]:
    firm = isinstance(scoped, str) and SCOPED.fullmatch(scoped)
    return [name for name in (f"bsuid:{scoped}" if firm else "", name_of_number(number)) if name]


def _status(status: Mapping[str, Any]) -> Iterator[Item]:
    tag, state = status.get("biz_opaque_callback_data"), status.get("status")
    if state not in STATES:
        return
    try:
        moment = _moment(status)
    except (KeyError, ValueError, TypeError):
        return
    yield Status(
        id=str(status.get("id", "")),
        tag=tag if isinstance(tag, str) else "",
        state="read" if state == "played" else str(state),
        moment=moment,
        reason=_reason(status) if state == "failed" else "",
    )


def _reason(status: Mapping[str, Any]) -> str:
    for error in objects(status.get("errors")):
        code = error.get("code")
        if isinstance(code, int):
            meant = of_codes(code)
            return meant.reason if isinstance(meant, Unreachable) else "not_now"
    return "refused"


def _dead(message: Any, why: str, raw: bytes) -> Heard:
    names: Sequence[str] = _named(within(message, "from_user_id"), within(message, "from"))
    return Heard(_id(message), names, 0, None, dead=why, raw=raw)


def _id(message: Any) -> str:
    """WhatsApp's name of a message; of one without, the digest of what it says."""
    found = within(message, "id")
    if isinstance(found, str) and 0 < len(found) <= 500 and found.isprintable():
        return found
    return digest(message)


def _moment(item: Mapping[str, Any]) -> int:
    second = int(item["timestamp"])
    if not 0 < second < LARGEST_SECOND:
        raise ValueError("no such time")
    return second * 1000
