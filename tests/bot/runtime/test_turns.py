"""The turn loop: all of a turn or nothing, one apology, and other chats that go on."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jinja2
import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from bot.bootstrap import Product
from bot.runtime import turns as turning
from bot.runtime.happening import Act, Happening
from bot.runtime.sender import Sender
from bot.runtime.signal import LONGEST_NAP
from bot.runtime.turns import TurnLoop, World
from data.instants import from_us
from data.store import Head, NewEvent, Received, TurnReport, TurnWrites, Tx
from flows.events import Opened
from flows.facts import AskedHours, Fact, Say
from flows.journey import Move
from tests.bot.runtime.stage import SOON, Flaky, Inbox, Post, until
from tests.desk import NIK, SetClock

A, B = "web:ana", "web:budi"
SORRY = "Mohon maaf, pesan terakhir belum bisa kami proses."


@pytest.fixture
def world(product: Product) -> World:
    return product.world(lambda moves: None)


class Woken(list[bool]):
    """Counts how often the sender was woken."""

    def __call__(self, report: TurnReport) -> None:
        self.append(True)


@pytest.fixture
def woken() -> Woken:
    return Woken()


Make = Callable[[World], TurnLoop]


@pytest.fixture
def make(store: Flaky, clock: SetClock, woken: Woken) -> Make:
    return lambda world: TurnLoop(store, world, clock, batch=64, attempts=3, said=woken)


async def drain(loop: TurnLoop) -> None:
    while await loop.once():
        pass


async def said(store: Flaky, chat: str) -> list[str]:
    rows = await store.look(
        f"SELECT body ->> 'text' FROM (SELECT CAST(body AS text) AS body FROM outbox"
        f" WHERE chat = '{chat}' ORDER BY seq)"
    )
    return [str(text) for (text,) in rows]


def failing(act: Act, *kinds: type) -> Act:
    """*act*, but these kinds of facts leave something behind and then fail."""

    async def acting(tx: Tx, on: Happening, fact: Fact) -> Sequence[Say]:
        if isinstance(fact, kinds):
            await tx.run(
                "consent_add", chat=on.chat, service="G", key="k", text_sha256="x", at=1, event=1
            )
            raise KeyError(NIK)
        return await act(tx, on, fact)

    return acting


class Torn:
    """The catalogue with one sentence that fails."""

    def __init__(self, whole: Any, key: str) -> None:
        self._whole, self._key = whole, key

    def render(self, key: str, values: Mapping[str, Any], language: str = "id") -> str:
        if key == self._key:
            raise jinja2.UndefinedError("nama is undefined")
        text: str = self._whole.render(key, values, language)
        return text


async def test_a_turn_that_fails_leaves_nothing_and_says_nothing(
    make: Make, world: World, store: Flaky, inbox: Inbox, woken: Woken
) -> None:
    loop = make(replace(world, act=failing(world.act, AskedHours)))
    await store.ingest([inbox.text(A, "halo")])
    await drain(loop)
    before = await store.look(f"SELECT session, version FROM chat WHERE id = '{A}'")
    greeting = await said(store, A)
    await store.ingest([inbox.text(A, "bantuan")])
    assert await loop.once()
    assert await said(store, A) == greeting
    assert await store.look("SELECT * FROM consent") == []
    assert await store.look(f"SELECT session, version FROM chat WHERE id = '{A}'") == before


async def test_a_dead_letter_is_apologised_for_once_and_the_chat_goes_on(
    make: Make, world: World, store: Flaky, inbox: Inbox, woken: Woken
) -> None:
    loop = make(replace(world, act=failing(world.act, AskedHours)))
    await store.ingest([inbox.text(A, "halo")])
    await drain(loop)
    await store.ingest([inbox.text(A, "bantuan"), inbox.text(A, "menu"), inbox.text(B, "halo")])
    woken.clear()
    await drain(loop)
    assert [text.startswith(SORRY) for text in await said(store, A)].count(True) == 1
    assert len(await said(store, A)) == 3, "greeting, apology, menu"
    assert len(await said(store, B)) == 1
    assert await store.look("SELECT attempts, error FROM event WHERE status = 'dead'") == [
        (3, "KeyError")
    ]
    assert woken


async def test_a_failed_turn_is_told_without_what_anybody_wrote(
    make: Make, world: World, store: Flaky, inbox: Inbox
) -> None:
    loop = make(replace(world, act=failing(world.act, AskedHours)))
    await store.ingest([inbox.text(A, "halo")])
    await drain(loop)
    await store.ingest([inbox.text(A, "bantuan")])
    with capture_logs() as lines:
        await drain(loop)
    assert [line["event"] for line in lines] == ["turn failed"] * 3
    assert [line["dead"] for line in lines] == [False, False, True]
    assert {line["error"] for line in lines} == {"KeyError"}
    assert all(line["where"].startswith("test_turns.py:") for line in lines)
    assert NIK not in str(lines)
    assert A not in str(lines)


async def test_a_sentence_that_fails_is_a_dead_letter_of_its_own_chat(
    make: Make, world: World, store: Flaky, inbox: Inbox
) -> None:
    torn: Any = Torn(world.catalogue, "sapa.baru")
    loop = make(replace(world, catalogue=torn))
    await store.ingest([inbox.text(A, "halo")])
    await drain(loop)
    [sorry] = await said(store, A)
    assert sorry.startswith(SORRY)


async def test_an_apology_is_in_the_language_of_the_chat(
    make: Make, world: World, store: Flaky, inbox: Inbox
) -> None:
    await store.ingest([inbox.text(A, "halo"), inbox.text(A, "english")])
    await drain(make(world))
    torn: Any = Torn(world.catalogue, "privasi")
    await store.ingest([inbox.text(A, "privacy")])
    await drain(make(replace(world, catalogue=torn)))
    assert (await said(store, A))[-1] == world.catalogue.render("gangguan", {}, "en")


async def test_an_apology_follows_at_once_what_is_ahead_of_it(
    sender: Sender,
    world: World,
    store: Flaky,
    post: Post,
    inbox: Inbox,
    clock: SetClock,
) -> None:
    post.gates[A] = asyncio.Event()
    sender.hear(await inbox.say(A, "a1", outlet=sender.outlet()))
    torn: Any = Torn(world.catalogue, "sapa.baru")
    torn_world = replace(world, catalogue=torn)
    loop = TurnLoop(store, torn_world, clock, batch=64, attempts=1, said=sender.hear)
    await store.ingest([inbox.text(A, "halo")])
    asked = store.asked["next_send_due"]
    await drain(loop)
    await until(lambda: store.asked["next_send_due"] > asked)

    post.gates[A].set()

    await until(lambda: len(post.told(A)) == 2)
    assert post.told(A)[1].startswith(SORRY)


async def test_an_apology_waits_for_a_store_that_refuses_it(
    make: Make, world: World, store: Flaky, inbox: Inbox, woken: Woken
) -> None:
    torn: Any = Torn(world.catalogue, "sapa.baru")
    loop = make(replace(world, catalogue=torn))
    store.busy["bury"] = 2
    running = asyncio.create_task(loop.run())
    await store.ingest([inbox.text(A, "halo")])
    loop.wake()

    async def apologised() -> bool:
        loop.wake()
        return len(await said(store, A)) == 1

    await until(apologised)
    await until(lambda: woken)
    loop.stop()
    await asyncio.wait_for(running, SOON)


async def test_a_busy_store_neither_ends_the_loop_nor_loses_a_turn(
    make: Make, world: World, store: Flaky, inbox: Inbox
) -> None:
    store.busy["turns"] = 1
    loop = make(world)
    running = asyncio.create_task(loop.run())
    await store.ingest([inbox.text(A, "halo")])

    async def answered() -> bool:
        loop.wake()
        return len(await said(store, A)) == 1

    await until(answered)
    loop.stop()
    await asyncio.wait_for(running, SOON)


async def test_what_was_said_is_announced_although_an_apology_must_wait(
    make: Make,
    world: World,
    store: Flaky,
    inbox: Inbox,
    woken: Woken,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turning, "CAREFUL_TURNS", 0)
    loop = make(replace(world, act=failing(world.act, AskedHours)))
    await store.ingest([inbox.text(A, "halo")])
    await drain(loop)
    await store.ingest([inbox.text(A, "bantuan")])
    for _ in range(2):
        assert await loop.once()
    await store.ingest([inbox.text(B, "halo")])
    woken.clear()
    store.busy["bury"] = 1
    with pytest.raises(turning.StoreBusy):
        await loop.once()
    assert len(await said(store, B)) == 1
    assert woken, "the sender must learn of what was committed beside the dead letter"


async def test_what_a_turn_of_an_officers_chat_leads_to_is_looked_for_at_once(
    make: Make, world: World, store: Flaky, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turning, "CAREFUL_TURNS", 0)

    async def officers(tx: Tx, head: Head) -> TurnWrites:
        return TurnWrites(session=b"{}")

    receive, committed, slow = store.receive, asyncio.Event(), asyncio.Event()

    async def slowly(events: Sequence[NewEvent], *given: Any, **more: Any) -> Received:
        received = await receive(events, *given, **more)
        if events[0].channel == "staff":
            committed.set()
            await slow.wait()
        return received

    monkeypatch.setattr(store, "receive", slowly)
    loop = make(replace(world, others={"staff": officers}))
    running = asyncio.create_task(loop.run())
    await until(lambda: store.asked["turns"])

    officer = asyncio.create_task(loop.receive([inbox.text("staff:7", "halo")]))
    await committed.wait()
    await loop.receive([inbox.text(A, "halo")])
    await asyncio.sleep(0.05)
    assert store.asked["turns"] == 1, "what is not stored yet would not be found"
    slow.set()
    await officer
    async with asyncio.timeout(LONGEST_NAP / 2):  # before anybody looks unasked
        await until(lambda: store.asked["turns"] == 2)

    loop.stop()
    await asyncio.wait_for(running, SOON)


async def test_a_timer_fires_once_and_at_its_time(
    make: Make, world: World, store: Flaky, inbox: Inbox, clock: SetClock
) -> None:
    loop = make(world)
    for text in ("halo", "E", "setuju"):
        await store.ingest([inbox.text(A, text)])
        await drain(loop)
    before = len(await said(store, A))
    due = await store.next_due()
    assert due is not None
    clock.at = from_us(due - 1)
    await drain(loop)
    assert len(await said(store, A)) == before
    clock.at = from_us(due)
    await drain(loop)
    assert len(await said(store, A)) == before + 1
    inbox.pass_time(hours=30)
    await drain(loop)
    assert len(await said(store, A)) == before + 1


async def test_a_turn_says_at_most_two_messages(
    make: Make, world: World, store: Flaky, inbox: Inbox
) -> None:
    await store.ingest([inbox.event(A, Opened())])
    await drain(make(world))
    assert 1 <= len(await said(store, A)) <= 2


async def test_machines_moves_are_observed(
    make: Make, world: World, store: Flaky, inbox: Inbox
) -> None:
    seen: list[Move] = []
    loop = make(replace(world, observe=seen.extend))
    await store.ingest([inbox.text(A, "halo"), inbox.text(A, "E")])
    await drain(loop)
    assert ("menu", "consent") in {(move.source, move.dest) for move in seen}


async def test_a_long_backlog_is_taken_one_by_one_only_for_a_while(
    make: Make, world: World, store: Flaky, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turning, "CAREFUL_TURNS", 3)
    loop = make(world)
    await store.ingest([inbox.text(f"web:{n}", "halo") for n in range(10)])
    done = []
    while await loop.once():
        [(count,)] = await store.look("SELECT count(*) FROM event WHERE status = 'done'")
        done.append(count)
    assert done == [1, 2, 3, 10]


async def test_an_idle_loop_rests(make: Make, world: World, store: Flaky, inbox: Inbox) -> None:
    loop = make(world)
    running = asyncio.create_task(loop.run())
    await until(lambda: store.asked["turns"] > 0)
    asked = store.asked["turns"]
    for _ in range(5000):
        await asyncio.sleep(0)
    assert store.asked["turns"] <= asked + 1
    loop.stop()
    await asyncio.wait_for(running, SOON)
