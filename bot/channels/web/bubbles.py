"""What the page shows: the last things said and heard, as bubbles in order."""

from collections.abc import Callable, Sequence

import msgspec

from bot.channels.spool import Upload
from bot.channels.web.labels import labels
from bot.runtime.messages import Outbound
from data.store import Row, Tx
from flows.events import DECODER, Contact, Press, Sent, Text
from flows.session import FORM
from forms.choices import Option
from forms.cleaning import clean

SHOWN = 40
"""Bubbles on the page."""

_OUTBOUND = msgspec.json.Decoder(Outbound)

STEERED = (*FORM, "consent")
"""Phases in which one can go back a question, and cancel."""

BACK = "0"
"""What the way back says, whatever the language."""


class _Put(msgspec.Struct):
    """So much of the question on the table."""

    serial: int


class _Stage(msgspec.Struct):
    """So much of a session as the page needs."""

    phase: str = "menu"
    put: _Put | None = None


_STAGE = msgspec.json.Decoder(_Stage)


class Bubble(msgspec.Struct, frozen=True):
    """One message on the page; *own* tells whether the participant sent it.

    *name* is unique in its chat, so that an open page knows which bubbles it has.
    """

    own: bool
    at: int
    name: str
    text: str


class Page(msgspec.Struct, frozen=True):
    """The conversation as it stands. *options* and *put* belong to the last question.

    *waiting* tells that something sent has not been answered yet; *language* is that of the chat.
    *steered* is whether there is a question before this one, and something to cancel.
    """

    bubbles: Sequence[Bubble]
    options: Sequence[Option]
    put: int
    waiting: bool
    language: str = "id"
    steered: bool = False

    @property
    def newest(self) -> str:
        """Where to read on: the name of what the participant sent last."""
        return next((bubble.name for bubble in reversed(self.bubbles) if bubble.own), "")

    @property
    def last(self) -> str:
        """The name of the last bubble: a button below another one is pressed anew."""
        return self.bubbles[-1].name if self.bubbles else ""


EMPTY = Page(bubbles=(), options=(), put=0, waiting=False)


async def page_of(tx: Tx, chat: str) -> Page:
    """Read the page of *chat* from the store."""
    said = await tx.all("web_chat_said", chat=chat, limit=SHOWN)
    heard = await tx.all("web_chat_heard", chat=chat, limit=SHOWN)
    waiting = await tx.one("web_chat_waiting", chat=chat)
    stage = _stage(await tx.one("session_of", chat=chat))
    messages = [(row["at"], row["id"], _OUTBOUND.decode(row["body"])) for row in said]
    pressed = {
        (message.put, option.value): option.label
        for _, _, message in messages
        for option in message.options
    }
    language = messages[0][-1].language if messages else "id"
    label = labels(language)
    bubbles = [
        (at, 1, number, Bubble(False, at, f"k{number}", message.text))
        for at, number, message in messages
    ]
    for row in heard:
        if text := _heard(row, pressed, label):
            own = Bubble(True, row["at"], f"a{row['id']}", text)
            bubbles.append((row["at"], 0, row["id"], own))
    bubbles.sort(key=lambda entry: entry[:3])
    asking = _asking(said, messages, stage.put.serial if stage.put else 0)
    return Page(
        bubbles=[bubble for *_, bubble in bubbles][-SHOWN:],
        options=asking.options,
        put=asking.put,
        waiting=bool(waiting and waiting["waiting"]),
        language=language,
        steered=stage.phase in STEERED,
    )


def _stage(stored: Row | None) -> _Stage:
    return _STAGE.decode(stored["session"]) if stored and stored["session"] else _Stage("")


def _asking(
    said: Sequence[Row], messages: Sequence[tuple[int, int, Outbound]], on_the_table: int
) -> Outbound:
    """The newest question, unless a later answer has closed it.

    What an officer says in between leaves it open, and so does an answer after which the
    conversation still waits for it.
    """
    still_open = any(message.put == on_the_table > 0 for _, _, message in messages)
    for row, (_, _, message) in zip(said, messages, strict=True):
        if message.options or message.put or (row["answer"] and not still_open):
            return message
    return Outbound(text="")


def _heard(row: Row, pressed: dict[tuple[int, str], str], label: Callable[[str], str]) -> str:
    if row["media"]:
        return _sent(msgspec.json.decode(row["media"], type=Upload).name, label)
    match DECODER.decode(row["body"]):
        case Text(text):
            return label("kembali") if text == BACK else text
        case Press(value, put):
            return pressed.get((put, value)) or label("tombol")
        case Sent(document):
            return _sent(document.name, label)
        case Contact(card):
            return card.phone
        case _:
            return ""


def _sent(name: str, label: Callable[[str], str]) -> str:
    """``Berkas dikirim: kk.jpg``."""
    return f"{label('dikirim')}: {clean(name)}" if clean(name) else label("dikirim")
