"""The end of a sender: by a stop or by a crash."""

import asyncio

from bot.runtime.sender import Sender
from data.instants import to_us
from tests.bot.runtime.stage import SOON, Flaky, Inbox, Post, at_work, states, until
from tests.desk import SetClock

A = "web:ana"


async def test_after_a_crash_what_was_in_flight_is_sent_again_first(
    store: Flaky, post: Post, inbox: Inbox, clock: SetClock
) -> None:
    await inbox.say(A, "a1", "a2")
    await store.claim_sends(owner="dead", now=to_us(clock.at), limit=9)
    await store.heartbeat("me", to_us(clock.at))
    sender = Sender(store, {"web": post}, clock, "me")
    assert not await sender.once()
    assert await store.recover_sends("me", to_us(clock.at)) == 1
    while await sender.once():
        pass
    assert post.told(A) == ["a1", "a2"]
    assert await states(store, A) == [("sent", "", 2), ("sent", "", 1)]


async def test_a_stop_lets_arrive_what_is_in_flight_and_takes_nothing_new(
    store: Flaky, post: Post, inbox: Inbox, clock: SetClock
) -> None:
    sender, running = await at_work(store, post, clock)
    post.gates[A] = asyncio.Event()
    await inbox.say(A, "a1", "a2")
    sender.wake()
    await until(lambda: post.tried[A] == 1)
    sender.stop(SOON)
    post.gates[A].set()
    await asyncio.wait_for(running, SOON)
    assert post.told(A) == ["a1"]
    assert await states(store, A) == [("sent", "", 1), ("pending", "", 0)]


async def test_a_message_that_does_not_arrive_before_the_end_stays_marked(
    store: Flaky, post: Post, inbox: Inbox, clock: SetClock
) -> None:
    sender, running = await at_work(store, post, clock)
    post.gates[A] = asyncio.Event()
    await inbox.say(A, "a1")
    sender.wake()
    await until(lambda: post.tried[A] == 1)
    sender.stop(0.01)
    await asyncio.wait_for(running, SOON)
    assert await states(store, A) == [("sending", "", 1)]
    post.gates[A].set()
    for _ in range(99):
        await asyncio.sleep(0)
    assert post.told(A) == []


async def test_a_stop_while_the_last_result_is_recorded_ends(
    store: Flaky, post: Post, inbox: Inbox, clock: SetClock
) -> None:
    sender, running = await at_work(store, post, clock)
    await until(lambda: store.asked["claim_sends"] == 1)
    store.gates["sent"] = asyncio.Event()
    sender.hear(await inbox.say(A, "a1", outlet=sender.outlet()))
    await until(lambda: store.asked["sent"] == 1)
    sender.stop(9 * SOON)
    store.gates["sent"].set()
    await asyncio.wait_for(running, SOON)
    assert await states(store, A) == [("sent", "", 1)]
