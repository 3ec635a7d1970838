"""Events that arrive at PostgreSQL are stored, with the turns that they may have at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from data.postgres_inbox import Stored
from data.postgres_turns import Ran, left, report, write
from data.postgres_tx import COLLISION, LateTx
from data.statements import Statements
from data.store import NewEvent, Received, Row, StoreBusy, TurnReport, Tx
from data.turning import Terms

NOTHING = TurnReport()


async def put(tx: Tx, events: Sequence[NewEvent]) -> list[Received]:
    """Put *events* into the inbox and wake their chats."""
    rows = await tx.all(
        "event_put",
        channels=[event.channel for event in events],
        provider_ids=[event.provider_id for event in events],
        chats=[event.chat for event in events],
        bodies=[event.body for event in events],
        received=[event.received_at for event in events],
        dues=[event.due_at for event in events],
        ranks=[event.rank for event in events],
        media=[event.media for event in events],
        statuses=[event.status for event in events],
        errors=[event.dead for event in events],
    )
    fresh = {(row["channel"], row["provider_id"]) for row in rows}
    told = []
    for event in events:
        key = (event.channel, event.provider_id)
        told.append(Received([key in fresh], NOTHING))
        fresh.discard(key)
    return told


async def receive(
    connection: Any,
    statements: Statements,
    events: Sequence[NewEvent],
    terms: Terms,
    *,
    ended: Sequence[Row],
    known: Mapping[str, Row],
    guarded: bool,
) -> Stored:
    """Store *events*; the first of each chat that finds nothing ahead of it has its turn.

    Nothing is asked about chats that are *known*, as ``prompt_heads`` would tell of them. How
    sending *ended* is stored with those turns, unless there are none. Raises `Overtaken` when a
    chat changed elsewhere meanwhile, and `Unguarded` when a turn failed that had written something,
    unless each is *guarded* by a savepoint.
    """
    async with LateTx(connection, statements) as tx:
        ran = await _turns(tx, events, terms, known, guarded)
        after: dict[str, Row] = {}
        rest = [n for n in range(len(events)) if n not in ran]
        told: dict[int, Received] = {}
        if ran:
            turns = list(ran.values())
            if rest:
                await tx.begin()
            first, rows = await write(tx, turns, terms, ended, held=tx.begun)
            if not tx.begun:
                # in a transaction of several statements a chat may change again under its mark
                after = left(turns, first)
            reports = report(rows, turns)
            told = {n: Received([True], one) for n, one in zip(ran, reports, strict=True)}
        if rest:
            told |= dict(zip(rest, await put(tx, [events[n] for n in rest]), strict=True))
    return Stored([told[n] for n in range(len(events))], shared=bool(ran), left=after)


async def _turns(
    tx: LateTx,
    events: Sequence[NewEvent],
    terms: Terms,
    known: Mapping[str, Row],
    guarded: bool,
) -> dict[int, Ran]:
    """The turns that went well, by the place of their event."""
    first: dict[str, int] = {}
    for n, event in enumerate(events):
        first.setdefault(event.chat, n)
    places = [n for n in first.values() if terms.prompt(events[n])]
    heads = await _heads(tx, {n: events[n] for n in places}, terms.now, known)
    tx.read_of = {events[n].chat: row["mark"] for n, row in heads.items() if not row["is_new"]}
    ran: dict[int, Ran] = {}
    for n, row in heads.items():
        met = None if row["is_new"] else row
        head = terms.prompt_head(events[n], row["event"], met)
        turn_tx = tx.turn(guarded=guarded)
        try:
            writes = await terms.run(turn_tx, head)
            await turn_tx.keep()
        except (StoreBusy, *COLLISION):
            raise
        except Exception:
            # it goes the ordinary way, where its tries are counted
            await turn_tx.undo()
        else:
            ran[n] = Ran(
                head,
                seq=met["out_seq"] if met else 0,
                writes=writes,
                came=events[n],
                is_new=met is None,
                mark=row["mark"],
            )
    return ran


async def _heads(
    tx: Tx, events: Mapping[int, NewEvent], now: int, known: Mapping[str, Row]
) -> dict[int, Row]:
    """The chats of those *events* that may have a turn now, by the place of the event."""
    asked = {n: event for n, event in events.items() if event.chat not in known}
    heads = {n: known[event.chat] for n, event in events.items() if n not in asked}
    if asked:
        rows = await tx.all(
            "prompt_heads",
            now=now,
            chats=[event.chat for event in asked.values()],
            from_channels=[event.channel for event in asked.values()],
            provider_ids=[event.provider_id for event in asked.values()],
        )
        heads |= {n: row for n, row in zip(asked, rows, strict=True) if row["event"] is not None}
    return heads
