"""The sender and its store: what ended is stored beside the sending, also by one that refuses."""

import asyncio

import pytest

from bot.runtime import sender as sending
from bot.runtime.ports import Throttled
from bot.runtime.sender import Sender
from tests.bot.runtime.stage import Flaky, Inbox, Post, ended, until
from tests.desk import SetClock

A, B = "web:ana", "web:budi"


async def test_nobody_waits_for_how_the_message_of_another_chat_ended_to_be_stored(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    await until(lambda: store.asked["claim_sends"] == 1)
    store.unheard["sent"] = first = asyncio.Event()
    sender.hear(await inbox.say(A, "a1", "a2", outlet=sender.outlet()))
    await until(lambda: store.asked["sent"] == 1)
    store.unheard["sent"] = None

    sender.hear(await inbox.say(B, "b1", "b2", outlet=sender.outlet()))

    await until(lambda: post.told(B) == ["b1", "b2"])
    assert post.told(A) == ["a1"]
    first.set()
    await until(lambda: post.told(A) == ["a1", "a2"])


async def test_what_ends_while_much_is_being_stored_is_stored_together(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    await until(lambda: store.asked["claim_sends"] == 1)
    store.gates["sent"] = asyncio.Event()
    chats = [f"web:{n}" for n in range(sending.STORING + 3)]

    for n, chat in enumerate(chats, 1):
        sender.hear(await inbox.say(chat, "hello", outlet=sender.outlet()))
        await until(lambda n=n: store.asked["sent"] == min(n, sending.STORING))
        for _ in range(9):
            await asyncio.sleep(0)
    assert store.asked["sent"] == sending.STORING
    store.gates["sent"].set()

    for chat in chats:
        await ended(store, chat, ("sent", "", 1))
    assert store.asked["sent"] == sending.STORING + 1


async def test_what_ends_waits_for_company_while_the_sender_runs(
    sender: Sender, store: Flaky, inbox: Inbox
) -> None:
    await until(lambda: store.asked["claim_sends"] == 1)
    sender.hear(await inbox.say(A, "a1", outlet=sender.outlet()))
    await ended(store, A, ("sent", "", 1))
    assert store.soon == [False]


async def test_what_ends_in_a_single_step_waits_for_nothing(
    store: Flaky, post: Post, inbox: Inbox, clock: SetClock
) -> None:
    await inbox.say(A, "a1")
    assert await Sender(store, {"web": post}, clock, "me").once()
    assert store.soon == [True]


async def test_steps_go_on_until_all_that_was_handed_over_is_sent(
    store: Flaky, post: Post, inbox: Inbox, clock: SetClock
) -> None:
    sender = Sender(store, {"web": post}, clock, "me")
    said = [f"a{n}" for n in range(5)]
    sender.hear(await inbox.say(A, *said, outlet=sender.outlet()))
    while await sender.once():
        pass
    assert post.told(A) == said
    assert sender.idle


async def test_a_message_that_goes_back_is_claimed_when_it_is_known_to_be_back(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    await until(lambda: store.asked["claim_sends"] == 1)
    post.trouble[A] = [Throttled(30)]
    store.unheard["sent"] = heard = asyncio.Event()
    sender.hear(await inbox.say(A, "a1", "a2", outlet=sender.outlet()))
    await until(lambda: store.asked["sent"] == 1)
    await ended(store, A, ("pending", "", 1), ("sending", "", 1))

    inbox.pass_time(minutes=1)
    sender.wake()
    for _ in range(1_000):
        await asyncio.sleep(0)
    heard.set()

    await until(lambda: post.told(A) == ["a1", "a2"])


async def test_when_a_message_is_due_again_is_looked_for_when_it_is_back(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    await until(lambda: store.asked["claim_sends"] == 1)
    post.trouble[A] = [Throttled(30)]
    store.unheard["sent"] = heard = asyncio.Event()
    sender.hear(await inbox.say(A, "a1", outlet=sender.outlet()))
    await ended(store, A, ("pending", "", 1))
    for _ in range(1_000):
        await asyncio.sleep(0)
    looked = store.asked["next_send_due"]

    heard.set()

    await until(lambda: store.asked["next_send_due"] > looked)


async def test_results_survive_a_store_that_refuses_them(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    store.busy["sent"] = 2
    await inbox.say(A, "a1", "a2")
    sender.wake()
    await until(lambda: post.told(A) == ["a1", "a2"])
    await ended(store, A, ("sent", "", 1), ("sent", "", 1))
    assert post.tried[A] == 2


async def test_a_store_that_refuses_is_left_alone_for_a_while_whoever_wakes_the_sender(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    await until(lambda: store.asked["claim_sends"] == 1)
    store.busy["sent"] = 1_000
    sender.hear(await inbox.say(A, "a1", outlet=sender.outlet()))
    await until(lambda: store.asked["sent"])

    for _ in range(500):
        sender.wake()
        await asyncio.sleep(0)

    assert store.asked["sent"] <= 2
    store.busy["sent"] = 0
    await ended(store, A, ("sent", "", 1))


async def test_what_is_due_again_is_sent_though_the_sender_is_woken_all_the_time(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    await until(lambda: store.asked["claim_sends"] == 1)
    post.trouble[A] = [Throttled(30)]
    sender.hear(await inbox.say(A, "a1", outlet=sender.outlet()))
    await ended(store, A, ("pending", "", 1))
    inbox.pass_time(minutes=1)

    for n in range(100):
        sender.hear(await inbox.say(f"web:{n}", "hello", outlet=sender.outlet()))
        for _ in range(9):
            await asyncio.sleep(0)

    assert post.told(A) == ["a1"]


async def test_claiming_goes_on_after_a_store_that_refused(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    store.busy["claim_sends"] = 1
    await inbox.say(A, "a1")
    sender.wake()
    await until(lambda: post.told(A) == ["a1"])


async def test_a_busy_sender_does_not_ask_the_store_again_and_again(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "IN_FLIGHT", 1)
    post.gates[A] = asyncio.Event()
    await inbox.say(A, "a1")
    sender.wake()
    await until(lambda: post.tried[A] == 1)
    await inbox.say(B, "b1")
    sender.wake()
    asked = store.asked["claim_sends"] + store.asked["next_send_due"]
    for _ in range(20_000):
        await asyncio.sleep(0)
    assert store.asked["claim_sends"] + store.asked["next_send_due"] - asked <= 1
    post.gates[A].set()
    await until(lambda: post.told(B) == ["b1"])


async def test_a_sender_that_is_busy_no_more_looks_when_something_is_due(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await until(lambda: store.asked["claim_sends"] == 1)
    post.gates[A], post.gates[B] = asyncio.Event(), asyncio.Event()
    post.trouble[B] = [Throttled(30)]
    for chat in (A, B):
        sender.hear(await inbox.say(chat, "hello", outlet=sender.outlet()))
    await until(lambda: post.tried[A] + post.tried[B] == 2)
    monkeypatch.setattr(sending, "IN_FLIGHT", 1)
    post.gates[B].set()
    await ended(store, B, ("pending", "", 1))
    for _ in range(1_000):  # that it is back is heard of
        await asyncio.sleep(0)
    asked = store.asked["next_send_due"]

    post.gates[A].set()

    await until(lambda: store.asked["next_send_due"] > asked)


async def test_nothing_that_ended_is_stored_while_messages_are_claimed(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    await until(lambda: store.asked["claim_sends"] == 1)
    store.gates["claim_sends"] = asyncio.Event()
    sender.wake()
    await until(lambda: store.asked["claim_sends"] == 2)
    sender.hear(await inbox.say(A, "a1", outlet=sender.outlet()))
    await until(lambda: post.told(A) == ["a1"])
    for _ in range(99):
        await asyncio.sleep(0)
    assert not store.asked["sent"]

    store.gates["claim_sends"].set()

    await ended(store, A, ("sent", "", 1))


async def test_what_waits_is_claimed_though_messages_end_all_the_time(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    await until(lambda: store.asked["claim_sends"] == 1)
    store.unheard["sent"] = heard = asyncio.Event()
    sender.hear(await inbox.say(A, "a1", outlet=sender.outlet()))
    await until(lambda: store.asked["sent"] == 1)
    await inbox.say(B, "b1")
    sender.wake()
    for n in range(9):  # each ends while the end of the one before is being stored
        store.unheard["sent"] = later = asyncio.Event()
        sender.hear(await inbox.say(f"web:{n}", "hello", outlet=sender.outlet()))
        await until(lambda n=n: post.told(f"web:{n}") == ["hello"])
        heard.set()
        for _ in range(99):
            await asyncio.sleep(0)
        heard = later

    await until(lambda: post.told(B) == ["b1"])
