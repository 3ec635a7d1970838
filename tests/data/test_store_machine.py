"""A model of the store beside the real one, through random deliveries, turns, sends and deaths."""

import asyncio
import contextlib
import itertools
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from data.opening import open_store
from data.store import OWNER_DIES_AFTER, Head, RunTurn, SendResult, Store, Timer, TurnWrites, Tx
from tests.data import mutants
from tests.data.inbox import ATTEMPTS, NOW, event

CHATS = ("telegram:a", "telegram:b")
NUDGE_AFTER = 10


class Killed(BaseException):
    """The process dies here."""


def _raise(head: Head) -> None:
    raise ValueError


def _pass(head: Head) -> None:
    """This turn goes well."""


@dataclass
class Waiting:
    """An event that waits for its turn."""

    body: str
    due_at: int
    fetching: bool = False
    attempts: int = 0


@dataclass
class Chat:
    """What must be true of a chat; *waiting* is in the order of arrival."""

    waiting: list[Waiting] = field(default_factory=list)
    session: str = ""
    outbox: list[str] = field(default_factory=list)
    arrived: list[str] = field(default_factory=list)

    def head(self, now: int) -> Waiting | None:
        """The event whose turn it is, if its file is there."""
        head = next((item for item in self.waiting if item.due_at <= now), None)
        return None if head is None or head.fetching else head

    def turn(self, head: Waiting, now: int) -> None:
        """The turn of *head*, which went well."""
        self.waiting.remove(head)
        self.session += f"{head.body} "
        self.outbox += [head.body, f"{head.body}!"]
        nudge = next((item for item in self.waiting if item.body == "nudge"), None)
        if head.body.endswith("-0"):
            if nudge is None:
                self.waiting.append(Waiting("nudge", now + NUDGE_AFTER))
            else:
                nudge.due_at, nudge.attempts = now + NUDGE_AFTER, 0
        if head.body.endswith("-1") and nudge is not None:
            self.waiting.remove(nudge)

    def fail(self, head: Waiting) -> None:
        """The turn of *head* raised."""
        head.attempts += 1
        if head.attempts == ATTEMPTS:
            self.waiting.remove(head)


