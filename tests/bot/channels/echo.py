"""A conversation that fits on a page, to try channels with before any service."""

import json
from collections.abc import Sequence
from typing import Any

from bot.runtime.messages import Outbound
from bot.runtime.ports import Channel
from data.store import NewEvent, StoreBusy
from flows.events import DECODER, Contact, Crowd, Edited, Event, Opened, Press, Text, Unfit
from forms.choices import Option

OPTIONS = (Option("ya", "Ya, benar"), Option("ubah", "Ubah"), Option("0", "Kembali", key="0"))

LONG = " ".join(f"kata{n}" for n in range(1200))


class Echo:
    """Receives as the runtime does (once for each provider id) and answers at once.

    ``pilih`` offers options, ``nomor`` asks for a telephone number, ``panjang`` gets a long text;
    everything else is repeated.
    """

    def __init__(self) -> None:
        self.events: list[NewEvent] = []
        self.said: list[Outbound] = []
        self.fetched: list[Any] = []
        self.busy = 0
        self._put = 0
        self._channel: Channel | None = None

    async def on_table(self, chat: str) -> int:
        """The question that lies on the table."""
        return self._put

    def over(self, channel: Channel) -> None:
        """Answer through *channel*."""
        self._channel = channel

    @property
    def heard(self) -> list[Event]:
        """What was understood, in order."""
        return [DECODER.decode(event.body) for event in self.events if not event.dead]

    @property
    def dead(self) -> list[str]:
        return [event.dead for event in self.events if event.dead]

    async def __call__(self, events: Sequence[NewEvent]) -> Sequence[bool]:
        if self.busy:
            self.busy -= 1
            raise StoreBusy
        known = {(event.channel, event.provider_id) for event in self.events}
        fresh = [(event.channel, event.provider_id) not in known for event in events]
        for event, new in zip(events, fresh, strict=True):
            if new:
                self.events.append(event)
                await self._turn(event)
        return fresh

    async def _turn(self, event: NewEvent) -> None:
        if event.dead or self._channel is None:
            return
        if event.media:
            media = await self._channel.fetch(event.media)
            self.fetched.append(media)
            answer = Outbound(f"Berkas {media.name} {len(media.data)} byte")
        else:
            answer = self.answer(event.body)
        self.said.append(answer)
        await self._channel.send(event.chat, answer)

    def answer(self, body: bytes) -> Outbound:
        """What is said to the event *body*."""
        event: Event = DECODER.decode(body)
        match event:
            case Text("pilih"):
                self._put += 1
                return Outbound("Sudah \x02benar\x03?", OPTIONS, self._put, "choice")
            case Text("panjang"):
                return Outbound(f"\x02{LONG}\x03")
            case Text("nomor"):
                return Outbound("Nomor HP?", expects="contact")
            case Text(typed) if self._put and self._picked(typed):
                return Outbound(f"Dipilih: {self._picked(typed)}")
            case Text(typed):
                return Outbound(f"Anda menulis \x02tebal\x03: {typed}")
            case Press(value, put):
                labels = [option.label for option in OPTIONS if option.value == value]
                fresh = labels and put == self._put
                return Outbound(f"Dipilih: {labels[0]}" if fresh else "Tombol ini sudah lewat.")
            case Contact(card):
                return Outbound(
                    f"Nomor {card.phone[-4:]} {'sendiri' if card.own else 'orang lain'}"
                )
            case Unfit(why):
                return Outbound(f"Belum bisa: {why}")
            case Opened(start):
                return Outbound(f"Mulai {start}".strip())
            case Crowd():
                return Outbound("Hanya chat pribadi.")
            case Edited():
                return Outbound("Perubahan tidak dipakai.")
            case _:
                raise AssertionError(json.dumps(str(event)))

    def _picked(self, typed: str) -> str:
        for number, option in enumerate(OPTIONS, 1):
            if typed in {str(number), option.key or None, option.label}:
                return option.label
        return ""
