"""What the page shows: the last things said and heard, as bubbles in order."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from bot.runtime.messages import Outbound
from data.store import Row, Tx
from flows.events import DECODER, Contact, Press, Sent, Text
from forms.choices import Option

SHOWN = 40
"""Bubbles on the page."""

_OUTBOUND = msgspec.json.Decoder(Outbound)


@dataclass(frozen=True)
class Bubble:
    """One message on the page; *own* tells whether the participant sent it."""

    own: bool
    at: int
    text: str


@dataclass(frozen=True)
class Page:
    """The conversation as it stands. *options*, *put* and *expects* belong to the last question.

    *waiting* tells that something sent has not been answered yet.
    """

    bubbles: Sequence[Bubble]
    options: Sequence[Option]
    put: int
    expects: str
    waiting: bool


async def page_of(tx: Tx, chat: str) -> Page:
    """Read the page of *chat* from the store."""
    said = await tx.all("web_chat_said", chat=chat, limit=SHOWN)
    heard = await tx.all("web_chat_heard", chat=chat, limit=SHOWN)
    waiting = await tx.one("web_chat_waiting", chat=chat)
    messages = [(row["at"], row["id"], _OUTBOUND.decode(row["body"])) for row in said]
    labels = {
        (message.put, option.value): option.label
        for _, _, message in messages
        for option in message.options
    }
    bubbles = [(at, 1, number, Bubble(False, at, message.text)) for at, number, message in messages]
    for row in heard:
        if text := _heard(row, labels):
            bubbles.append((row["at"], 0, row["id"], Bubble(True, row["at"], text)))
    bubbles.sort(key=lambda entry: entry[:3])
    last = messages[0][2] if messages else Outbound(text="")
    return Page(
        bubbles=[bubble for *_, bubble in bubbles][-SHOWN:],
        options=last.options,
        put=last.put,
        expects=last.expects,
        waiting=bool(waiting and waiting["waiting"]),
    )


def _heard(row: Row, labels: dict[tuple[int, str], str]) -> str:
    if row["media"]:
        return "Berkas dikirim"
    match DECODER.decode(row["body"]):
        case Text(text):
            return text
        case Press(value, put):
            return labels.get((put, value), "Tombol")
        case Sent():
            return "Berkas dikirim"
        case Contact(card):
            return card.phone
        case _:
            return ""
