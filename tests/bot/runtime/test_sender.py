"""The sender: order in each chat, trouble that stays with its chat, and an end that comes."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.runtime import sender as sending
from bot.runtime import signal as signals
from bot.runtime.ports import Failing, Throttled, Uncertain, Unreachable
from bot.runtime.sender import LONGEST_WAIT, Sender
from data.instants import to_us
from data.store import Outlet
from tests.bot.runtime.stage import SOON, Flaky, Inbox, Post, until
from tests.desk import SetClock

A, B = "web:ana", "web:budi"


@pytest.fixture
async def sender(store: Flaky, post: Post, clock: SetClock) -> AsyncIterator[Sender]:
    """A sender at work, which must end within its time."""
    await store.heartbeat("me", to_us(clock.at))
    made = Sender(store, {"web": post}, clock, "me")
    task = asyncio.create_task(made.run())
    yield made
    made.stop(1)
    await asyncio.wait_for(task, SOON)


async def states(store: Flaky, chat: str) -> list[tuple[str, str, int]]:
    rows = await store.look(
        f"SELECT status, error, attempts FROM outbox WHERE chat = '{chat}' ORDER BY seq"
    )
    return [(str(status), str(error), int(attempts)) for status, error, attempts in rows]


async def ended(store: Flaky, chat: str, *expected: tuple[str, str, int]) -> None:
    async def as_expected() -> bool:
        return await states(store, chat) == list(expected)

    await until(as_expected)


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
    sender: Sender, store: Flaky, post: Post, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "LONGEST_NAP", 600.0)
    monkeypatch.setattr(signals, "LONGEST_NAP", 600.0)
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
    sender: Sender, store: Flaky, post: Post, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "LONGEST_NAP", 600.0)
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
    sender.doubt()
    sender.hear(await inbox.say(A, "a2", outlet=sender.outlet()))
    sender.hear(await inbox.say(B, "b1", outlet=sender.outlet()))
    await ended(store, B, ("sent", "", 1))
    await ended(store, A, ("sending", "", 1), ("pending", "", 1))

    inbox.pass_time(seconds=30)
    sender.wake()

    await until(lambda: post.told(A) == ["a1", "a2"])


@pytest.mark.parametrize("in_flight", [0, 1])
async def test_what_is_heard_of_too_soon_waits_for_what_is_ahead(
    sender: Sender,
    store: Flaky,
    post: Post,
    inbox: Inbox,
    monkeypatch: pytest.MonkeyPatch,
    in_flight: int,
) -> None:
    monkeypatch.setattr(sending, "LONGEST_NAP", 600.0)
    monkeypatch.setattr(signals, "LONGEST_NAP", 600.0)
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


async def test_a_stop_lets_arrive_what_is_in_flight_and_takes_nothing_new(
    store: Flaky, post: Post, inbox: Inbox, clock: SetClock
) -> None:
    await store.heartbeat("me", to_us(clock.at))
    sender = Sender(store, {"web": post}, clock, "me")
    running = asyncio.create_task(sender.run())
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
    await store.heartbeat("me", to_us(clock.at))
    sender = Sender(store, {"web": post}, clock, "me")
    running = asyncio.create_task(sender.run())
    post.gates[A] = asyncio.Event()
    await inbox.say(A, "a1")
    sender.wake()
    await until(lambda: post.tried[A] == 1)
    sender.stop(0.01)
    await asyncio.wait_for(running, SOON)
    assert await states(store, A) == [("sending", "", 1)]


async def test_a_stop_while_the_last_result_is_recorded_ends(
    store: Flaky, post: Post, inbox: Inbox, clock: SetClock
) -> None:
    await store.heartbeat("me", to_us(clock.at))
    sender = Sender(store, {"web": post}, clock, "me")
    store.gates["sent"] = asyncio.Event()
    running = asyncio.create_task(sender.run())
    await inbox.say(A, "a1")
    sender.wake()
    await until(lambda: store.asked["sent"] == 1)
    sender.stop(SOON)
    store.gates["sent"].set()
    await asyncio.wait_for(running, SOON)
    assert await states(store, A) == [("sent", "", 1)]
