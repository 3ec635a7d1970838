"""Flooding: what one chat sends beyond a limit is not stored, and a channel's flood has to wait.

Each chat and each channel has a bucket of tokens (`services.buckets`). What was taken is counted in
memory; only a bucket that is half empty is asked of the store, which then has it in writing for
other processes and for after a restart. So who writes as people do costs no statement.
"""

import contextlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import timedelta
from functools import partial
from typing import Final

import msgspec

from bot.runtime.logger import Logger
from data.instants import Clock, from_us, to_us
from data.store import NewEvent, Store, StoreBusy, Tx
from flows.events import TooMany
from services import buckets, inside
from services.buckets import Rate

CHANNEL: Final = "flood"
"""The channel of the notice, an event of our own."""

PREFIX: Final = "flood:"
"""How the store's names of these buckets begin; the chat or the channel follows."""

ALBUM: Final = 10
"""Files that count as one message where they came as one album (Telegram's largest)."""

SHARE: Final = 20
"""A channel's tokens are put into writing by such a part of its burst, a chat's one by one."""

_US: Final = timedelta(microseconds=1)

log = Logger(__name__)


class Rules(msgspec.Struct, frozen=True):
    """What a chat and a channel may send, None for any number.

    A chat that sends more is told so once in *notice*.
    """

    chat: Rate | None
    channel: Rate | None
    notice: timedelta = timedelta(minutes=10)


UNLIMITED: Final = Rules(chat=None, channel=None)


class Limit:
    """A rate in microseconds. Beyond *trusted* the store is asked, for *step* tokens at a time."""

    __slots__ = ("depth", "every", "rate", "step", "trusted")

    def __init__(self, rate: Rate, step: int) -> None:
        self.rate, self.step = rate, max(1, step)
        self.every, self.depth = rate.every // _US, rate.depth // _US
        self.trusted = self.depth // 2


class Level:
    """A bucket as this process knows it; *unsaved* tokens are not in the store's yet."""

    __slots__ = ("album", "files", "full_at", "told_at", "unsaved")

    def __init__(self) -> None:
        self.full_at = self.unsaved = self.told_at = self.files = 0
        self.album = ""


