"""The sender: order in each chat, whatever is claimed, handed over or heard of late."""

import asyncio

import pytest

from bot.runtime import sender as sending
from bot.runtime.ports import Throttled
from bot.runtime.sender import Sender
from data.instants import to_us
from data.store import Outlet
from tests.bot.runtime.stage import Flaky, Inbox, Post, ended, states, until
from tests.desk import SetClock

A, B = "web:ana", "web:budi"


async def test_a_chat_reads_in_order_while_other_chats_go_on(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    post.gates[A] = asyncio.Event()
    await inbox.say(A, "a1", "a2", "a3")
    await inbox.say(B, "b1", "b2")
    sender.wake()
    await until(lambda: post.told(B) == ["b1", "b2"])
    assert post.told(A) == []
    assert post.tried[A] == 1
    post.gates[A].set()
    await until(lambda: post.told(A) == ["a1", "a2", "a3"])
    await ended(store, A, *[("sent", "", 1)] * 3)
    assert await store.look("SELECT count(*) FROM outbox WHERE provider_ref LIKE 'ref%'") == [(5,)]


async def test_what_is_handed_over_needs_no_claim(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    await until(lambda: store.asked["claim_sends"] == 1)

    sender.hear(await inbox.say(A, "a1", outlet=sender.outlet()))

    await ended(store, A, ("sent", "", 1))
    assert post.told(A) == ["a1"]
    assert store.asked["claim_sends"] == 1


async def test_what_stands_behind_a_message_in_flight_follows_at_once(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    post.gates[A] = asyncio.Event()
    sender.hear(await inbox.say(A, "a1", "a2", outlet=sender.outlet()))
    sender.hear(await inbox.say(A, "a3", outlet=sender.outlet()))
    await until(lambda: post.tried[A] == 1)
    asked = store.asked["next_send_due"]
    sender.wake()
    await until(lambda: store.asked["next_send_due"] > asked)

    post.gates[A].set()

    await ended(store, A, *[("sent", "", 1)] * 3)
    assert post.told(A) == ["a1", "a2", "a3"]


async def test_what_is_handed_over_while_one_is_in_flight_follows_it(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    await until(lambda: store.asked["claim_sends"] == 1)
    post.gates[A] = asyncio.Event()
    sender.hear(await inbox.say(A, "a1", outlet=sender.outlet()))
    await until(lambda: post.tried[A] == 1)

    report = await inbox.say(A, "a2", "a3", outlet=sender.outlet())

    assert (len(report.handed), report.sends) == (2, 0)
    sender.hear(report)
    post.gates[A].set()
    await ended(store, A, *[("sent", "", 1)] * 3)
    assert post.told(A) == ["a1", "a2", "a3"]
    assert store.asked["claim_sends"] == 1


async def test_a_message_behind_one_of_another_sender_is_not_handed_over(
    sender: Sender, inbox: Inbox
) -> None:
    other = Outlet("other", frozenset({"web"}))
    assert len((await inbox.say(A, "a1", outlet=other)).handed) == 1

    report = await inbox.say(A, "a2", outlet=sender.outlet())

    assert (list(report.handed), report.sends, list(report.behind)) == ([], 1, [A])


async def test_nothing_that_was_handed_over_passes_a_message_that_is_tried_again(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    post.gates[A] = asyncio.Event()
    post.trouble[A] = [Throttled(30)]
    sender.hear(await inbox.say(A, "a1", "a2", outlet=sender.outlet()))
    await until(lambda: post.tried[A] == 1)
    handed = await inbox.say(A, "a3", outlet=sender.outlet())
    post.gates[A].set()
    await until(lambda: store.asked["sent"])
    sender.hear(handed)

    async def all_wait() -> bool:
        return {status for status, _, _ in await states(store, A)} == {"pending"}

    await until(all_wait)
    assert post.told(A) == []
    inbox.pass_time(seconds=31)
    sender.wake()
    await until(lambda: post.told(A) == ["a1", "a2", "a3"])


async def test_nothing_that_was_handed_over_passes_what_went_back_behind_a_second_try(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    post.gates[A] = gate = asyncio.Event()
    post.trouble[A] = [Throttled(1)]
    sender.hear(await inbox.say(A, "a1", "a2", outlet=sender.outlet()))
    await until(lambda: post.tried[A] == 1)
    handed = await inbox.say(A, "a3", outlet=sender.outlet())
    gate.set()
    gate.clear()
    await ended(store, A, ("pending", "", 1), ("pending", "", 1), ("sending", "", 1))
    inbox.pass_time(seconds=1)
    sender.wake()
    await until(lambda: post.tried[A] == 2)

    sender.hear(handed)

    gate.set()
    await until(lambda: len(post.told(A)) == 3)
    assert post.told(A) == ["a1", "a2", "a3"]
    await ended(store, A, *[("sent", "", 2)] * 3)
    report = await inbox.say(A, "a4", outlet=sender.outlet())
    assert len(report.handed) == 1
    sender.hear(report)
    await ended(store, A, *[("sent", "", 2)] * 3, ("sent", "", 1))


async def test_what_was_handed_over_unheard_is_sent_later_and_nothing_passes_it(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    await inbox.say(A, "a1", outlet=sender.outlet())
    sender.hear(await inbox.say(A, "a2", outlet=sender.outlet()))
    sender.hear(await inbox.say(B, "b1", outlet=sender.outlet()))
    await ended(store, B, ("sent", "", 1))
    await ended(store, A, ("sending", "", 1), ("pending", "", 1))

    inbox.pass_time(seconds=30)
    sender.wake()

    await until(lambda: post.told(A) == ["a1", "a2"])


async def test_what_was_claimed_unheard_is_sent_later(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox, clock: SetClock
) -> None:
    await until(lambda: store.asked["claim_sends"] == 1)
    await inbox.say(A, "a1", "a2")
    await store.claim_sends(owner="me", now=to_us(clock.at), limit=9)
    sender.wake()
    await until(lambda: store.asked["next_send_due"] > 1)
    assert post.told(A) == []

    inbox.pass_time(seconds=30)
    sender.wake()

    await until(lambda: post.told(A) == ["a1", "a2"])


@pytest.mark.parametrize("ended_before", [True, False])
async def test_what_was_claimed_again_before_it_is_heard_of_is_sent_once(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox, ended_before: bool
) -> None:
    await until(lambda: store.asked["claim_sends"] == 1)
    sender.hear(await inbox.say(A, "a1", outlet=sender.outlet()))
    late = await inbox.say(A, "a2", outlet=sender.outlet())
    await ended(store, A, ("sent", "", 1), ("sending", "", 1))
    post.gates[A] = asyncio.Event()
    inbox.pass_time(seconds=30)
    sender.wake()
    await until(lambda: post.tried[A] == 2)
    if ended_before:
        post.gates[A].set()
        await ended(store, A, ("sent", "", 1), ("sent", "", 2))
        await until(lambda: sender.idle)

    sender.hear(late)

    sender.hear(await inbox.say(B, "b1", outlet=sender.outlet()))
    await ended(store, B, ("sent", "", 1))
    assert (await states(store, A))[1] == ("sent" if ended_before else "sending", "", 2)
    post.gates[A].set()
    sender.hear(await inbox.say(A, "a3", outlet=sender.outlet()))
    await until(lambda: "a3" in post.told(A))
    assert post.told(A) == ["a1", "a2", "a3"]
    assert post.tried[A] == 3


async def test_what_is_heard_of_while_it_is_claimed_again_is_sent_once(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    await until(lambda: store.asked["claim_sends"] == 1)
    late = await inbox.say(A, "a1", outlet=sender.outlet())
    store.unheard["claim_sends"] = heard = asyncio.Event()
    inbox.pass_time(seconds=30)
    sender.wake()
    await ended(store, A, ("sending", "", 2))

    sender.hear(late)
    store.unheard["claim_sends"] = None
    heard.set()

    await ended(store, A, ("sent", "", 2))
    await inbox.say(A, "a2")
    sender.wake()
    await until(lambda: post.told(A) == ["a1", "a2"])
    assert post.tried[A] == 2


@pytest.mark.parametrize("in_flight", [0, 1])
async def test_what_is_heard_of_too_soon_waits_for_what_is_ahead(
    sender: Sender,
    store: Flaky,
    post: Post,
    inbox: Inbox,
    in_flight: int,
) -> None:
    post.gates[A] = asyncio.Event()
    for n in range(in_flight):
        sender.hear(await inbox.say(A, f"a{n}", outlet=sender.outlet()))
    first = await inbox.say(A, "a1", outlet=sender.outlet())
    second = await inbox.say(A, "a2", "a3", outlet=sender.outlet())
    asked = store.asked["next_send_due"]

    sender.hear(second)
    await ended(store, A, *[("sending", "", 1)] * (in_flight + 1), *[("pending", "", 1)] * 2)
    await until(lambda: store.asked["next_send_due"] > asked)
    sender.hear(first)
    post.gates[A].set()

    told = [*[f"a{n}" for n in range(in_flight)], "a1", "a2", "a3"]
    await until(lambda: len(post.told(A)) == len(told))
    assert post.told(A) == told


async def test_what_follows_a_message_that_went_back_goes_back_too(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    post.trouble[A] = [Throttled(30)]
    post.gates[A] = asyncio.Event()
    sender.hear(await inbox.say(A, "a1", outlet=sender.outlet()))
    report = await inbox.say(A, "a2", outlet=sender.outlet())
    post.gates[A].set()
    await ended(store, A, ("pending", "", 1), ("sending", "", 1))
    await until(lambda: sender.idle)

    sender.hear(report)

    await ended(store, A, *[("pending", "", 1)] * 2)
    assert post.told(A) == []


async def test_what_is_handed_over_while_the_one_ahead_is_claimed_follows_it(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    await until(lambda: store.asked["claim_sends"] == 1)
    store.unheard["claim_sends"] = heard = asyncio.Event()
    await inbox.say(A, "a1")
    sender.wake()
    await ended(store, A, ("sending", "", 1))

    report = await inbox.say(A, "a2", outlet=sender.outlet())
    assert len(report.handed) == 1
    sender.hear(report)
    for _ in range(9):
        await asyncio.sleep(0)
    store.unheard["claim_sends"] = None
    heard.set()

    await until(lambda: len(post.told(A)) == 2)
    assert post.told(A) == ["a1", "a2"]


@pytest.mark.parametrize(("remembered", "claims"), [(1, 0), (0, 1)])
async def test_what_follows_a_message_that_ended_meanwhile_is_sent_at_once_if_that_is_known(
    sender: Sender,
    store: Flaky,
    post: Post,
    inbox: Inbox,
    monkeypatch: pytest.MonkeyPatch,
    remembered: int,
    claims: int,
) -> None:
    monkeypatch.setattr(sending, "REMEMBERED", remembered)
    await until(lambda: store.asked["claim_sends"] == 1)
    post.gates[A] = asyncio.Event()
    sender.hear(await inbox.say(A, "a1", outlet=sender.outlet()))
    report = await inbox.say(A, "a2", outlet=sender.outlet())
    post.gates[A].set()
    await ended(store, A, ("sent", "", 1), ("sending", "", 1))
    await until(lambda: sender.idle)

    sender.hear(report)

    await until(lambda: post.told(A) == ["a1", "a2"])
    assert store.asked["claim_sends"] == 1 + claims
