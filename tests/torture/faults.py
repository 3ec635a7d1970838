"""Guards taken out: with one of these the same torture must find what it looks for."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from data.opening import open_store
from data.store import NewEvent
from tests.data.mutants import marks_done_later, rewritten

ACKNOWLEDGES_FIRST = "acknowledged before it is stored"


def as_new(event: NewEvent) -> NewEvent:
    return replace(event, provider_id=f"{event.provider_id}~{secrets.token_hex(4)}")


def no_dedupe(address: str) -> Any:
    """Every delivery gets an id of its own."""
    store: Any = open_store(address)
    ingest = store.ingest

    async def each_is_new(events: Any) -> Any:
        return await ingest(
            [
                replace(event, provider_id=f"{event.provider_id}~{secrets.token_hex(4)}")
                for event in events
            ]
        )

    store.ingest = each_is_new
    return store


FAULTS: dict[str, Callable[[str], Any]] = {
    "no dedupe": no_dedupe,
    "done in a commit of its own": marks_done_later,
    "sending is not marked": rewritten(
        ("outbox_claim", "status = 'sending'", "status = 'pending'"),
        ("outbox_hand", "THEN 'pending' ELSE 'sending' END", "THEN 'pending' ELSE 'pending' END"),
        ("outbox_hand", "RETURNING id, status", "RETURNING id, 'sending' AS status"),
    ),
    "sending is never recovered": rewritten(
        ("outbox_recover", "status = 'sending'\n", "status = 'unknown'\n")
    ),
}
