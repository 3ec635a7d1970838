"""How far an officer's words came: from our inbox to the participant's eyes, or why not."""

from typing import Final

import msgspec

from data.store import Row

LEAVING: Final = "leaving"
WAITING: Final = "waiting"
PARKED: Final = "parked"
TEMPLATE: Final = "template"

TOLD: Final = frozenset({"sent", "delivered", "read", "failed", "unknown"})


class Arrival(msgspec.Struct, frozen=True):
    """*state* is ``leaving`` (it can still be taken back), ``waiting`` (it is about to be sent),
    ``parked`` (until the participant writes), ``sent``, ``delivered``, ``read``, ``failed``, or
    ``unknown`` (the network never answered). *reason* is one word for why it failed; for what is
    parked ``template:`` and a word or code, where no template reached the participant.
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
    if not row["parked"]:
        return Arrival(WAITING)
    failed = row["template_error"]
    return Arrival(PARKED, row["sending_error"] if failed is None else f"{TEMPLATE}:{failed}")
