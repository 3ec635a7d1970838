"""The audit: who did what to which request, append-only, one hash chain for each branch.

Long numbers are masked before they are stored: an audit must not be a second place to read them.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

import msgspec

from data.instants import to_us
from data.store import Row, Tx

PARTICIPANT = "peserta"
"""The actor when a participant did it; every other actor is an officer's id or `SYSTEM`."""
SYSTEM = "sistem"

_LONG_NUMBER = re.compile(r"\d(?:[ .-]?\d){8,}")
_KEPT = 4


_VIA: ContextVar[str] = ContextVar("via", default="")


@contextmanager
def via(channel: str) -> Iterator[None]:
    """Name in every entry within the *channel* through which it was done; none is the console."""
    before = _VIA.set(channel)
    try:
        yield
    finally:
        _VIA.reset(before)


async def note(
    tx: Tx, *, now: datetime, actor: str, action: str, thing: str, branch: str, **detail: Any
) -> None:
    """Append that *actor* did *action* to *thing* (a ticket number or an officer's id)."""
    if channel := _VIA.get():
        detail["via"] = channel
    await tx.one("audit_lock", branch=branch)
    last = await tx.one("audit_last", branch=branch)
    entry = {
        "at": to_us(now),
        "actor": actor,
        "action": action,
        "object": thing,
        "branch": branch,
        "detail": _encoded(detail),
        "prev": last["hash"] if last else "",
    }
    await tx.run("audit_add", **entry, hash=seal(entry))


async def is_noted(
    tx: Tx, thing: str, *, since: datetime, actor: str, action: str, **detail: Any
) -> bool:
    """Whether the same was noted after *since*."""
    row = await tx.one(
        "audit_noted",
        object=thing,
        actor=actor,
        action=action,
        detail=_encoded(detail),
        since=to_us(since),
    )
    return row is not None


def mask(text: str) -> str:
    """Numbers of nine digits and more, however grouped, with all but the last four hidden."""
    return _LONG_NUMBER.sub(_mask_number, text)


def _mask_number(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found[0])
    return "*" * (len(digits) - _KEPT) + digits[-_KEPT:]


def _mask_all(value: Any) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {key: _mask_all(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_mask_all(inner) for inner in value]
    return value


def _encoded(detail: Mapping[str, Any]) -> str:
    return msgspec.json.encode(_mask_all(detail)).decode()


def seal(entry: Mapping[str, Any] | Row) -> str:
    """The hash of an entry: of its content and of the hash before it (*prev*)."""
    sealed = [
        entry[part] for part in ("prev", "at", "actor", "action", "object", "branch", "detail")
    ]
    return hashlib.sha256(msgspec.json.encode(sealed)).hexdigest()
