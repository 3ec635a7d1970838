"""The fetcher: a chat waits for its file, never for ever, and others do not wait at all."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.runtime.fetcher import AT_ONCE, Fetcher
from bot.runtime.ports import FetchFailed, Media, Throttled, too_big
from data.instants import to_us
from data.store import Head, TurnWrites, Tx
from flows.events import DECODER, Event, Sent, Text, Unfit
from forms.fields import Document
from tests.bot.runtime.stage import SOON, Flaky, Inbox, Post, until
from tests.desk import SetClock

A, B = "web:ana", "web:budi"
MINUTE = timedelta(seconds=60)


async def check(media: Media) -> Sent | Unfit:
    """As if every file were fit; its name tells which it was."""
    if media.data == b"broken disk":
        raise OSError(28, "no space left")
    return Sent(Document(media.name, "image/jpeg", len(media.data)))


class Pauses(list[float]):
    """Waits of the fetcher: they take no time, but the clock's."""

    def __init__(self, clock: SetClock) -> None:
        super().__init__()
        self._clock = clock

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)
        self._clock.at += timedelta(seconds=seconds)
        await asyncio.sleep(0)


@pytest.fixture
def pauses(clock: SetClock) -> Pauses:
    return Pauses(clock)


Make = Callable[..., Fetcher]


@pytest.fixture
def make(store: Flaky, post: Post, clock: SetClock, pauses: Pauses) -> Make:
    def make(patience: timedelta = MINUTE, woken: Callable[[], None] = lambda: None) -> Fetcher:
        return Fetcher(store, {"web": post}, check, clock, patience, woken, pauses)

    return make


@pytest.fixture
async def fetcher(make: Make) -> AsyncIterator[Fetcher]:
    """A fetcher at work."""
    made = make()
    task = asyncio.create_task(made.run())
    yield made
    made.stop()
    await asyncio.wait_for(task, SOON)


class Ear:
    """The turns of the chats, as far as they come."""

    def __init__(self, store: Flaky, clock: SetClock) -> None:
        self.store, self.clock = store, clock
        self.heard: list[tuple[str, Event]] = []

    async def __call__(self) -> bool:
        async def hear(tx: Tx, head: Head) -> TurnWrites:
            self.heard.append((head.chat, DECODER.decode(head.body)))
            return TurnWrites(b"{}")

        now = to_us(self.clock.at)
        while (await self.store.turns(hear, now=now, limit=9, attempts=1)).done:
            pass
        return True

    def of(self, chat: str) -> list[Event]:
        return [event for where, event in self.heard if where == chat]

    async def until(self, chat: str, count: int) -> list[Event]:
        async def heard() -> bool:
            await self()
            return len(self.of(chat)) >= count

        await until(heard)
        return self.of(chat)


@pytest.fixture
def ear(store: Flaky, clock: SetClock) -> Ear:
    return Ear(store, clock)


def fit(name: str, size: int) -> Sent:
    return Sent(Document(name, "image/jpeg", size))


async def test_later_messages_of_the_chat_wait_for_the_file_and_other_chats_go_on(
    fetcher: Fetcher, store: Flaky, post: Post, inbox: Inbox, ear: Ear
) -> None:
    post.gates["ktp"] = asyncio.Event()
    post.files = {"ktp": [b"12"], "kk": [b"123"]}
    await store.ingest([inbox.photo(A, "ktp"), inbox.text(A, "sudah"), inbox.photo(B, "kk")])
    fetcher.wake()
    assert await ear.until(B, 1) == [fit("kk", 3)]
    assert ear.of(A) == []
    post.gates["ktp"].set()
    assert await ear.until(A, 2) == [fit("ktp", 2), Text("sudah")]
    assert set(post.fetched.values()) == {1}


async def test_the_turns_are_woken_when_a_file_is_there(
    make: Make, store: Flaky, post: Post, inbox: Inbox
) -> None:
    woken: list[bool] = []
    post.files = {"ktp": [b"12"]}
    await store.ingest([inbox.photo(A, "ktp")])
    assert await make(woken=lambda: woken.append(True)).once()
    assert woken == [True]


async def test_network_trouble_is_tried_again_with_longer_pauses(
    fetcher: Fetcher, store: Flaky, post: Post, inbox: Inbox, ear: Ear, pauses: Pauses
) -> None:
    post.files = {"ktp": [FetchFailed(final=False), OSError(), Throttled(7), b"12"]}
    await store.ingest([inbox.photo(A, "ktp")])
    fetcher.wake()
    assert await ear.until(A, 1) == [fit("ktp", 2)]
    assert pauses == [1, 2, 7]


async def test_what_cannot_be_had_is_told_at_once(
    fetcher: Fetcher, store: Flaky, post: Post, inbox: Inbox, ear: Ear, pauses: Pauses
) -> None:
    post.files = {"ktp": [too_big(10_000_000, 12_000_000)]}
    await store.ingest([inbox.photo(A, "ktp")])
    fetcher.wake()
    assert await ear.until(A, 1) == [Unfit("too_big", {"ukuran": "12 MB", "batas": "10 MB"})]
    assert pauses == []


