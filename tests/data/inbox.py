"""Words for tests of the store: events, turns that only repeat what they heard, the whole drain."""

from collections.abc import Sequence

from data.store import (
    Head,
    NewEvent,
    Outgoing,
    Outlet,
    Received,
    RunTurn,
    SendResult,
    Store,
    TurnReport,
    TurnWrites,
    Tx,
)

NOW = 1_000_000
LIMIT = 100
ATTEMPTS = 3


def event(
    number: int | str,
    chat: str = "telegram:1",
    *,
    channel: str = "telegram",
    due_at: int = NOW,
    rank: int = 0,
    media: str = "",
    dead: str = "",
) -> NewEvent:
    """The *number*-th event of a provider."""
    return NewEvent(
        channel=channel,
        provider_id=str(number),
        chat=chat,
        body=str(number).encode(errors="replace"),
        received_at=NOW,
        due_at=due_at,
        rank=rank,
        media=media,
        dead=dead,
    )


async def echo(tx: Tx, head: Head) -> TurnWrites:
    """A turn that remembers everything it heard and repeats the newest."""
    return TurnWrites(session=(head.session or b"") + head.body + b" ", outbox=[head.body])


async def run(
    store: Store,
    turn: RunTurn = echo,
    *,
    now: int = NOW,
    limit: int = LIMIT,
    attempts: int = ATTEMPTS,
    careful: bool = False,
    outlet: Outlet | None = None,
) -> TurnReport:
    """One batch of turns."""
    return await store.turns(
        turn, now=now, limit=limit, attempts=attempts, careful=careful, outlet=outlet
    )


async def receive(
    store: Store, *events: NewEvent, turn: RunTurn = echo, outlet: Outlet | None = None
) -> Received:
    """Events that arrive, and may have their turns at once."""
    return await store.receive(events, turn, now=NOW, attempts=ATTEMPTS, outlet=outlet)


async def drain(store: Store, turn: RunTurn = echo, *, now: int = NOW) -> int:
    """Run turns until none is due; how many there were."""
    total = 0
    while (report := await run(store, turn, now=now)).done or report.failures:
        total += report.done
    return total


async def deliver(store: Store, *, owner: str = "me", now: int = NOW) -> list[Outgoing]:
    """Send everything that is due; the messages in the order in which they went out."""
    gone: list[Outgoing] = []
    await store.heartbeat(owner, now)
    while claimed := await store.claim_sends(owner=owner, now=now, limit=LIMIT):
        gone.extend(claimed)
        await store.sent(
            owner, [SendResult(message.id, "sent", ended_at=now) for message in claimed]
        )
    return gone


def said(messages: Sequence[Outgoing], chat: str = "telegram:1") -> list[bytes]:
    """What *chat* was told."""
    return [message.body for message in messages if message.chat == chat]
