"""Guards taken out: with one of these the same torture must find what it looks for."""

import secrets
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from data.opening import open_store
from data.store import NewEvent
from tests.data.mutants import marks_done_later, rewritten

ACKNOWLEDGES_FIRST = "acknowledged before it is stored"


def as_new(event: NewEvent) -> NewEvent:
    return replace(event, provider_id=f"{event.provider_id}~{secrets.token_hex(4)}")


def no_dedupe(address: str) -> Any:
    """Every delivery gets an id of its own."""
    store: Any = open_store(address)
    for verb in ("ingest", "receive"):
        setattr(store, verb, _each_is_new(getattr(store, verb)))
    return store


def _each_is_new(take: Any) -> Any:
    async def taken(events: Any, *given: Any, **how: Any) -> Any:
        return await take([as_new(event) for event in events], *given, **how)

    return taken


FAULTS: dict[str, Callable[[str], Any]] = {
    "no dedupe": no_dedupe,
    "done in a commit of its own": marks_done_later,
    "sending is not marked": rewritten(
        ("outbox_claim", "status = 'sending'", "status = 'pending'"),
        ("outbox_hand", "'sending', ", "'pending', "),
    ),
    "sending is never recovered": rewritten(
        ("outbox_recover", "status = 'sending'\n", "status = 'unknown'\n")
    ),
}
