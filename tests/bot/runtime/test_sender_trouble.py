"""The sender in trouble: it stays with its chat, and is waited out."""

import asyncio

import pytest

from bot.runtime.ports import Failing, Throttled, Uncertain, Unreachable
from bot.runtime.sender import LONGEST_WAIT, Sender
from data.instants import to_us
from tests.bot.runtime.stage import Flaky, Inbox, Post, ended, states, until
from tests.desk import SetClock

A, B = "web:ana", "web:budi"


async def test_a_throttled_chat_delays_only_itself_and_is_told_once_when_it_may(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    post.trouble[A] = [Throttled(30)]
    await inbox.say(A, "a1", "a2")
    await inbox.say(B, "b1")
    sender.wake()
    await until(lambda: post.told(B) == ["b1"])
    await ended(store, A, ("pending", "", 1), ("pending", "", 0))
    inbox.pass_time(seconds=29)
    await inbox.say(B, "b2")
    sender.wake()
    await until(lambda: post.told(B) == ["b1", "b2"])
    assert post.tried[A] == 1
    inbox.pass_time(seconds=1)
    sender.wake()
    await until(lambda: post.told(A) == ["a1", "a2"])
    assert post.tried[A] == 3


async def test_what_may_have_arrived_is_sent_once_more_and_then_left_as_unknown(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    post.trouble[A] = [Throttled(1), Uncertain(), Uncertain()]
    await inbox.say(A, "a1", "a2")
    for tries in (1, 2, 3):
        sender.wake()
        await until(lambda tries=tries: post.tried[A] >= tries)
        await ended(
            store, A, *[("pending" if tries < 3 else "unknown", "", tries)], *following(tries)
        )
        inbox.pass_time(seconds=10)
    assert post.told(A) == ["a2"]


def following(tries: int) -> list[tuple[str, str, int]]:
    return [("pending", "", 0)] if tries < 3 else [("sent", "", 1)]


async def test_who_cannot_be_reached_is_given_up_with_the_reason(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    post.trouble[A] = [Unreachable("blocked")]
    await inbox.say(A, "a1", "a2")
    sender.wake()
    await ended(store, A, ("failed", "blocked", 1), ("sent", "", 1))


@pytest.mark.parametrize("trouble", [OSError("secret 7171015708909901"), Failing()])
async def test_other_trouble_is_waited_out_ever_longer_and_keeps_the_order(
    sender: Sender,
    store: Flaky,
    post: Post,
    inbox: Inbox,
    clock: SetClock,
    trouble: Exception,
) -> None:
    post.trouble[A] = [trouble] * 3
    await inbox.say(A, "a1", "a2")
    began, waits = to_us(clock.at), []
    for tries in (1, 2, 3):
        sender.wake()
        await ended(store, A, ("pending", "", tries), ("pending", "", 0))
        [(not_before,)] = await store.look(
            f"SELECT not_before FROM outbox WHERE chat = '{A}' AND seq = 1"
        )
        waits.append((not_before - to_us(clock.at)) / 1e6)
        clock.at += LONGEST_WAIT
    assert waits == [2, 4, 8]
    assert to_us(clock.at) > began
    sender.wake()
    await until(lambda: post.told(A) == ["a1", "a2"])
    assert "7171" not in str(await store.look("SELECT error FROM outbox"))


async def test_the_longest_pause_is_five_minutes(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox, clock: SetClock
) -> None:
    await inbox.say(A, "a1")
    await store.look("UPDATE outbox SET attempts = 5000")
    post.trouble[A] = [OSError()]
    sender.wake()
    await ended(store, A, ("pending", "", 5001))
    [(not_before,)] = await store.look("SELECT not_before FROM outbox")
    assert not_before == to_us(clock.at + LONGEST_WAIT)


async def test_a_message_that_cannot_be_read_is_trouble_of_its_own_chat_only(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox
) -> None:
    await inbox.say(A, "a1")
    await inbox.say(B, "b1")
    await store.look(f"UPDATE outbox SET body = x'00' WHERE chat = '{A}'")
    sender.wake()
    await until(lambda: post.told(B) == ["b1"])
    await ended(store, A, ("pending", "", 1))


async def test_a_channel_that_is_switched_off_keeps_its_messages_untouched(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox, clock: SetClock
) -> None:
    await inbox.say("telegram:7", "t1")
    await inbox.say(A, "a1")
    sender.wake()
    await until(lambda: post.told(A) == ["a1"])
    assert await states(store, "telegram:7") == [("pending", "", 0)]
    other = Post("telegram")
    assert await Sender(store, {"telegram": other}, clock, "me").once()
    assert other.told("telegram:7") == ["t1"]


async def test_what_another_took_back_is_sent_once_more_and_holds_nobody_up(
    sender: Sender, store: Flaky, post: Post, inbox: Inbox, clock: SetClock
) -> None:
    await until(lambda: store.asked["claim_sends"] == 1)
    store.gates["sent"] = asyncio.Event()
    sender.hear(await inbox.say(A, "a1", outlet=sender.outlet()))
    await until(lambda: store.asked["sent"] == 1)
    inbox.pass_time(seconds=31)
    await store.heartbeat("other", to_us(clock.at))
    assert await store.recover_sends("other", to_us(clock.at)) == 1
    await store.heartbeat("me", to_us(clock.at))  # it lives again
    store.gates["sent"].set()
    await until(lambda: sender.idle)

    await inbox.say(A, "a2")
    sender.wake()

    await until(lambda: post.told(A) == ["a1", "a1", "a2"])
