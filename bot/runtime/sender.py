"""Sending: what was committed to the outbox goes to the channels, in order for each chat."""

import asyncio
import contextlib
from collections import OrderedDict, deque
from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec
from msgspec.structs import replace

from bot.runtime.couriers import Couriers
from bot.runtime.logger import Logger
from bot.runtime.messages import Outbound
from bot.runtime.ports import Channel, Parked, Throttled, Uncertain, Unreachable
from bot.runtime.signal import LONGEST_NAP, Signal, nap
from bot.runtime.trouble import told
from data.instants import Clock, to_us
from data.store import (
    NEVER,
    Outgoing,
    Outlet,
    Parking,
    SendResult,
    Store,
    StoreBusy,
    TurnReport,
)

IN_FLIGHT = 64
"""How many chats are written to at the same time."""

STORING = 4
"""How often at a time it is being stored what has ended; what ends meanwhile goes together."""

REMEMBERED = 4096
"""How many ended messages are known: as many as may end while one batch of turns is written. What
follows one that is forgotten goes the longer way, by the outbox.
"""

LONGEST_WAIT = timedelta(minutes=5)
"""The longest pause between two tries of one message."""

UNHEARD = timedelta(seconds=30)
"""So often what is marked as being sent here, and is not, goes back to the outbox: the store broke
off or was given up, and we did not hear what it did. What is younger may still be on its way to us.
"""

PAUSE_WHEN_BUSY = 0.5
"""Seconds until a store that refused is asked again."""

PAUSE_WHEN_UNCERTAIN = timedelta(seconds=5)
"""A message whose arrival nobody knows is sent once more after this, then left as unknown."""

_DECODE = msgspec.json.Decoder(Outbound).decode

log = Logger(__name__)


