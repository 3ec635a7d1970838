"""The runtime as a whole: durable before acknowledged, stopped in order, watched for its parts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot.bootstrap import Product
from bot.runtime import runtime as running
from bot.runtime import turns as turning
from bot.runtime.ports import Media, Receive
from bot.runtime.runtime import Ended, Runtime
from data.instants import to_us
from data.store import OWNER_DIES_AFTER, StoreBusy
from flows.events import Sent, Unfit
from forms.fields import Document
from services.refusals import Refused
from tests.bot.runtime.stage import SOON, Flaky, Inbox, Post, until
from tests.desk import SetClock

A, B = "web:ana", "web:budi"


async def check(media: Media) -> Sent | Unfit:
    return Sent(Document(media.name, "image/jpeg", len(media.data)))


Tick = Callable[[], Awaitable[None]]
Make = Callable[..., Runtime]


@pytest.fixture
def make(product: Product, store: Flaky, post: Post, clock: SetClock) -> Make:
    def make(*channels: Post, ticks: Sequence[Tick] = ()) -> Runtime:
        return Runtime(
            store,
            product.world(lambda moves: None),
            channels or [post],
            check,
            clock,
            batch=64,
            attempts=3,
            patience=timedelta(seconds=60),
            ticks=ticks,
        )

    return make


@pytest.fixture
async def runtime(make: Make) -> AsyncIterator[Runtime]:
    made = make()
    await made.start()
    yield made
    await asyncio.wait_for(made.stop(), SOON)


async def test_what_arrives_is_answered_in_each_chat(
    runtime: Runtime, post: Post, inbox: Inbox
) -> None:
    assert await runtime.receive([inbox.text(A, "halo"), inbox.text(B, "halo")]) == [True, True]
    await until(lambda: post.told(A) and post.told(B))
    await runtime.receive([inbox.text(A, "E")])
    await until(lambda: len(post.told(A)) == 2)
    assert "Setuju?" in post.told(A)[1]


async def test_the_same_update_twice_is_answered_once(
    runtime: Runtime, post: Post, inbox: Inbox, store: Flaky
) -> None:
    event = inbox.text(A, "halo")
    assert await runtime.receive([event]) == [True]
    assert await runtime.receive([event, event]) == [False, False]
    await until(lambda: post.told(A))
    await runtime.receive([inbox.text(B, "halo")])
    await until(lambda: post.told(B))
    assert len(post.told(A)) == 1


async def test_after_a_careful_while_a_turn_is_taken_in_the_commit_of_its_event(
    make: Make, post: Post, inbox: Inbox, store: Flaky, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turning, "CAREFUL_TURNS", 2)
    made = make()
    await made.start()
    for chat in (A, B):
        await made.receive([inbox.text(chat, "halo")])
        await until(lambda chat=chat: post.told(chat))
    assert not store.asked["receive"]
    turned = store.asked["turns"]

    await made.receive([inbox.text(A, "E"), inbox.text("web:citra", "halo")])

    await until(lambda: len(post.told(A)) == 2 and post.told("web:citra"))
    assert (store.asked["receive"], store.asked["turns"]) == (1, turned)
    assert await store.look("SELECT DISTINCT status FROM event WHERE channel = 'web'") == [
        ("done",)
    ]
    await asyncio.wait_for(made.stop(), SOON)


async def test_a_turn_at_once_that_fails_is_tried_again(
    make: Make, post: Post, inbox: Inbox, store: Flaky, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turning, "CAREFUL_TURNS", 0)
    tries: list[object] = []
    sound = turning.turn

    def unsound(session: Any, event: Any, assets: Any) -> Any:
        tries.append(event)
        if len(tries) == 1:
            raise ValueError("only the first time")
        return sound(session, event, assets)

    monkeypatch.setattr(turning, "turn", unsound)
    made = make()
    await made.start()
    assert await made.receive([inbox.text(A, "halo")]) == [True]
    await until(lambda: post.told(A))
    assert len(post.told(A)) == 1
    assert await store.look("SELECT status FROM event") == [("done",)]
    await asyncio.wait_for(made.stop(), SOON)


async def test_a_timer_that_a_turn_at_once_set_fires_at_its_time(
    make: Make, post: Post, inbox: Inbox, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turning, "CAREFUL_TURNS", 0)
    made = make()
    await made.start()
    for said in ("halo", "E", "setuju"):
        await made.receive([inbox.text(A, said)])
    await until(lambda: len(post.told(A)) >= 3)
    before = len(post.told(A))
    inbox.pass_time(hours=30)
    made.wake()
    await until(lambda: len(post.told(A)) == before + 1)
    await asyncio.wait_for(made.stop(), SOON)


@pytest.fixture(params=["receive", "ingest"])
def verb(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """By what events are stored: with their turns at once, or before them after a start."""
    monkeypatch.setattr(turning, "CAREFUL_TURNS", 0 if request.param == "receive" else 300)
    return str(request.param)


async def test_a_store_that_cannot_be_written_is_told_to_the_channel(
    make: Make, store: Flaky, inbox: Inbox, verb: str
) -> None:
    store.busy[verb] = 1
    with pytest.raises(StoreBusy):
        await make().receive([inbox.text(A, "halo")])
    assert await store.look("SELECT * FROM event") == []


async def test_nobody_is_acknowledged_before_the_commit(
    make: Make, store: Flaky, inbox: Inbox, verb: str
) -> None:
    receive, event = make().receive, inbox.text(A, "halo")
    store.gates[verb] = asyncio.Event()
    receiving = asyncio.create_task(receive([event]))
    await until(lambda: store.asked[verb])
    assert not receiving.done()
    store.gates[verb].set()
    assert await receiving == [True]
    status = {"receive": "done", "ingest": "new"}[verb]
    assert await store.look("SELECT status FROM event") == [(status,)]
    assert await receive([event]) == [False]


async def test_a_photo_is_fetched_before_its_turn(
    runtime: Runtime, post: Post, inbox: Inbox, store: Flaky
) -> None:
    post.files = {"ktp": [b"12"]}
    await runtime.receive([inbox.photo(A, "ktp")])
    await until(lambda: post.told(A))
    assert post.fetched["ktp"] == 1
    assert await store.look("SELECT status FROM event") == [("done",)]


async def test_what_waited_in_the_store_is_taken_up_at_the_start(
    make: Make, store: Flaky, post: Post, inbox: Inbox
) -> None:
    post.files = {"ktp": [b"12"]}
    await store.ingest([inbox.text(A, "halo"), inbox.photo(B, "ktp")])
    await inbox.say("web:citra", "dari kemarin")
    made = make()
    await made.start()
    await until(lambda: post.told(A) and post.told(B) and post.told("web:citra"))
    await asyncio.wait_for(made.stop(), SOON)


async def test_what_a_dead_process_was_sending_is_sent_again_by_a_living_one(
    make: Make, store: Flaky, post: Post, inbox: Inbox, clock: SetClock
) -> None:
    await inbox.say(A, "a1", "a2")
    await store.heartbeat("dead", to_us(clock.at))
    await store.claim_sends(owner="dead", now=to_us(clock.at), limit=9)
    clock.at += timedelta(microseconds=OWNER_DIES_AFTER + 1)
    made = make()
    await made.start()
    await until(lambda: post.told(A) == ["a1", "a2"])
    await asyncio.wait_for(made.stop(), SOON)


async def test_what_a_living_process_is_sending_is_left_to_it(
    make: Make, store: Flaky, post: Post, inbox: Inbox, clock: SetClock
) -> None:
    await inbox.say(A, "a1")
    await store.heartbeat("alive", to_us(clock.at))
    await store.claim_sends(owner="alive", now=to_us(clock.at), limit=9)
    made = make()
    await made.start()
    await made.receive([inbox.text(B, "halo")])
    await until(lambda: post.told(B))
    await asyncio.wait_for(made.stop(), SOON)
    assert post.told(A) == []


class Pulling(Post):
    """A channel that pulls until it is cancelled, or ends in its own way."""

    ends: Exception | None = None
    pulling = False

    async def run(self, receive: Receive) -> None:
        self.pulling = True
        try:
            if self.ends is not None:
                raise self.ends
            await asyncio.Event().wait()
        finally:
            self.pulling = False


async def test_a_stop_first_ends_what_pulls_and_sends_what_the_last_turn_started(
    make: Make, store: Flaky, inbox: Inbox
) -> None:
    channel = Pulling("web")
    channel.gates[A] = asyncio.Event()
    made = make(channel)
    await made.start()
    await until(lambda: channel.pulling)
    await made.receive([inbox.text(A, "halo")])
    await until(lambda: channel.tried[A] == 1)
    stopping = asyncio.create_task(made.stop())
    await until(lambda: not channel.pulling)
    assert not stopping.done(), "a message is on its way"
    assert not made.ready
    channel.gates[A].set()
    await asyncio.wait_for(stopping, SOON)
    assert await store.look("SELECT status FROM outbox") == [("sent",)]


async def test_a_stop_ends_although_the_store_refuses_everything(
    make: Make, store: Flaky, post: Post, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LONGEST_STOP", 0.05)
    made = make()
    await made.start()
    store.busy["sent"] = store.busy["turns"] = store.busy["claim_sends"] = 10**6
    await inbox.say(A, "a1")
    made.sender.wake()
    await asyncio.wait_for(made.stop(), SOON)


async def test_a_part_that_ends_by_itself_is_told(
    make: Make, store: Flaky, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make()
    await made.start()
    watching = asyncio.create_task(made.watch())

    async def torn(*given: object, **more: object) -> None:
        raise AssertionError("a bug")

    monkeypatch.setattr(store, "claim_sends", torn)
    made.sender.wake()
    with pytest.raises(AssertionError, match="a bug"):
        await asyncio.wait_for(watching, SOON)
    assert not made.ready
    await asyncio.wait_for(made.stop(), SOON)


async def test_a_loop_that_merely_returns_is_told_too(make: Make) -> None:
    made = make()
    await made.start()
    made.turns.stop()
    with pytest.raises(Ended, match="turns"):
        await asyncio.wait_for(made.watch(), SOON)
    await asyncio.wait_for(made.stop(), SOON)


async def test_a_channel_that_breaks_is_told_and_one_that_returns_is_not(make: Make) -> None:
    broken = Pulling("telegram")
    broken.ends = PermissionError("401")
    made = make(Post("web"), broken)
    await made.start()
    with pytest.raises(PermissionError):
        await asyncio.wait_for(made.watch(), SOON)
    await asyncio.wait_for(made.stop(), SOON)


async def test_regular_work_that_fails_does_not_end_the_rest(make: Make) -> None:
    done: list[str] = []

    async def failing() -> None:
        done.append("failing")
        raise Refused("petugas.tidak_bisa")

    async def busy() -> None:
        raise StoreBusy

    async def working() -> None:
        done.append("working")

    made = make(ticks=[failing, busy, working])
    await made.tidy()
    assert done == ["failing", "working"]


async def test_signs_of_life_go_on_and_a_long_silence_is_not_ready(
    make: Make, store: Flaky, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BEAT", 0.001)
    made = make()
    assert not made.ready
    await made.start()
    assert made.ready
    store.busy["heartbeat"] = 3
    beats = store.asked["heartbeat"]
    await until(lambda: store.asked["heartbeat"] > beats + 4)
    store.busy["heartbeat"] = 10**6
    await until(lambda: store.busy["heartbeat"] < 10**6)
    clock.at += timedelta(seconds=16)
    assert not made.ready
    store.busy["heartbeat"] = 0
    await until(lambda: made.ready)
    await asyncio.wait_for(made.stop(), SOON)


async def test_a_start_on_a_store_that_cannot_be_written_is_refused(
    make: Make, store: Flaky
) -> None:
    store.busy["heartbeat"] = 1
    with pytest.raises(StoreBusy):
        await make().start()


async def test_two_runtimes_on_one_store_answer_each_message_once(
    make: Make, inbox: Inbox, store: Flaky
) -> None:
    posts = [Post("web"), Post("web")]
    pair = [make(post) for post in posts]
    for one in pair:
        await one.start()
    chats = [f"web:{n}" for n in range(20)]
    for n, chat in enumerate(chats):
        await pair[n % 2].receive([inbox.text(chat, "halo")])
    await until(lambda: sum(len(post.got) for post in posts) >= len(chats))
    for one in pair:
        await asyncio.wait_for(one.stop(), SOON)
    assert sorted(chat for post in posts for chat, _ in post.got) == sorted(chats)
    assert await store.look("SELECT DISTINCT status FROM outbox") == [("sent",)]