async def test_after_sixty_seconds_the_file_is_lost(
    fetcher: Fetcher, store: Flaky, post: Post, inbox: Inbox, ear: Ear, pauses: Pauses
) -> None:
    post.files = {"ktp": [OSError() for _ in range(99)]}
    await store.ingest([inbox.photo(A, "ktp"), inbox.text(A, "halo?")])
    fetcher.wake()
    assert await ear.until(A, 2) == [Unfit("lost"), Text("halo?")]
    assert sum(pauses) == 60


async def test_a_channel_that_never_answers_is_given_up(
    make: Make, store: Flaky, post: Post, inbox: Inbox, ear: Ear, clock: SetClock
) -> None:
    post.files, post.gates["ktp"] = {"ktp": []}, asyncio.Event()
    await store.ingest([inbox.photo(A, "ktp")])
    assert await make(timedelta(milliseconds=20)).once()
    assert await ear.until(A, 1) == [Unfit("lost")]


async def test_a_file_that_waited_while_the_program_was_down_still_gets_a_try(
    make: Make, store: Flaky, post: Post, inbox: Inbox, ear: Ear
) -> None:
    post.files = {"ktp": [b"12"]}
    await store.ingest([inbox.photo(A, "ktp")])
    inbox.pass_time(hours=3)
    assert await make().once()
    assert await ear.until(A, 1) == [fit("ktp", 2)]


async def test_a_file_that_cannot_be_stored_is_tried_again(
    make: Make, store: Flaky, post: Post, inbox: Inbox, ear: Ear
) -> None:
    post.files = {"ktp": [b"broken disk", b"12"]}
    await store.ingest([inbox.photo(A, "ktp")])
    assert await make().once()
    assert await ear.until(A, 1) == [fit("ktp", 2)]


async def test_a_result_survives_a_store_that_refuses_it(
    fetcher: Fetcher, store: Flaky, post: Post, inbox: Inbox, ear: Ear, pauses: Pauses
) -> None:
    store.busy["fetched"] = 2
    post.files = {"ktp": [b"12"]}
    await store.ingest([inbox.photo(A, "ktp")])
    fetcher.wake()
    assert await ear.until(A, 1) == [fit("ktp", 2)]
    assert post.fetched["ktp"] == 1
    assert len(pauses) == 2


async def test_a_file_of_a_channel_that_only_others_have_is_left_to_them_for_a_minute(
    make: Make, store: Flaky, inbox: Inbox, ear: Ear
) -> None:
    await store.ingest([inbox.photo("telegram:7", "ktp")])
    fetcher = make()
    assert not await fetcher.once()
    inbox.pass_time(seconds=61)
    assert await fetcher.once()
    assert await ear.until("telegram:7", 1) == [Unfit("lost")]


async def test_only_so_many_files_are_in_memory_at_once(
    fetcher: Fetcher, store: Flaky, post: Post, inbox: Inbox, ear: Ear
) -> None:
    names = [f"f{n}" for n in range(AT_ONCE + 3)]
    gate = asyncio.Event()
    post.files = {name: [b"12"] for name in names}
    post.gates = dict.fromkeys(names, gate)
    await store.ingest([inbox.photo(f"web:{name}", name) for name in names])
    fetcher.wake()
    await until(lambda: post.fetched.total() == AT_ONCE)
    fetcher.wake()
    for _ in range(2000):
        await asyncio.sleep(0)
    assert post.fetched.total() == AT_ONCE
    gate.set()
    for name in names:
        await ear.until(f"web:{name}", 1)
    assert set(post.fetched.values()) == {1}


async def test_a_bug_while_fetching_is_told_and_neither_repeated_at_once_nor_in_others_way(
    fetcher: Fetcher,
    store: Flaky,
    post: Post,
    inbox: Inbox,
    ear: Ear,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = store.fetched

    async def fetched(event: int, body: bytes, now: int) -> None:
        if b"ktp" in body:
            raise AssertionError("a bug")
        await real(event, body, now)

    monkeypatch.setattr(store, "fetched", fetched)
    post.files = {"ktp": [b"12"] * 99, "kk": [b"123"]}
    with capture_logs() as lines:
        await store.ingest([inbox.photo(A, "ktp")])
        fetcher.wake()
        await until(lambda: lines)
        for _ in range(2000):
            await asyncio.sleep(0)
        assert post.fetched["ktp"] <= 2, "a wake-up may have come while the first one broke"
        assert {line["event"] for line in lines} == {"fetching broke off"}
        await store.ingest([inbox.photo(B, "kk")])
        fetcher.wake()
        assert await ear.until(B, 1) == [fit("kk", 3)]


async def test_a_stop_leaves_the_file_for_the_next_start(
    make: Make, store: Flaky, post: Post, inbox: Inbox, ear: Ear
) -> None:
    post.files, post.gates["ktp"] = {"ktp": [b"12"]}, asyncio.Event()
    await store.ingest([inbox.photo(A, "ktp")])
    fetcher = make()
    running = asyncio.create_task(fetcher.run())
    await until(lambda: post.fetched["ktp"] == 1)
    fetcher.stop()
    await asyncio.wait_for(running, SOON)
    assert await ear() and ear.of(A) == []
    post.gates["ktp"].set()
    assert await make().once()
    assert await ear.until(A, 1) == [fit("ktp", 2)]
