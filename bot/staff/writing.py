"""What an officer writes to a participant from the telephone: replies, corrections, results.

A reply leaves as it was typed. A correction and a result have a coded reason with words of its own;
the very message that the participant will read is shown before it leaves.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from bot.runtime.messages import Outbound
from bot.staff import views
from bot.staff.desk import Desk
from bot.staff.session import Ask
from bot.staff.tap import Tap
from bot.staff.views import message
from flows.events import Desk as DeskEvent
from forms.choices import Option
from services import checklist, conversation, corrections, endings, fencing, quick_replies, requests
from services.blanks import dated
from services.conversation import worded
from services.correctable import correctable, place_of
from services.corrections import Part
from services.refusals import Refused
from services.requests import Request

Said = Sequence[Outbound]

REASONS: Final[Mapping[str, str]] = {"perbaikan": "ask_correction", "selesai": "finish"}
"""Buttons with a coded reason, and their verbs in `services.reasons`."""

ACTIONS: Final[Mapping[str, str]] = {"perbaikan": "correction", "selesai": "finished"}
"""What the participant's chat is told of them (`flows.events.Desk`)."""


class Writing:
    """The buttons that lead to a text, and the texts."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.buttons: Mapping[str, Callable[[Tap], Awaitable[Said]]] = {
            "balas": self._ask_reply,
            "perbaikan": self._ask_part,
            "bagian": self._ask_why,
            "sebab": self._because,
            "selesai": self._ask_result,
            "periksa": self._tick,
            "hasil": self._result,
            "tulis": self._ask_text,
            "kirim": self._send,
        }

    async def text(self, tap: Tap, text: str) -> Said:
        """The text that was asked for; where it is refused, it stays to be copied."""
        ask = tap.session.ask
        assert ask is not None
        tap.session.ask = None
        try:
            request = await self._fresh(tap, ask.number, ask.seen)
            ask = replace(ask, text=worded(text), typing=False)
            if ask.verb in ACTIONS:
                return await self._show(tap, ask, request)
            return await self._reply(tap, ask)
        except Refused as refused:
            kept = self._desk.word("belum_terkirim", text=text) if text.strip() else ""
            above = "\n\n".join(filter(None, (self._desk.refusal(refused), kept)))
            return [await views.ticket(tap.tx, self._desk, tap.officer, ask.number, above=above)]

    # --- replies -------------------------------------------------------------------------------

    async def _ask_reply(self, tap: Tap) -> Said:
        request = await self._shown(tap)
        return self._type(tap, Ask("balas", request.number, tap.part(1)))

    async def _reply(self, tap: Tap, ask: Ask) -> Said:
        await conversation.reply(
            tap.tx,
            tap.officer,
            ask.number,
            ask.text,
            now=self._desk.now,
            rules=self._desk.rules,
            wait=self._desk.rules.undo,
        )
        return await self._sent(tap, ask, "terkirim")

    # --- corrections ---------------------------------------------------------------------------

    async def _ask_part(self, tap: Tap) -> Said:
        request = await self._shown(tap)
        asked = self._desk.word("perbaikan_pilih", number=request.number)
        return self._choose(tap, asked, "bagian", list(self._places(request).values()))

    async def _ask_why(self, tap: Tap) -> Said:
        request = await self._shown(tap)
        _, label = tap.pick(2, list(self._places(request).items()))
        asked = self._desk.word("perbaikan_sebab", number=request.number, label=label)
        return self._choose(tap, asked, "sebab", self._says("perbaikan", request), tap.part(2))

    async def _because(self, tap: Tap) -> Said:
        request = await self._shown(tap)
        place, _ = tap.pick(2, list(self._places(request).items()))
        step, item = place_of(place, self._steps(request), request)
        ask = Ask("perbaikan", request.number, tap.part(1), step=step, item=item)
        return await self._show(tap, self._coded(tap, ask, request, 3), request)

    # --- results -------------------------------------------------------------------------------

    async def _ask_result(self, tap: Tap) -> Said:
        """What is to be checked first, then the reasons."""
        request = await self._shown(tap)
        points = await checklist.of(tap.tx, request)
        if any(not point.officer for point in points):
            says = self._desk.checks.get(request.service, {})
            word = self._desk.word
            lines = [
                word("butir", n=n, done=bool(one.officer), say=says.get(one.item, one.item))
                for n, one in enumerate(points, 1)
            ]
            labels = [
                "" if one.officer else word("tombol.butir", n=n) for n, one in enumerate(points, 1)
            ]
            asked = word("periksa_dulu", number=request.number, lines=lines)
            return self._choose(tap, asked, "periksa", labels)
        asked = self._desk.word("selesai_sebab", number=request.number)
        return self._choose(tap, asked, "hasil", self._says("selesai", request))

    async def _tick(self, tap: Tap) -> Said:
        request = await self._shown(tap)
        point = tap.pick(2, await checklist.of(tap.tx, request))
        await checklist.tick(
            tap.tx,
            tap.officer,
            request.number,
            point.item,
            done=True,
            now=self._desk.now,
            rules=self._desk.rules,
        )
        return await self._ask_result(tap)

    async def _result(self, tap: Tap) -> Said:
        request = await self._shown(tap)
        ask = Ask("selesai", request.number, tap.part(1))
        return await self._show(tap, self._coded(tap, ask, request, 2), request)

    # --- the last look -------------------------------------------------------------------------

    async def _show(self, tap: Tap, ask: Ask, request: Request) -> Said:
        """Show the very messages that the participant will read, and ask for a yes."""
        if request.status != "claimed":
            raise Refused("petugas.tidak_bisa", status=request.status)
        if ask.verb == "selesai":
            await checklist.check_complete(tap.tx, request)
        tap.session.ask = ask
        event = DeskEvent(
            action=ACTIONS[ask.verb],
            ticket=request.number,
            service=request.service,
            branch=request.branch,
            officer=tap.officer.name,
            text=ask.text,
            step=ask.step,
            values={"answers": request.answers, "item": ask.item} if ask.step else {},
        )
        row = await tap.tx.one("session_of", chat=request.chat)
        shown = self._desk.preview(row["session"] if row else None, event, self._desk.now)
        sure = self._desk.word(f"{ask.verb}_yakin", number=request.number)
        text = "\n\n".join((self._desk.word("dibaca"), *shown, sure))
        buttons = [
            self._desk.button("kirim", ask.number, ask.mark),
            self._desk.button("tulis", ask.number, ask.mark),
            self._desk.button("batal"),
        ]
        return [Outbound(text=text, options=tuple(buttons))]

    async def _ask_text(self, tap: Tap) -> Said:
        return self._type(tap, self._asked(tap))

    async def _send(self, tap: Tap) -> Said:
        ask = self._asked(tap)
        await self._fresh(tap, ask.number, ask.seen)
        tap.session.ask = None
        desk = self._desk
        if ask.verb == "selesai":
            await endings.finish(
                tap.tx,
                tap.officer,
                ask.number,
                outcome=ask.text,
                now=desk.now,
                code=ask.code,
                wait=desk.rules.undo,
            )
            return await self._sent(tap, ask, "selesai_jadi")
        await corrections.ask_correction(
            tap.tx,
            tap.officer,
            ask.number,
            parts=[Part(ask.step, ask.text, ask.item, ask.code)],
            now=desk.now,
            rules=desk.rules,
            wait=desk.rules.undo,
        )
        return await self._sent(tap, ask, "perbaikan_jadi")

    async def _sent(self, tap: Tap, ask: Ask, key: str) -> Said:
        """Say that it leaves, with the way back and the buttons of the request as it is now."""
        wait = int(self._desk.rules.undo.total_seconds())
        request = await requests.for_officer(tap.tx, tap.officer, ask.number)
        seen = await fencing.seen_now(tap.tx, request)
        back = [self._desk.button("tarik", ask.number)] if wait else []
        text = self._desk.word(key, number=ask.number, seconds=wait)
        return [message(text, *back, *views.buttons(self._desk, tap.officer, request, seen))]

    # --- asking --------------------------------------------------------------------------------

    def _type(self, tap: Tap, ask: Ask) -> Said:
        """Ask for words of the officer's own."""
        tap.session.ask = replace(ask, typing=True)
        asked = self._desk.word(f"{ask.verb}_tanya", number=ask.number)
        return [message(asked, self._desk.button("batal"))]

    def _choose(
        self, tap: Tap, asked: str, verb: str, labels: Sequence[str], before: str = ""
    ) -> Said:
        """Ask to pick one of *labels*; an empty one is not offered."""
        tap.session.ask = None
        fence = ":".join(filter(None, (verb, tap.part(0), tap.part(1), before)))
        options = [Option(f"{fence}:{n}", label) for n, label in enumerate(labels) if label]
        return [message(asked, *options, self._desk.button("batal"))]

    def _says(self, verb: str, request: Request) -> list[str]:
        reasons = self._desk.reasons.of(REASONS[verb], request.service)
        return [reason.say for reason in reasons.values()]

    def _coded(self, tap: Tap, ask: Ask, request: Request, place: int) -> Ask:
        """*ask* with the reason that was picked, and its own words."""
        reasons = list(self._desk.reasons.of(REASONS[ask.verb], request.service).items())
        code, reason = tap.pick(place, reasons)
        zone = self._desk.calendar.branches[request.branch].zone
        blanks = {
            **self._desk.numbers.get(request.service, {}),
            **dated(self._desk.now, zone),
        }
        return replace(ask, code=code, text=quick_replies.filled(reason.text, blanks))

    def _places(self, request: Request) -> Mapping[str, str]:
        return correctable(self._steps(request), request)

    def _steps(self, request: Request) -> Mapping[str, str]:
        return self._desk.steps.get(request.service, {})

    # --- the fence -----------------------------------------------------------------------------

    def _asked(self, tap: Tap) -> Ask:
        """What waits for a yes, if the button stands below it and not below another preview."""
        ask = tap.session.ask
        if ask is None or (ask.number, ask.mark) != (tap.part(0), tap.part(1)):
            raise Refused("staf.basi", number=tap.part(0))
        return ask

    async def _shown(self, tap: Tap) -> Request:
        """The request that a button names, in the officer's hands and as it was shown."""
        return await self._fresh(tap, tap.part(0), tap.part(1))

    async def _fresh(self, tap: Tap, number: str, seen: str) -> Request:
        request = await requests.held_by(tap.tx, tap.officer, number)
        try:
            await fencing.is_done(tap.tx, tap.officer, number, fencing.read(seen))
        except Refused as refused:
            if refused.key == "petugas.berubah":  # there is no page to load again
                raise Refused("staf.basi", number=number) from None
            raise
        return request
