"""How far an officer's words came: from our inbox to the participant's eyes, or why not."""

from dataclasses import dataclass
from typing import Final

from data.store import NEVER, Row

LEAVING: Final = "leaving"
WAITING: Final = "waiting"
PARKED: Final = "parked"

TOLD: Final = frozenset({"sent", "delivered", "read", "failed", "unknown"})


@dataclass(frozen=True)
class Arrival:
    """*state* is ``leaving`` (it can still be taken back), ``waiting`` (it is about to be sent),
    ``parked`` (until the participant writes), ``sent``, ``delivered``, ``read``, ``failed``, or
    ``unknown`` (the network never answered). *reason* is one word for the last of them, and why a
    template was not sent for what is parked.
    """

    state: str
    reason: str = ""


def arrival(row: Row) -> Arrival | None:
    """What a row of the conversation tells; None where nobody was to be told anything."""
    if row["event_status"] in ("new", "fetching"):
        return Arrival(LEAVING)
    status = row["sending"]
    if not status:
        return None
    if row["network"]:
        return Arrival(row["network"], row["network_error"])
    if status in TOLD:
        return Arrival(status, row["sending_error"])
    return Arrival(PARKED if row["not_before"] == NEVER else WAITING, row["sending_error"])
