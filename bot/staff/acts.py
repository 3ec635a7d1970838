"""What an officer does from the telephone: the buttons of the bot.

A button names the request as its message showed it (`services.fencing`). Anything but a claim is
refused when the request is another by now; a claim decides by itself who was first.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from bot.runtime.messages import Outbound
from bot.staff import views
from bot.staff.desk import Desk
from bot.staff.session import Session
from bot.staff.tap import Tap
from bot.staff.views import message
from bot.staff.writing import Writing
from data.store import Tx
from services import queue, quick_replies, staff_links
from services.officers import Officer
from services.refusals import NotFound
from services.requests import Request

Said = Sequence[Outbound]


class Acts:
    """The buttons of the officers' bot."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        writing = Writing(desk)
        self._buttons: Mapping[str, Callable[[Tap], Awaitable[Said]]] = {
            "beranda": partial(self._list, views.home),
            "antrean": partial(self._list, views.waiting),
            "saya": partial(self._list, views.mine),
            "lihat": self._look,
            "kabar": self._alerts,
            "putus": self._ask_unlink,
            "putus_ya": self._unlink,
            "ambil": self._claim,
            "berikutnya": self._claim_next,
            "tarik": self._take_back,
            "batal": self._leave,
            **writing.buttons,
        }

    async def press(self, tx: Tx, officer: Officer, session: Session, value: str) -> Said:
        """A button was tapped. Raises `NotFound` for one that is not ours, and `Refused`."""
        verb, *parts = value.split(":")
        if verb not in self._buttons:
            raise NotFound("button")
        return await self._buttons[verb](Tap(tx, officer, session, parts))

    async def _list(
        self, view: Callable[[Tx, Desk, Officer], Awaitable[Outbound]], tap: Tap
    ) -> Said:
        tap.session.ask = None
        return [await view(tap.tx, self._desk, tap.officer)]

    async def _look(self, tap: Tap) -> Said:
        tap.session.ask = None
        return [await views.ticket(tap.tx, self._desk, tap.officer, tap.part(0))]

    async def _alerts(self, tap: Tap) -> Said:
        if tap.parts:
            await staff_links.switch(tap.tx, tap.officer, tap.part(0), on=tap.part(1) == "1")
        return await self._list(views.alerts, tap)

    async def _ask_unlink(self, tap: Tap) -> Said:
        buttons = self._desk.button("putus_ya"), self._desk.button("beranda")
        return [message(self._desk.word("putus_tanya"), *buttons)]

    async def _unlink(self, tap: Tap) -> Said:
        tap.session.ask = None
        await staff_links.unlink(tap.tx, tap.officer, now=self._desk.now)
        return [message(self._desk.word("terputus"))]

    async def _claim(self, tap: Tap) -> Said:
        desk = self._desk
        request = await queue.claim(
            tap.tx,
            tap.officer,
            tap.part(0),
            now=desk.now,
            calendar=desk.calendar,
            rules=desk.rules,
        )
        return await self._taken(tap, request)

    async def _claim_next(self, tap: Tap) -> Said:
        desk = self._desk
        first = await tap.tx.one("staff_waiting", viewer=tap.officer.id, limit=1)
        branch = tap.officer.branch or (first["branch"] if first else "")
        request = branch and await queue.claim_next(
            tap.tx, tap.officer, branch, now=desk.now, calendar=desk.calendar, rules=desk.rules
        )
        return await self._taken(tap, request) if request else await self._list(views.waiting, tap)

    async def _taken(self, tap: Tap, request: Request) -> Said:
        tap.session.ask = None
        above = self._desk.word("diambil", number=request.number)
        return [await views.ticket(tap.tx, self._desk, tap.officer, request.number, above=above)]

    async def _take_back(self, tap: Tap) -> Said:
        """What has not left yet never leaves."""
        tap.session.ask = None
        number = tap.part(0)
        await quick_replies.take_back(tap.tx, tap.officer, number, now=self._desk.now)
        above = self._desk.word("ditarik", number=number)
        return [await views.ticket(tap.tx, self._desk, tap.officer, number, above=above)]

    async def _leave(self, tap: Tap) -> Said:
        tap.session.ask = None
        return [message(self._desk.word("dibiarkan"), self._desk.button("saya"))]
