"""What participants send: update number n always says the same, so that it can be sent again."""

from datetime import UTC, datetime, timedelta

from bot.runtime.ports import Media
from data.instants import to_us
from data.store import NewEvent
from flows.events import ENCODER, Event, Opened, Text, Unfit

CHANNEL = "torture"
FIRST_LIFE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
BETWEEN_LIVES = timedelta(seconds=31)
"""Longer than a dead owner of messages is waited for; short enough that no reminder is due."""
RECEIVED = to_us(FIRST_LIFE + timedelta(days=1))
"""Later than any question, so that no answer counts as written before its question was seen."""

PDF = Media(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n", name="surat.pdf", mime="application/pdf")
FILE = "file"
STEPS = ("open", "setuju", "answer", "answer", FILE, "answer", "answer", "Kota Manado", "ya", "1")
PREFIXES = "wamid._"
"""What networks write before the number of an update."""
AT_ONCE = 12
"""Chats that talk at the same time."""


def life_begins(number: int) -> datetime:
    """The time of a life; its clock stands, so that a replay knows the time of every turn."""
    return FIRST_LIFE + number * BETWEEN_LIVES


def update(number: int, now: datetime) -> NewEvent:
    """The update with this number, as the provider delivers it, the first or another time."""
    block, place = divmod(number, AT_ONCE * len(STEPS))
    step, chat = divmod(place, AT_ONCE)
    says = STEPS[step]
    return NewEvent(
        channel=CHANNEL,
        provider_id=str(number),
        chat=f"{CHANNEL}:{block * AT_ONCE + chat}",
        body=ENCODER.encode(_event(says, number)),
        received_at=RECEIVED,
        due_at=to_us(now),
        media=FILE if says == FILE else "",
    )


def number_of(provider_id: str) -> int:
    """The update behind a provider's id, also where a mutant made the id unique."""
    return int(provider_id.partition("~")[0].lstrip(PREFIXES))


def _event(says: str, number: int) -> Event:
    match says:
        case "open":
            return Opened(start="Z")
        case "answer":
            return Text(f"Jawaban nomor {number}")
        case "file":
            return Unfit(why="lost")
        case _:
            return Text(says)
