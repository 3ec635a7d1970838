"""The invariants, read from the database and the provider's files after the torture.

Nothing lost, nothing done twice, nothing out of order, and the stored sessions are what a replay
of the done events through pure turns gives.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import asyncpg
import msgspec

from bot.bootstrap import Product
from bot.runtime.render import encode, messages
from bot.runtime.turns import World
from data.instants import from_us
from flows.assets import Assets
from flows.events import DECODER
from flows.facts import Filed, Say
from flows.session import Session
from flows.turn import turn
from tests.torture.script import CHANNEL, number_of

QUESTIONS = {
    "chat": "SELECT id, session, version, out_seq FROM chat",
    "event": "SELECT id, channel, provider_id, chat, body, received_at, status FROM event"
    " WHERE status <> 'new' OR channel <> 'timer' ORDER BY id",
    "outbox": "SELECT chat, seq, event, n, body, status, created_at FROM outbox ORDER BY chat, seq",
    "request": "SELECT chat, number FROM request",
}

Table = list[dict[str, Any]]


class Told(NamedTuple):
    """A message that reached the provider in a life."""

    life: int
    body: bytes


async def tables(address: str) -> dict[str, Table]:
    """Everything that the audit looks at."""
    if address.startswith("sqlite"):
        connection = sqlite3.connect(address.removeprefix("sqlite:///"))
        connection.row_factory = sqlite3.Row
        try:
            assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            return {
                name: [dict(row) for row in connection.execute(sql)]
                for name, sql in QUESTIONS.items()
            }
        finally:
            connection.close()
    other = await asyncpg.connect(address)
    try:
        return {
            name: [dict(row) for row in await other.fetch(sql)] for name, sql in QUESTIONS.items()
        }
    finally:
        await other.close()


def told_by(folder: Path) -> dict[str, list[Told]]:
    """What each chat was told, in order."""
    told: dict[str, list[Told]] = defaultdict(list)
    for line in (folder / "told").read_text("utf-8").splitlines():
        life, chat, body = line.split("\t", 2)
        told[chat].append(Told(int(life), body.encode()))
    return told


async def violations(
    address: str, folder: Path, product: Product, limit: int, channel: str = CHANNEL
) -> list[str]:
    """Every broken invariant after *limit* updates of *channel*; each line begins with its kind."""
    found = await tables(address)
    told = told_by(folder)
    events, said = _by_chat(found["event"]), _by_chat(found["outbox"])
    filed: dict[str, int] = defaultdict(int)
    for row in found["request"]:
        filed[row["chat"]] += 1
    world = product.world(lambda moves: None)
    problems = list(_received(found["event"], limit, channel))
    for chat in found["chat"]:
        name = chat["id"]
        problems += _in_order(name, events[name], channel)
        problems += _replayed(world, chat, events[name], said[name], filed[name])
        problems += _delivered(name, said[name], told[name])
    return problems


def _by_chat(rows: Table) -> Mapping[str, Table]:
    sorted_out: dict[str, Table] = defaultdict(list)
    for row in rows:
        sorted_out[row["chat"]].append(row)
    return sorted_out


def _received(events: Table, limit: int, channel: str) -> Iterator[str]:
    """Every update is there once and has had its turn."""
    seen = [number_of(row["provider_id"]) for row in events if row["channel"] == channel]
    for number in sorted(set(range(limit)) - set(seen)):
        yield f"lost: update {number} was acknowledged and is not stored"
    for number in sorted({number for number in seen if seen.count(number) > 1}):
        yield f"doubled: update {number} is an event more than once"
    for row in events:
        if row["status"] != "done":
            yield f"lost: event {row['id']} is {row['status']}"


def _in_order(chat: str, events: Table, channel: str) -> Iterator[str]:
    numbers = [number_of(row["provider_id"]) for row in events if row["channel"] == channel]
    if numbers != sorted(numbers):
        yield f"order: {chat} took its updates as {numbers}"


def _replayed(
    world: World, chat: dict[str, Any], events: Table, said: Table, filed: int
) -> Iterator[str]:
    """The session, the messages and the request are what the done events lead to, each once."""
    name = chat["id"]
    answers: dict[int, Table] = defaultdict(list)
    for row in said:
        answers[row["event"]].append(row)
    done = {row["id"]: row for row in events if row["status"] == "done"}
    if [row["seq"] for row in said] != list(range(1, chat["out_seq"] + 1)):
        yield f"order: the messages to {name} are not numbered one by one"
    if chat["version"] != len(done):
        yield f"doubled: {name} had {chat['version']} turns for {len(done)} events"
    if mute := done.keys() - answers.keys():
        yield f"lost: events {sorted(mute)} of {name} were not answered"
        return
    session, submitted = Session(), 0
    for event, rows in answers.items():
        if event not in done:
            yield f"doubled: {name} was answered to event {event}, which is not done"
            continue
        after = turn(session, *_given(world, done[event], rows[0]["created_at"]))
        session = after.session
        submitted += sum(isinstance(fact, Filed) for fact in after.facts)
        expected = _expected(world, session, after.facts)
        if expected is not None and [row["body"] for row in rows] != expected:
            yield f"replay: event {event} of {name} was answered otherwise"
    if msgspec.json.encode(session) != chat["session"]:
        yield f"replay: the session of {name} is another one"
    if submitted != filed:
        yield f"doubled: {name} sent {submitted} reports and has {filed} requests"


def _given(world: World, event: dict[str, Any], at: int) -> tuple[Any, Assets]:
    return DECODER.decode(event["body"]), Assets(
        now=from_us(at),
        received_at=from_us(event["received_at"]),
        facts=world.facts,
        journeys=world.journeys,
        menus=world.menus,
        settings=world.settings,
    )


def _expected(world: World, session: Session, facts: Sequence[Any]) -> list[bytes] | None:
    """The messages of a turn; None where a service had its say in them."""
    if any(isinstance(fact, Filed) for fact in facts):
        return None
    says = [fact for fact in facts if isinstance(fact, Say)]
    said = messages(says, world.catalogue.render, session.language)
    return [encode(message) for message in said]


def _delivered(chat: str, said: Table, told: Sequence[Told]) -> Iterator[str]:
    """Each message arrived, in order; again only in a later life, as what was under way.

    What was under way is the last thing that the life before had told this chat.
    """
    bodies = [row["body"] for row in said]
    for row in said:
        if row["status"] != "sent":
            yield f"lost: message {row['seq']} to {chat} is {row['status']}"
    arrived: list[int] = []
    for message in told:
        reached = len(arrived) and arrived[-1] + 1
        if reached < len(bodies) and message.body == bodies[reached]:
            arrived.append(reached)
        elif reached and message.body == bodies[reached - 1]:
            arrived.append(reached - 1)
        else:
            other = [place + 1 for place, body in enumerate(bodies) if body == message.body]
            before = zip(told, arrived, strict=False)
            listed = ", ".join(f"{one.life}:{place + 1}" for one, place in before)
            yield (
                f"order: {chat} was told {other or message.body} in life {message.life},"
                f" not message {reached + 1} of {len(bodies)}; before (life:message) {listed}"
            )
            return
    if len(set(arrived)) < len(bodies):
        yield f"lost: {chat} was told {len(set(arrived))} of {len(bodies)} messages"
    for (place, before), (again, message) in pairwise(zip(arrived, told, strict=True)):
        if place == again and before.life == message.life:
            yield f"doubled: message {place + 1} reached {chat} twice in life {message.life}"


def repeats(told: Mapping[str, Sequence[Told]], said: Mapping[str, int]) -> int:
    """How many messages arrived more often than they were said."""
    return sum(len(messages_of) - said[chat] for chat, messages_of in told.items())