class Machine(RuleBasedStateMachine):
    """Each rule does the same to the store and to the model, which must stay alike."""

    planted: ClassVar[mutants.Planted]
    fresh_address: ClassVar[Callable[[], str]]
    look: ClassVar[Callable[[str, str], list[tuple[Any, ...]]]]

    @initialize()
    def begin(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.address = type(self).fresh_address()
        self.now = NOW
        self.chats = {name: Chat() for name in CHATS}
        self.seen: set[str] = set()
        self.owners = map(str, itertools.count())
        self.open()

    def wait(self, awaited: Any) -> Any:
        return self.loop.run_until_complete(awaited)

    async def record(self, results: list[SendResult]) -> None:
        await self.store.sent(self.owner, results)

    def open(self) -> None:
        self.store: Store = type(self).planted(self.address)
        self.wait(self.store.open())
        self.owner = next(self.owners)
        self.wait(self.store.heartbeat(self.owner, self.now))
        self.wait(self.store.recover_sends(self.owner, self.now))

    @rule()
    def restart(self) -> None:
        self.wait(self.store.close())
        self.now += OWNER_DIES_AFTER + 1
        self.open()

    @rule(microseconds=st.integers(1, NUDGE_AFTER))
    def pass_time(self, microseconds: int) -> None:
        self.now += microseconds

    @rule(chat=st.sampled_from(CHATS), numbers=st.lists(st.integers(0, 5), min_size=1, max_size=4))
    def deliver(self, chat: str, numbers: list[int]) -> None:
        names = [f"{chat}-{number}" for number in numbers]
        told = self.wait(
            self.store.ingest(
                [
                    event(name, chat, due_at=self.now, media="file" if name[-1] in "45" else "")
                    for name in names
                ]
            )
        )
        for name, fresh in zip(names, told, strict=True):
            assert fresh == (name not in self.seen), "a delivery was taken for what it is not"
            if fresh:
                self.seen.add(name)
                waiting = Waiting(name, self.now, fetching=name[-1] in "45")
                self.chats[chat].waiting.append(waiting)

    @rule(chat=st.sampled_from(CHATS), number=st.integers(0, 5), fails=st.booleans())
    def answer_at_once(self, chat: str, number: int, fails: bool) -> None:
        name, known = f"{chat}-{number}", self.chats[chat]
        given = event(name, chat, due_at=self.now, media="file" if name[-1] in "45" else "")
        turn = self.turn([], _raise if fails else _pass)
        terms = {"now": self.now, "attempts": ATTEMPTS}
        told = self.wait(self.store.receive([given], turn, **terms))
        assert list(told.fresh) == [name not in self.seen], "a delivery was taken for another"
        if not told.fresh[0]:
            return
        self.seen.add(name)
        waits = any(item.due_at <= self.now for item in known.waiting)
        waiting = Waiting(name, self.now, fetching=bool(given.media))
        known.waiting.append(waiting)
        # The other engine may take a chat for busy whose timer was dropped; its turn comes later.
        if told.report.done:
            assert not (fails or waits or waiting.fetching), "what waits was passed"
            known.turn(waiting, self.now)

    @rule()
    def fetch(self) -> None:
        for fetching in self.wait(self.store.fetches(10)):
            self.wait(self.store.fetched(fetching.event, fetching.body, self.now))
        for chat in self.chats.values():
            for item in chat.waiting:
                item.fetching = False

    @rule(fails=st.sampled_from((None, *CHATS)), careful=st.booleans())
    def turns(self, fails: str | None, careful: bool) -> None:
        def check(head: Head) -> None:
            if head.chat == fails:
                raise ValueError

        heard = self.batch(check, careful)
        due = {name for name, chat in self.chats.items() if chat.head(self.now)}
        if careful:
            assert len(heard) == min(1, len(due))
            assert due.issuperset(heard)
        else:
            assert sorted(heard) == sorted(due), "a chat was passed over, or had no turn to run"
        for name in heard:
            chat = self.chats[name]
            head = chat.head(self.now)
            assert head is not None
            if name == fails:
                chat.fail(head)
            else:
                chat.turn(head, self.now)

    @rule(chat=st.sampled_from(CHATS))
    def die_in_a_turn(self, chat: str) -> None:
        def check(head: Head) -> None:
            if head.chat == chat:
                raise Killed

        if self.chats[chat].head(self.now):
            with pytest.raises(Killed):
                self.batch(check, careful=False)
            self.restart()

    @rule()
    def die_after_turns(self) -> None:
        self.turns(None, careful=False)
        self.restart()

    def batch(self, check: Callable[[Head], None], careful: bool) -> list[str]:
        heard: list[str] = []
        terms = {"now": self.now, "limit": 10, "attempts": ATTEMPTS, "careful": careful}
        self.wait(self.store.turns(self.turn(heard, check), **terms))
        return heard

    def turn(self, heard: list[str], check: Callable[[Head], None]) -> RunTurn:
        async def turn(tx: Tx, head: Head) -> TurnWrites:
            # A batch in which one turn fails may be run again as a whole.
            if head.chat not in heard:
                heard.append(head.chat)
            check(head)
            nudge = Timer("nudge", self.now + NUDGE_AFTER, b"nudge")
            return TurnWrites(
                session=(head.session or b"") + head.body + b" ",
                outbox=[head.body, head.body + b"!"],
                timers=[nudge] if head.body.endswith(b"-0") else (),
                dropped_timers=["nudge"] if head.body.endswith(b"-1") else (),
            )

        return turn

    @rule(dies=st.sampled_from([None, "before the call", "after the call"]))
    def send(self, dies: str | None) -> None:
        claimed = self.wait(self.store.claim_sends(owner=self.owner, now=self.now, limit=10))
        assert len(claimed) == len({message.chat for message in claimed})
        assert {message.chat: message.body.decode() for message in claimed} == {
            name: chat.outbox[0] for name, chat in self.chats.items() if chat.outbox
        }, "what was handed out is not the oldest message of each chat"
        if dies != "before the call":
            for message in claimed:
                self.chats[message.chat].arrived.append(message.body.decode())
        if dies:
            self.restart()
            return
        self.wait(self.record([SendResult(m.id, "sent", ended_at=1) for m in claimed]))
        for message in claimed:
            self.chats[message.chat].outbox.pop(0)

    @invariant()
    def sessions_are_what_their_turns_made_of_them(self) -> None:
        rows = type(self).look(self.address, "SELECT id, session FROM chat")
        stored = {name: bytes(session or b"").decode() for name, session in rows}
        assert all(stored.get(name, "") == chat.session for name, chat in self.chats.items())

    def teardown(self) -> None:
        try:
            self.finish()
        finally:
            self.wait(self.store.close())
            self.loop.close()

    def finish(self) -> None:
        """Everything that still waits is done; then nothing may be missing."""
        self.restart()
        self.fetch()
        while any(chat.head(self.now) for chat in self.chats.values()):
            self.turns(None, careful=False)
        while any(chat.outbox for chat in self.chats.values()):
            self.send(None)
        for chat in self.chats.values():
            said = [word for body in chat.session.split() for word in (body, f"{body}!")]
            assert list(dict.fromkeys(chat.arrived)) == list(dict.fromkeys(said))


def check(machine: dict[str, Any], planted: mutants.Planted, examples: int) -> None:
    """Run the machine over *planted*; the same examples every time."""
    made = {name: staticmethod(value) for name, value in machine.items()}
    run_state_machine_as_test(
        type("Planted", (Machine,), {**made, "planted": staticmethod(planted)}),
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            database=None,
            derandomize=True,
            report_multiple_bugs=False,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def on_sqlite(tmp_path: Path, empty_file: Path) -> dict[str, Any]:
    """Where the machine finds an empty SQLite store, and how it looks into it."""
    numbers = itertools.count()

    def fresh_address() -> str:
        path = tmp_path / f"{next(numbers)}.db"
        shutil.copy(empty_file, path)
        return f"sqlite:///{path}"

    def look(address: str, sql: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(address.removeprefix("sqlite:///"))) as connection:
            return connection.execute(sql).fetchall()

    return {"fresh_address": fresh_address, "look": look}


@pytest.fixture
def on_postgres(postgres_address: str) -> dict[str, Any]:
    """Where the machine finds an emptied PostgreSQL store, and how it looks into it."""

    async def ask(sql: str) -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(postgres_address)
        try:
            return [tuple(row) for row in await connection.fetch(sql)]
        finally:
            await connection.close()

    def fresh_address() -> str:
        asyncio.run(ask("TRUNCATE event, chat, outbox, worker"))
        return postgres_address

    def look(address: str, sql: str) -> list[tuple[Any, ...]]:
        return asyncio.run(ask(sql))

    return {"fresh_address": fresh_address, "look": look}


@pytest.mark.slow
@pytest.mark.many
def test_sqlite_does_what_the_model_does(on_sqlite: dict[str, Any]) -> None:
    check(on_sqlite, open_store, examples=40)


@pytest.mark.slow
def test_sqlite_does_what_the_model_does_for_long(on_sqlite: dict[str, Any]) -> None:
    check(on_sqlite, open_store, examples=150)


@pytest.mark.slow
def test_postgres_does_what_the_model_does(on_postgres: dict[str, Any]) -> None:
    check(on_postgres, open_store, examples=40)


@pytest.mark.slow
@pytest.mark.many
@pytest.mark.parametrize("planted", mutants.PLANTED.values(), ids=mutants.PLANTED.keys())
def test_the_model_notices_a_planted_bug(
    on_sqlite: dict[str, Any], planted: mutants.Planted
) -> None:
    with pytest.raises(AssertionError):
        check(on_sqlite, planted, examples=100)