class Flood:
    """Tells which events are too many; *exempt* are channels on which no participants write."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        rules: Rules,
        exempt: Collection[str] = (),
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._notice = rules.notice // _US
        self._exempt = frozenset(exempt)
        self._wake = wake
        self._chat = Limit(rules.chat, 1) if rules.chat else None
        channel = rules.channel
        self._channel = Limit(channel, channel.burst // SHARE) if channel else None
        self._levels: defaultdict[str, Level] = defaultdict(Level)

    async def refused(self, events: Sequence[NewEvent]) -> Collection[int]:
        """Count *events*; the places of those that are too many for their chat.

        Raises `StoreBusy` when the channel has to wait: its provider then delivers again.
        """
        now = to_us(self._clock.now())
        counted = self._counted(events)
        sure = True
        for _, name, limit in counted:
            sure = self._add(name, limit, now) and sure
        if sure:
            return ()
        for _, name, limit in counted:
            self._give_back(name, limit)
        return await self._taken(counted, now)

    def not_stored(self, events: Iterable[NewEvent]) -> None:
        """These were stored before, or will be later: what comes again is nobody's flood."""
        for _, name, limit in self._counted([event for event in events if not event.album]):
            self._give_back(name, limit)

    async def tidy(self) -> None:
        """Learn what other processes have in writing, and forget who writes no more.

        The store forgets all full buckets, whatever they were for.
        """
        now = to_us(self._clock.now())
        told_before = now - self._notice
        async with self._store.read() as tx:
            full = await tx.one("bucket_full", now=now, before=told_before)
            rows = await tx.all("buckets_of", pattern=f"{PREFIX}%")
        if full is not None:
            await self._store.write(lambda tx: tx.run("buckets_full", now=now, before=told_before))
        if self._chat is self._channel is None:
            return
        for row in rows:
            if row["full_at"] > now:
                level = self._levels[row["name"].removeprefix(PREFIX)]
                level.full_at = max(level.full_at, row["full_at"])
        for name, level in [*self._levels.items()]:
            if level.full_at <= now and level.told_at <= told_before:
                del self._levels[name]

    def _counted(self, events: Sequence[NewEvent]) -> Sequence[tuple[int, str, Limit]]:
        """What each event takes a token of, with its place."""
        counted = []
        for n, event in enumerate(events):
            channel = event.channel
            # what officers and timers do comes into a chat by channels of their own
            if event.dead or channel in self._exempt or not event.chat.startswith(channel):
                continue
            if self._channel is not None:
                counted.append((n, channel, self._channel))
            if self._chat is not None and not (event.album and self._is_more(event)):
                counted.append((n, event.chat, self._chat))
        return counted

    async def _taken(self, counted: Sequence[tuple[int, str, Limit]], now: int) -> Collection[int]:
        """Take the tokens, and return whose are lacking; none is taken where a channel waits."""
        channels = Counter((name, limit) for _, name, limit in counted if limit is self._channel)
        # a batch above the burst would never fit: it goes when nothing is owed
        wanted: list[tuple[int | None, str, Limit, int]] = [
            (None, name, limit, min(many, limit.rate.burst))
            for (name, limit), many in channels.items()
        ]
        wanted += [(n, name, limit, 1) for n, name, limit in counted if limit is self._chat]
        refused: set[int] = set()
        taken: list[tuple[str, Limit, int]] = []
        try:
            for n, name, limit, tokens in wanted:
                if await self._take(name, limit, now, tokens):
                    taken.append((name, limit, tokens))
                elif n is None:
                    log.warning("a channel is over its limit and has to wait", channel=name)
                    raise StoreBusy(f"{name} is over its limit")
                else:
                    refused.add(n)
                    await self._tell(name, now)
        except StoreBusy:
            for name, limit, tokens in taken:
                self._give_back(name, limit, tokens)
            raise
        return refused

    def _is_more(self, event: NewEvent) -> bool:
        """Whether the file is one more of the album that the chat sent last."""
        level = self._levels[event.chat]
        if level.album != event.album:
            level.album, level.files = event.album, 0
        level.files += 1
        return 1 < level.files <= ALBUM

    def _add(self, name: str, limit: Limit, now: int, tokens: int = 1) -> bool:
        """Take *tokens* in memory; whether that is beyond doubt."""
        level = self._levels[name]
        full_at = level.full_at
        level.full_at = full_at = (full_at if full_at > now else now) + tokens * limit.every
        level.unsaved += tokens
        return full_at - now <= limit.trusted

    def _give_back(self, name: str, limit: Limit, tokens: int = 1) -> None:
        level = self._levels[name]
        level.full_at -= tokens * limit.every
        level.unsaved -= tokens

    async def _take(self, name: str, limit: Limit, now: int, many: int) -> bool:
        """Take so *many* tokens, in the store as well where memory alone cannot say."""
        sure = self._add(name, limit, now, many)
        level = self._levels[name]
        if level.full_at > now + limit.depth:
            self._give_back(name, limit, many)
            return False
        # what came back with time is owed to nobody
        tokens = level.unsaved = min(level.unsaved, -((now - level.full_at) // limit.every))
        if sure or tokens < limit.step:
            return True
        level.unsaved = 0
        try:
            taken, full_at = await self._store.write(
                partial(_in_writing, name=PREFIX + name, rate=limit.rate, now=now, tokens=tokens)
            )
        except BaseException:
            level.unsaved += tokens
            self._give_back(name, limit, many)
            raise
        if not taken:
            level.unsaved += tokens
            self._give_back(name, limit, many)
        level.full_at = max(level.full_at, full_at)
        return taken

    async def _tell(self, chat: str, now: int) -> None:
        """Let a turn of the chat say that its messages are too many, once in a while."""
        level = self._levels[chat]
        if level.told_at > now - self._notice:
            return
        level.told_at = now
        with contextlib.suppress(StoreBusy):
            if await self._store.write(partial(_told, chat=chat, now=now, notice=self._notice)):
                log.warning("a chat is over its limit", channel=chat.partition(":")[0])
                self._wake()


async def _in_writing(tx: Tx, *, name: str, rate: Rate, now: int, tokens: int) -> tuple[bool, int]:
    """Whether the store's bucket had so many tokens, and when it is full again."""
    full_at = await buckets.take(tx, name, rate, now=from_us(now), tokens=tokens)
    if full_at is not None:
        return True, to_us(full_at)
    row = await tx.one("bucket_of", name=name)
    return False, row["full_at"] if row else 0


async def _told(tx: Tx, *, chat: str, now: int, notice: int) -> bool:
    """Put the notice into the inbox of *chat*, unless another process did lately."""
    row = await tx.one("bucket_tell", name=PREFIX + chat, now=now, before=now - notice)
    if row is None:
        return False
    event, name = TooMany(), f"{CHANNEL}/{chat}/{now}"
    await inside.put(tx, CHANNEL, chat, event, name, now=from_us(now))
    return True
