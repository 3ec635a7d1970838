"""Sending and fetching once, to their end: how the replay takes a runtime step by step."""

import asyncio
from datetime import timedelta

from bot.runtime.fetcher import Fetcher
from bot.runtime.ports import Media
from bot.runtime.sender import Sender
from data.instants import to_us
from flows.events import Sent
from forms.fields import Document
from tests.bot.runtime.stage import Flaky, Inbox, Post
from tests.desk import SetClock

A, B = "web:ana", "web:budi"


async def check(media: Media) -> Sent:
    return Sent(Document(media.name, "image/jpeg", len(media.data)))


async def test_what_is_due_is_delivered_and_recorded_before_once_returns(
    store: Flaky, post: Post, inbox: Inbox, clock: SetClock
) -> None:
    await store.heartbeat("me", to_us(clock.at))
    sender = Sender(store, {"web": post}, clock, "me")
    await inbox.say(A, "a1", "a2")
    await inbox.say(B, "b1")

    assert await sender.once()
    assert (post.told(A), post.told(B)) == (["a1"], ["b1"])
    assert await store.look("SELECT count(*) FROM outbox WHERE status = 'sent'") == [(2,)]
    assert await sender.once()
    assert post.told(A) == ["a1", "a2"]
    assert not await sender.once()
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}, "nobody would end what it left"


async def test_what_waits_is_fetched_before_once_returns(
    store: Flaky, post: Post, inbox: Inbox, clock: SetClock
) -> None:
    fetcher = Fetcher(store, {"web": post}, check, clock, timedelta(seconds=60), lambda: None)
    post.files = {"ktp": [b"one"], "kk": [b"two"]}
    await store.ingest([inbox.photo(A, "ktp"), inbox.photo(B, "kk")])

    assert await fetcher.once()
    assert await store.look("SELECT count(*) FROM event WHERE status = 'new'") == [(2,)]
    assert not await fetcher.once()
