"""A turn of an officer's chat: what was written, tapped or alerted, and what comes of it.

It runs in the same transaction that marks its event done, so an update that is delivered twice acts
once. What an officer does goes through the verbs of the business; refusals are worded as in the
console.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.runtime.messages import Outbound
from bot.runtime.render import encode
from bot.staff import views
from bot.staff.acts import Acts
from bot.staff.desk import WORDS, Desk
from bot.staff.session import DECODER, ENCODER, EVENTS, Event, Session
from bot.staff.tap import Tap
from bot.staff.views import message
from bot.staff.writing import Writing
from bot.texts.catalogue import shared_sentences
from data.instants import to_us
from data.store import Head, TurnWrites, Tx
from flows.events import Crowd, Opened, Press, Text, Unfit
from flows.turn import CROWD_AGAIN
from flows.understanding.whole import ticket_in
from forms.reserved import reserved
from services import audit, requests, staff_links
from services.officers import Officer
from services.refusals import NotFound, Refused
from services.staff_alerts import Alert

CHANNEL = "staff"

VIA = "telegram"
"""How the audit names what was done from here."""

SAID: Mapping[str, str] = {"urgent": "mendesak", "near": "mendekati", "over": "lewat"}
"""The sentence of each alert about requests."""


def menu() -> Sequence[tuple[str, str]]:
    """The commands that Telegram's menu shows, each with what it does."""
    said = shared_sentences(WORDS)
    return [(name, said[f"perintah.{name}"].strip()) for name in ("antrean", "saya", "kabar")]


class StaffTurn:
    """Runs the turns of chats with officers."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._acts = Acts(desk)
        self._writing = Writing(desk)

    async def __call__(self, tx: Tx, head: Head) -> TurnWrites:
        session = DECODER.decode(head.session) if head.session else Session()
        event = EVENTS.decode(head.body)
        if isinstance(event, Crowd):
            return self._crowd(session)
        with audit.via(VIA):
            said = await self._answer(tx, head.chat, session, event)
        return TurnWrites(
            session=ENCODER.encode(session), outbox=[encode(message) for message in said]
        )

    def _crowd(self, session: Session) -> TurnWrites:
        """A group is told once a day that only private chats are served."""
        now, told = self._desk.now, session.crowd_told
        if told is not None and now - told < CROWD_AGAIN:
            return TurnWrites(session=ENCODER.encode(session))
        session.crowd_told = now
        return TurnWrites(
            session=ENCODER.encode(session), outbox=[encode(message(self._desk.word("grup")))]
        )

    async def _answer(
        self, tx: Tx, chat: str, session: Session, event: Event
    ) -> Sequence[Outbound]:
        try:
            officer = await staff_links.who(tx, chat)
        except NotFound:
            session.ask = None
            return await self._stranger(tx, chat, session, event)
        try:
            return await self._known(tx, chat, officer, session, event)
        except NotFound:
            return [message(self._desk.word("tak_ada"), self._desk.button("antrean"))]
        except Refused as refused:
            buttons = self._desk.button("antrean"), self._desk.button("saya")
            return [message(self._desk.refusal(refused), *buttons)]

    async def _stranger(
        self, tx: Tx, chat: str, session: Session, event: Event
    ) -> Sequence[Outbound]:
        """Somebody who is no linked officer learns nothing but how to become one."""
        if isinstance(event, Alert):
            return []
        code = event.text if isinstance(event, Text) else ""
        code = event.start if isinstance(event, Opened) else code
        if not staff_links.is_code(code):
            return [message(self._desk.word("kenalan"))]
        return await self._link(tx, chat, session, code)

    async def _link(self, tx: Tx, chat: str, session: Session, code: str) -> Sequence[Outbound]:
        now = self._desk.now
        session.wrong = staff_links.recent(session.wrong, now)
        try:
            if not staff_links.may_try(session.wrong, now):
                raise Refused("staf.kode_tunggu")
            officer = await staff_links.use_code(tx, chat, code, now=now)
        except Refused as refused:
            if refused.key == "staf.kode_salah":
                session.wrong.append(to_us(now))
            return [message(self._desk.refusal(refused))]
        session.wrong = []
        linked = self._desk.word("tersambung", name=officer.name)
        return [await views.home(tx, self._desk, officer, above=linked)]

    async def _known(
        self, tx: Tx, chat: str, officer: Officer, session: Session, event: Event
    ) -> Sequence[Outbound]:
        match event:
            case Alert():
                return await self._alert(tx, officer, event)
            case Press():
                return await self._press(tx, officer, session, event.value)
            case Opened(start) if staff_links.is_code(start):
                return await self._link(tx, chat, session, start)
            case Text():
                return await self._text(tx, officer, session, event.text)
            case Unfit():
                return [message(self._desk.word("hanya_tulisan"))]
        session.ask = None
        return [await views.home(tx, self._desk, officer)]

    async def _press(
        self, tx: Tx, officer: Officer, session: Session, value: str
    ) -> Sequence[Outbound]:
        """What a button does; where it is refused, the request as it is now."""
        try:
            return await self._acts.press(tx, officer, session, value)
        except Refused as refused:
            session.ask = None
            number = ticket_in(value)
            if not number or value.startswith("ambil:"):
                raise
            above = self._desk.refusal(refused)
            return [await views.ticket(tx, self._desk, officer, number, above=above)]

    async def _text(
        self, tx: Tx, officer: Officer, session: Session, text: str
    ) -> Sequence[Outbound]:
        word = text.strip().lower().removeprefix("/")
        if reserved(text) in ("BATAL", "MENU"):
            session.ask = None
            return [await views.home(tx, self._desk, officer)]
        if session.ask is not None and session.ask.typing:
            return await self._writing.text(Tap(tx, officer, session, ()), text)
        if number := ticket_in(text):
            return [await views.ticket(tx, self._desk, officer, number)]
        if word in COMMANDS:
            return [await COMMANDS[word](tx, self._desk, officer)]
        return [await views.home(tx, self._desk, officer)]

    async def _alert(self, tx: Tx, officer: Officer, alert: Alert) -> Sequence[Outbound]:
        """What is still so when it is told, and still the officer's business."""
        if alert.kind == "digest":
            return [await views.home(tx, self._desk, officer)]
        found = []
        for number in alert.numbers:
            try:
                request = await requests.for_officer(tx, officer, number)
            except NotFound:
                continue
            if request.status == "waiting" or request.officer == officer.id:
                found.append(request)
        return [views.several(self._desk, SAID[alert.kind], found)] if found else []


COMMANDS: Mapping[str, Callable[[Tx, Desk, Officer], Awaitable[Outbound]]] = {
    "antrean": views.waiting,
    "saya": views.mine,
    "kabar": views.alerts,
    "pemberitahuan": views.alerts,
}
"""Words, with a slash or without, and what they show."""
