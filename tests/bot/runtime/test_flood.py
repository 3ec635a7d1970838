"""Flooding: what is too much is not stored and told once; the others go on, on both stores."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from bot.bootstrap import Product, flood_rules
from bot.config import Config
from bot.runtime.flood import UNLIMITED, Flood, Rules
from bot.runtime.receive import Receiver
from bot.runtime.turns import TurnLoop
from data.instants import to_us
from data.store import Head, NewEvent, SendResult, StoreBusy, TurnWrites, Tx
from flows.events import DECODER, ENCODER, Text, TooMany
from services import buckets
from services.buckets import Rate
from tests.desk import Desk, postgres_desk, sqlite_desk

SITI, BUDI = "web:siti", "web:budi"
CHAT = Rate(burst=8, every=timedelta(seconds=2))
RULES = Rules(chat=CHAT, channel=None)


@dataclass
class Line:
    """A process that receives; every turn is written down, and nothing is said."""

    desk: Desk
    rules: Rules = RULES
    asked: list[str] = field(default_factory=list)
    sent: int = 0
    woken: int = 0
    fetched: int = 0

    def __post_init__(self) -> None:
        store = self.desk.store
        write = store.write

        async def counted(verb):  # type: ignore[no-untyped-def]
            self.asked.append("write")
            return await write(verb)

        self.counting = type("Counting", (), {"write": staticmethod(counted), "read": store.read})
        self.flood = Flood(self.counting, self.desk.clock, self.rules, ("staff",), self.wake)  # type: ignore[arg-type]
        self.stored = Stored(self.desk)
        self.receive = Receiver(self.stored, self.fetch, self.flood)  # type: ignore[arg-type]

    def wake(self) -> None:
        self.woken += 1

    def fetch(self) -> None:
        self.fetched += 1

    def events(self, count: int, chat: str = SITI, **more: object) -> list[NewEvent]:
        now = to_us(self.desk.clock.at)
        made = []
        for _ in range(count):
            self.sent += 1
            name = f"{id(self)}/{self.sent}"
            body = ENCODER.encode(Text("p"))
            given = {"channel": chat.partition(":")[0], "chat": chat, "body": body} | more
            made.append(NewEvent(provider_id=name, received_at=now, due_at=now, **given))  # type: ignore[arg-type]
        return made

    async def send(self, count: int, chat: str = SITI, **more: object) -> int:
        """How many of so many messages are stored."""
        taken = 0
        for event in self.events(count, chat, **more):
            taken += sum(await self.receive([event]))
        return taken


@dataclass
class Stored:
    """What the receiver hands events to: they are stored, and nothing has its turn."""

    desk: Desk
    busy: bool = False

    async def receive(self, events: Sequence[NewEvent]) -> Sequence[bool]:
        if self.busy:
            raise StoreBusy("busy")
        return await self.desk.store.ingest(events)


@pytest.fixture(params=["sqlite", "postgres"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    opened = sqlite_desk(tmp_path) if request.param == "sqlite" else postgres_desk()
    async with opened as desk:
        yield desk


async def heads(desk: Desk, limit: int = 64) -> list[tuple[str, object]]:
    """The chats and events of one batch of turns."""
    seen: list[tuple[str, object]] = []

    async def listen(tx: Tx, head: Head) -> TurnWrites:
        seen.append((head.chat, DECODER.decode(head.body)))
        return TurnWrites(session=b"{}")

    await desk.store.turns(listen, now=to_us(desk.clock.at), limit=limit, attempts=1)
    return seen


async def notices(desk: Desk) -> int:
    """How many notices wait or have had their turns."""
    told = 0
    while batch := await heads(desk):
        told += sum(isinstance(event, TooMany) for _, event in batch)
    return told


async def test_beyond_the_burst_only_what_comes_slowly_is_stored(desk: Desk) -> None:
    line = Line(desk)
    assert await line.send(20) == CHAT.burst
    assert await line.send(1, BUDI) == 1
    desk.clock.at += 3 * CHAT.every
    assert await line.send(20) == 3


async def test_the_flooder_is_told_once_in_a_while(desk: Desk) -> None:
    line = Line(desk)
    await line.send(20)
    assert line.woken == 1
    assert await notices(desk) == 1
    desk.clock.at += RULES.notice - timedelta(seconds=1)
    await line.send(20)
    assert await notices(desk) == 0
    desk.clock.at += timedelta(seconds=1)
    await line.send(20)
    assert await notices(desk) == 1
    assert line.woken == 2


async def test_two_processes_tell_once_together(desk: Desk) -> None:
    one, other = Line(desk), Line(desk)
    await one.send(20)
    await other.send(20)
    assert await notices(desk) == 1


async def test_who_writes_as_people_do_costs_no_statement(desk: Desk) -> None:
    line = Line(desk)
    for _ in range(5):
        assert await line.send(CHAT.burst // 2) == CHAT.burst // 2
        desk.clock.at += CHAT.burst // 2 * CHAT.every
    assert line.asked == []


async def test_who_is_refused_costs_nothing_any_more(desk: Desk) -> None:
    line = Line(desk)
    await line.send(20)
    asked = len(line.asked)
    assert asked <= CHAT.burst
    await line.send(1000)
    assert len(line.asked) == asked


async def test_a_restart_gives_no_new_burst(desk: Desk) -> None:
    await Line(desk).send(20)

    again = Line(desk)
    await again.flood.tidy()
    assert await again.send(20) == 0


async def test_another_process_finds_the_same_bucket(desk: Desk) -> None:
    one, other = Line(desk), Line(desk)
    assert await one.send(20) == CHAT.burst
    # it only believes what it has seen itself, half a burst, until it asks
    assert await other.send(20) <= CHAT.burst // 2
    assert await other.send(20) == 0


async def test_an_album_counts_once_up_to_its_largest(desk: Desk) -> None:
    line = Line(desk)
    for album in ("a", "b"):
        assert await line.send(10, media="photo", album=album) == 10
    assert await line.send(20) == CHAT.burst - 2

    desk.clock.at += CHAT.burst * CHAT.every
    assert await line.send(40, media="photo", album="c") == 10 + CHAT.burst - 1


async def test_what_officers_and_timers_do_is_never_too_much(desk: Desk) -> None:
    line = Line(desk)
    await line.send(20)
    for channel in ("desk", "timer", "link"):
        assert await line.send(20, channel=channel) == 20
    assert await line.send(50, "staff:7") == 50


async def test_what_is_delivered_again_is_nobodys_flood(desk: Desk) -> None:
    line = Line(desk)
    events = line.events(4)
    for _ in range(10):
        await line.receive(events)
    assert await line.send(20) == CHAT.burst - 4


async def test_of_several_at_once_those_within_the_limit_are_stored(desk: Desk) -> None:
    line = Line(desk)
    mixed = [*line.events(6), *line.events(2, BUDI), *line.events(6), *line.events(1, BUDI)]
    assert await line.receive(mixed) == [True] * 10 + [False] * 4 + [True]


async def test_a_channel_over_its_limit_waits_and_loses_nothing(desk: Desk) -> None:
    rate = Rate(burst=40, every=timedelta(milliseconds=100))
    line = Line(desk, Rules(chat=None, channel=rate))
    for n in range(40):
        assert await line.send(1, f"web:{n}") == 1
    more = line.events(3, "web:late")
    with pytest.raises(StoreBusy):
        await line.receive(more)
    assert await line.send(1, "telegram:1") == 1

    desk.clock.at += 3 * rate.every
    assert await line.receive(more) == [True] * 3


async def test_a_large_batch_waits_no_longer_than_its_tokens_take(desk: Desk) -> None:
    rate = Rate(burst=40, every=timedelta(milliseconds=100))
    line = Line(desk, Rules(chat=None, channel=rate))
    await line.receive(line.events(30, "web:early"))
    more = line.events(20, "web:late")
    for _ in range(9):
        with pytest.raises(StoreBusy):
            await line.receive(more)
        desk.clock.at += rate.every
    desk.clock.at += rate.every
    assert await line.receive(more) == [True] * 20


async def test_a_batch_above_the_burst_goes_when_nothing_is_owed(desk: Desk) -> None:
    rate = Rate(burst=40, every=timedelta(milliseconds=100))
    line = Line(desk, Rules(chat=None, channel=rate))
    assert await line.receive(line.events(100)) == [True] * 100
    with pytest.raises(StoreBusy):
        await line.send(1)


async def test_who_writes_steadily_still_has_most_of_a_burst(desk: Desk) -> None:
    line = Line(desk)
    for _ in range(20):
        assert await line.send(1) == 1
        desk.clock.at += CHAT.every - timedelta(milliseconds=50)
    assert await line.send(CHAT.burst - 2) == CHAT.burst - 2


async def test_the_store_keeps_no_bucket_that_is_full(desk: Desk) -> None:
    line = Line(desk)
    await line.send(20)
    assert len(await desk.all("buckets_of", pattern="flood:%")) == 1
    desk.clock.at += RULES.notice
    await line.flood.tidy()
    assert await desk.all("buckets_of", pattern="flood:%") == []
    assert line.flood._levels == {}


@pytest.mark.parametrize("rules", [RULES, UNLIMITED])
async def test_full_buckets_of_anything_else_are_not_kept_either(desk: Desk, rules: Rules) -> None:
    line, name = Line(desk, rules), "followed:web:siti"
    await desk.do(buckets.take, name, CHAT)
    await line.flood.tidy()
    assert len(await desk.all("buckets_of", pattern=name)) == 1
    desk.clock.at += CHAT.every
    await line.flood.tidy()
    assert await desk.all("buckets_of", pattern=name) == []


async def test_a_file_is_fetched_at_once_also_beside_what_is_too_much(desk: Desk) -> None:
    line = Line(desk)
    await line.send(1)
    assert line.fetched == 0
    await line.send(1, media="file")
    assert line.fetched == 1
    await line.receive(line.events(CHAT.burst, media="file"))
    assert line.fetched == 2


async def test_a_store_that_is_busy_takes_no_token(desk: Desk) -> None:
    line = Line(desk)
    await line.send(CHAT.burst // 2)
    write, line.counting.write = line.counting.write, staticmethod(_busy)  # type: ignore[attr-defined]
    with pytest.raises(StoreBusy):
        await line.send(1)
    line.counting.write = write  # type: ignore[attr-defined]
    assert await line.send(20) == CHAT.burst // 2


async def _busy(verb: object) -> None:
    raise StoreBusy("test")


@pytest.mark.parametrize("refused", [0, 1])
async def test_what_comes_again_after_an_outage_is_nobodys_flood(desk: Desk, refused: int) -> None:
    line = Line(desk)
    events = line.events(CHAT.burst + refused)
    line.stored.busy = True
    for _ in range(5):
        with pytest.raises(StoreBusy):
            await line.receive(events)
    line.stored.busy = False
    assert sum(await line.receive(events)) == CHAT.burst


async def test_another_chat_is_in_the_next_batch_whatever_one_has_waiting(desk: Desk) -> None:
    line = Line(desk, Rules(chat=None, channel=None))
    await line.receive(line.events(1000))
    desk.clock.at += timedelta(seconds=1)
    await heads(desk)
    desk.clock.at += timedelta(seconds=1)
    await line.receive(line.events(1, BUDI))

    assert {chat for chat, _ in await heads(desk)} == {SITI, BUDI}


async def test_many_flooders_take_turns_with_everybody_else(desk: Desk) -> None:
    """However many have old messages waiting: whoever had a turn goes behind who had none."""
    line = Line(desk, Rules(chat=None, channel=None))
    for n in range(6):
        await line.receive(line.events(100, f"web:{n}"))
    desk.clock.at += timedelta(seconds=1)
    await line.receive(line.events(1, BUDI))

    seen = []
    for _ in range(4):
        desk.clock.at += timedelta(milliseconds=10)
        seen += [chat for chat, _ in await heads(desk, limit=2)]
    assert BUDI in seen
    assert len(set(seen)) == 7


async def test_the_notice_is_said_by_a_turn(desk: Desk, product: Product) -> None:
    line = Line(desk)
    await line.send(20)
    world = product.world(lambda moves: None)
    loop = TurnLoop(desk.store, world, desk.clock, batch=64, attempts=3, said=lambda report: None)
    while await loop.once():
        pass
    await desk.store.heartbeat("me", to_us(desk.clock.at))
    said = []
    while sends := await desk.store.claim_sends(owner="me", now=to_us(desk.clock.at), limit=9):
        said += [msgspec.json.decode(one.body)["text"] for one in sends]
        await desk.store.sent("me", [SendResult(one.id, "sent", ended_at=1) for one in sends])
    assert said[-1].startswith("Pesan Bapak/Ibu datang terlalu cepat.")


def test_the_settings_are_the_limits() -> None:
    rules = flood_rules(Config())
    assert rules.chat == Rate(60, timedelta(seconds=2))
    assert rules.channel == Rate(60_000, timedelta(milliseconds=1))
