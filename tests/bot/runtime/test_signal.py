"""A wake-up is never lost, and ends one wait only."""

import asyncio
import contextlib

from bot.runtime.signal import Signal


async def test_a_wake_up_before_the_wait_is_kept_and_used_up() -> None:
    signal = Signal()
    signal.wake()
    signal.wake()

    assert await signal.wait(None)
    assert not await signal.wait(0)


async def test_a_wake_up_ends_the_wait() -> None:
    signal = Signal()
    waiting = asyncio.create_task(signal.wait(None))
    await asyncio.sleep(0)
    assert not waiting.done()
    signal.wake()
    signal.wake()

    assert await waiting
    assert not await signal.wait(0)


async def test_a_wake_up_after_the_time_was_over_is_not_lost() -> None:
    signal = Signal()
    waiting = asyncio.create_task(signal.wait(0))
    await asyncio.sleep(0)
    signal._go_on()  # the time is over
    signal.wake()

    assert await waiting


async def test_who_gives_up_waiting_leaves_the_next_wake_up_to_the_next() -> None:
    signal = Signal()
    waiting = asyncio.create_task(signal.wait(None))
    await asyncio.sleep(0)
    waiting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await waiting
    signal.wake()

    assert await signal.wait(None)