class Sender:
    """Delivers the outbox of the channels that this process has.

    A row is marked as being sent, and that mark committed, before the channel is called; a crash
    therefore repeats only what was in flight, each message once.
    """

    def __init__(
        self, store: Store, channels: Mapping[str, Channel], clock: Clock, owner: str
    ) -> None:
        self._store = store
        self._channels = channels
        self._names = sorted(channels)
        self._clock = clock
        self._owner = owner
        self._outlet = Outlet(owner, frozenset(channels))
        self._signal = Signal()
        self._couriers = Couriers(self._deliver)
        # The chats that a delivery is under way to, and whether there are none.
        self._in_flight: set[str] = set()
        self._landed = asyncio.Event()
        self._landed.set()
        # What this process holds of a chat, in order. The next one is sent when the end of the one
        # before is stored: a death in between would repeat both, the older after the newer.
        self._lines: dict[str, deque[Outgoing]] = {}
        # Chats whose next message is tried again, and is not yet claimed for that.
        self._held: set[str] = set()
        # The last messages whose end is stored: what followed them may still be on its way to us.
        self._over: OrderedDict[int, None] = OrderedDict()
        self._ended: list[tuple[str, SendResult]] = []
        # What of it is being stored, a few at a time: that takes as long as a batch of turns, for
        # which the next messages of other chats do not wait.
        self._storing: dict[asyncio.Future[None], Sequence[tuple[str, SendResult]]] = {}
        # Nothing of it begins to be stored while messages are claimed.
        self._claiming = False
        self._uncertain: set[int] = set()
        # Whether the outbox may hold something to claim now, and something that is due later: when.
        self._waiting = self._planned = True
        self._due: int | None = None
        # Chats that have something in the outbox behind what is ahead of it.
        self._behind: set[str] = set()
        # When it was last looked for what was handed over unheard.
        self._looked = clock.now()
        # Whether `run` is at work: only then can something come that shares a commit.
        self._running = False
        self._stopping = False
        self._grace = 0.0

    def wake(self) -> None:
        """There may be something new in the outbox."""
        self._waiting = self._planned = True
        self._signal.wake()

    def outlet(self) -> Outlet | None:
        """Who may be handed messages at once: this sender, unless it is too busy."""
        return None if len(self._in_flight) >= IN_FLIGHT else self._outlet

    def hear(self, report: TurnReport) -> None:
        """Send what a batch of turns handed over; look for the rest in the outbox."""
        for outgoing in report.handed:
            if self._holds(outgoing) or outgoing.id in self._over:
                continue  # it went back as unheard, and was claimed before we heard of it
            if self._is_next(outgoing):
                self._start(outgoing)
            else:
                self._note(outgoing.chat, self._back(outgoing))
                self._behind.add(outgoing.chat)
        self._behind.update(report.behind)
        if report.sends:
            self.wake()

    @property
    def idle(self) -> bool:
        """Whether nothing is being sent and no result waits to be stored."""
        return not (self._in_flight or self._ended or self._storing)

    async def run(self) -> None:
        """Send until `stop`; then let what is in flight end."""
        self._running = True
        try:
            while not self._stopping:
                await self._go_on()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._grace):
                    await self._end()
        finally:
            self._running = False
            self._couriers.cancel()

    async def once(self) -> bool:
        """Send what is due now and record how it ended; False when there was nothing to do."""
        busy = not self.idle  # what was handed over may have arrived before all is claimed
        busy |= await self._claim() > 0
        await self._landed.wait()
        self._record()
        await self._settle()
        if not self._in_flight:
            self._couriers.cancel()  # nobody may come again
        return busy

    def stop(self, seconds: float) -> None:
        """Take nothing new; what is in flight gets *seconds*, then stays marked as being sent."""
        self._stopping, self._grace = True, seconds
        self._signal.wake()

    async def _go_on(self) -> None:
        try:
            self._take_back()
            self._record()
            await self._give_back()
            claimed = await self._claim() if self._waiting else 0
            if not claimed:
                woken = await self._signal.wait(await self._pause())
                # not `|=`: that would put back what it read before it waited
                self._waiting = self._waiting or not woken or self._is_due
        except StoreBusy:
            await self._wait_for_store()

    async def _end(self) -> None:
        while not self.idle:
            try:
                self._take_back()
                self._record()
                if not self.idle:
                    await self._signal.wait(None)
            except StoreBusy:
                await self._wait_for_store()

    async def _wait_for_store(self) -> None:
        log.warning("sending waits: the database is busy")
        # for nothing sooner: each message that is said meanwhile wakes us
        await asyncio.sleep(PAUSE_WHEN_BUSY)

    async def _claim(self) -> int:
        if len(self._in_flight) >= IN_FLIGHT or not self._names:
            return 0
        # what goes back and is claimed before we hear of that would pass what stands behind it
        self._claiming = True
        try:
            claimed = await self._claimed()
        finally:
            self._claiming = False
        self._record()
        for outgoing in claimed:
            self._behind.add(outgoing.chat)
            self._held.discard(outgoing.chat)
            if not self._holds(outgoing):
                self._start(outgoing)
        return len(claimed)

    async def _claimed(self) -> Sequence[Outgoing]:
        """What may be sent now, when all that has ended is stored."""
        await self._settle()
        room = IN_FLIGHT - len(self._in_flight)
        if room <= 0:  # somebody's next message went out meanwhile
            return ()
        now = to_us(self._clock.now())
        self._waiting = False
        claimed = await self._store.claim_sends(
            owner=self._owner, now=now, limit=room, channels=self._names
        )
        self._waiting |= len(claimed) == room
        return claimed

    def _is_next(self, outgoing: Outgoing) -> bool:
        """Whether we have, or had, what is ahead of it: nothing is sent before that.

        What came about later may be heard of sooner, or what is ahead may go back to the outbox.
        """
        if not outgoing.ahead:
            return True
        line = self._lines.get(outgoing.chat)
        return line[-1].id == outgoing.ahead if line else outgoing.ahead in self._over

    def _holds(self, outgoing: Outgoing) -> bool:
        """Whether it is in flight or in its chat's line."""
        line = self._lines.get(outgoing.chat)
        return line is not None and any(one.id == outgoing.id for one in line)

    def _start(self, outgoing: Outgoing) -> None:
        chat = outgoing.chat
        if chat in self._lines:
            self._lines[chat].append(outgoing)
        else:
            self._lines[chat] = deque([outgoing])
            self._send_first(chat)

    def _send_first(self, chat: str) -> None:
        self._in_flight.add(chat)
        self._landed.clear()
        self._couriers.carry(self._lines[chat][0])

    def _go_down(self, chat: str, ended: int) -> None:
        """The end of the message *ended* is stored: if it was first in its line, on to the next."""
        line = self._lines.get(chat)
        if line is None or line[0].id != ended:
            return
        line.popleft()
        if line and chat not in self._held:
            self._send_first(chat)
            return
        del self._lines[chat]
        self._ended += [(chat, self._back(outgoing)) for outgoing in line]
        if chat in self._behind:
            self._behind.discard(chat)
            self._waiting = True

    def _note(self, chat: str, result: SendResult) -> None:
        """A message of *chat* has ended: it is stored with all that ends in the same moment."""
        if not self._ended:
            asyncio.get_running_loop().call_soon(self._record)
        self._ended.append((chat, result))

    def _record(self) -> None:
        """Begin to store what has ended."""
        if not self._ended or self._claiming or len(self._storing) >= STORING:
            return
        results = self._ended
        waited = any(len(self._lines.get(chat, ())) > 1 for chat, _ in results)
        soon = waited or not self._running
        stored = self._store.sent(self._owner, [result for _, result in results], soon=soon)
        self._ended = []
        self._storing[stored] = results
        stored.add_done_callback(self._recorded)

    def _recorded(self, stored: asyncio.Future[None]) -> None:
        if _failed(stored):
            self._signal.wake()
            return
        results = self._storing.pop(stored)
        for chat, result in results:
            if result.status != "retry":
                self._over[result.id] = None
            self._go_down(chat, result.id)
        while len(self._over) > REMEMBERED:
            self._over.popitem(last=False)
        self._record()
        back = any(result.status == "retry" for _, result in results)
        self._planned |= back
        if back or self._waiting or self._stopping:
            self._signal.wake()

    def _take_back(self) -> None:
        """What could not be stored has to be stored again; raises why it could not."""
        failed = [stored for stored in self._storing if stored.done() and _failed(stored)]
        for stored in failed:
            self._ended = [*self._storing.pop(stored), *self._ended]
        for stored in failed:
            stored.result()

    async def _settle(self) -> None:
        """Wait until what has ended is stored; raises why it cannot be."""
        while self._storing:
            await asyncio.wait(self._storing)
            self._take_back()

    async def _give_back(self) -> None:
        """What is marked as being sent here, and is not, goes back to the outbox."""
        now = self._clock.now()
        if abs(now - self._looked) < UNHEARD:
            return
        known = [one.id for line in self._lines.values() for one in line]
        for results in (self._ended, *self._storing.values()):
            known += [result.id for _, result in results]
        before = to_us(now - UNHEARD)
        if found := await self._store.return_sends(self._owner, known, before=before):
            log.warning("messages handed over unheard", messages=found)
            self._waiting = True
        self._looked = now

    @property
    def _is_due(self) -> bool:
        """Whether what was due later is due now, however often we were woken meanwhile."""
        return self._due is not None and self._due <= to_us(self._clock.now())

    async def _pause(self) -> float:
        self._due = None
        if not self._planned or len(self._in_flight) >= IN_FLIGHT or not self._names:
            return LONGEST_NAP
        self._planned = False
        self._due = await self._store.next_send_due(self._names)
        self._planned |= self._due is not None
        return nap(self._due, self._clock)

    async def _deliver(self, outgoing: Outgoing) -> None:
        channel = self._channels[outgoing.channel]
        try:
            message = replace(_DECODE(outgoing.body), id=outgoing.id)
            reference = await channel.send(outgoing.chat, message)
            result = SendResult(outgoing.id, "sent", provider_ref=reference, ended_at=self._now())
        except Exception as problem:
            result = self._meaning(outgoing, problem)
        finally:
            was_full = len(self._in_flight) >= IN_FLIGHT
            self._in_flight.remove(outgoing.chat)
            if not self._in_flight:
                self._landed.set()
            if was_full:  # now there is room for what waits
                self._signal.wake()
        if result.status == "retry":
            # what stands behind it may not pass it
            self._held.add(outgoing.chat)
        else:
            self._uncertain.discard(outgoing.id)
        self._note(outgoing.chat, result)

    def _meaning(self, outgoing: Outgoing, problem: Exception) -> SendResult:
        match problem:
            case Throttled(retry_after=seconds):
                return self._again(outgoing, timedelta(seconds=seconds))
            case Parked():
                parking = Parking(outgoing.chat, problem.heard, problem.template)
                return SendResult(
                    outgoing.id,
                    "retry",
                    error=problem.reason,
                    not_before=NEVER,
                    parking=parking,
                )
            case Unreachable(reason=reason):
                return SendResult(outgoing.id, "failed", error=reason, ended_at=self._now())
            case Uncertain() if outgoing.id not in self._uncertain:
                self._uncertain.add(outgoing.id)
                return self._again(outgoing, PAUSE_WHEN_UNCERTAIN)
            case Uncertain():
                return SendResult(outgoing.id, "unknown", ended_at=self._now())
        # Any other trouble came before the channel accepted the message: it is tried again for
        # as long as it takes, and never passes over the chat's order.
        log.warning("send failed", channel=outgoing.channel, **told(problem))
        longest = LONGEST_WAIT.total_seconds()
        pause = timedelta(seconds=min(2.0 ** min(outgoing.attempts, 32), longest))
        return self._again(outgoing, pause)

    def _back(self, outgoing: Outgoing) -> SendResult:
        """It waits in the outbox behind what is ahead of it."""
        return SendResult(outgoing.id, "retry")

    def _again(self, outgoing: Outgoing, pause: timedelta) -> SendResult:
        return SendResult(outgoing.id, "retry", not_before=to_us(self._clock.now() + pause))

    def _now(self) -> int:
        return to_us(self._clock.now())


def _failed(stored: asyncio.Future[None]) -> bool:
    return stored.cancelled() or stored.exception() is not None
