"""Telegram: raw updates through the real decoder, real requests into an offline Bot API."""

import asyncio
import html
import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.methods import GetFile, SendMessage, TelegramMethod
from aiogram.types import (
    Chat,
    File,
    InlineKeyboardMarkup,
    Message,
    ReplyKeyboardMarkup,
)

from bot.channels.button_data import read_data
from bot.channels.telegram import Telegram, TelegramSettings
from bot.channels.telegram_decode import CHANNEL, decode
from bot.cli.scripts.drivers.port import Decoding, Offer, Phones, Place, Said
from bot.cli.scripts.steps import Step, Thing
from data.store import NewEvent

BOT: Final = 42
SENT_AT: Final = 1_764_000_000
"""The second that Telegram writes on every message; nothing depends on it."""

JPEG_SIDES: Final = ((90, 120), (960, 1280))


class OfflineApi(BaseSession):
    """Answers the requests of aiogram and shows them on the phones."""

    def __init__(self, phones: Phones) -> None:
        super().__init__()
        self._phones = phones

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[Any],
        timeout: int | None = None,  # noqa: ASYNC109
    ) -> Any:
        match method:
            case SendMessage():
                self._phones.said.append(_seen(method))
                return Message.model_validate(
                    {
                        "message_id": len(self._phones.said),
                        "date": SENT_AT,
                        "chat": Chat(id=int(method.chat_id), type="private"),
                        "text": method.text,
                    }
                )
            case GetFile():
                return File(file_id=method.file_id, file_unique_id="file", file_path=method.file_id)
            case _:
                raise NotImplementedError(method.__api_method__)

    async def stream_content(
        self,
        url: str,
        headers: dict[str, Any] | None = None,
        timeout: int = 30,  # noqa: ASYNC109
        chunk_size: int = 65536,
        raise_for_status: bool = True,
    ) -> AsyncGenerator[bytes, None]:
        path = Path(url.partition(f"{BOT}:replay/")[2])
        data = await asyncio.to_thread(path.read_bytes)
        for at in range(0, len(data), chunk_size):
            yield data[at : at + chunk_size]

    async def close(self) -> None:
        """There is no connection."""


@dataclass
class TelegramPeople(Decoding):
    """Participants with Telegram on their phones."""

    name: str = CHANNEL
    phones: Phones = field(default_factory=Phones)
    people: dict[str, int] = field(default_factory=dict)
    updates: int = 0

    def channel(self, place: Place) -> Telegram:
        self._clock = place.clock
        settings = TelegramSettings(token=f"{BOT}:replay", contact_label="Kirim nomor saya")
        telegram = Telegram(settings, place.clock)
        telegram.bot.session = OfflineApi(self.phones)
        return telegram

    def chat(self, who: str) -> str:
        return f"{CHANNEL}:{self._id(who)}"

    def lacks(self, step: Step) -> str:
        return ""

    def text(self, who: str, text: str) -> dict[str, Any]:
        return self._message(who, text=text)

    def press(self, who: str, offer: Offer) -> dict[str, Any]:
        if offer.token is None:  # a reply keyboard types its label
            return self.text(who, offer.label)
        query = {"from": self._user(who), "chat_instance": "1", "data": offer.token}
        return self._update(callback_query={"id": str(self.updates), **query})

    def things(self, who: str, things: Sequence[Thing]) -> list[dict[str, Any]]:
        album = {"media_group_id": f"album{self.updates}"} if len(things) > 1 else {}
        return [self._message(who, **self._thing(who, thing), **album) for thing in things]

    def decode(self, raw: dict[str, Any], received_at: int) -> list[NewEvent]:
        return decode(raw, bot_id=BOT, received_at=received_at)

    def _thing(self, who: str, thing: Thing) -> dict[str, Any]:
        path = Path(thing.value)
        about = {"file_id": thing.value, "file_unique_id": thing.kind}
        match thing.kind:
            case "photo":
                size = path.stat().st_size
                return {
                    "photo": [
                        {**about, "width": w, "height": h, "file_size": size} for w, h in JPEG_SIDES
                    ]
                }
            case "document":
                return {"document": {**about, "file_name": path.name}}
            case "voice":
                return {"voice": {**about, "duration": 3}}
            case "sticker":
                kind = {"type": "regular", "is_animated": False, "is_video": False}
                return {"sticker": {**about, "width": 512, "height": 512, **kind}}
            case "location":
                return {"location": {"latitude": 1.48, "longitude": 124.84}}
            case _:
                card = {"phone_number": thing.value, "first_name": "Peserta"}
                return {"contact": {**card, "user_id": self._id(thing.of or who)}}

    def _message(self, who: str, **content: Any) -> dict[str, Any]:
        chat = {"id": self._id(who), "type": "private", "first_name": "Peserta"}
        message = {"message_id": self.updates + 1, "date": SENT_AT, "chat": chat}
        return self._update(message={**message, "from": self._user(who), **content})

    def _update(self, **content: Any) -> dict[str, Any]:
        self.updates += 1
        return {"update_id": self.updates, **content}

    def _user(self, who: str) -> dict[str, Any]:
        return {"id": self._id(who), "is_bot": False, "first_name": "Peserta"}

    def _id(self, who: str) -> int:
        return self.people.setdefault(who, 1001 + len(self.people))


def _seen(request: SendMessage) -> Said:
    """A message with its buttons as numbered lines."""
    text = html.unescape(re.sub(r"</?b>", "", request.text))
    offers = _offers(request)
    lines = [f"{n}. {offer.label}" for n, offer in enumerate(offers, 1)]
    chat = f"{CHANNEL}:{request.chat_id}"
    return Said(chat, "\n".join([text, *lines]), offers, asks=bool(offers))


def _offers(request: SendMessage) -> tuple[Offer, ...]:
    match request.reply_markup:
        case InlineKeyboardMarkup(inline_keyboard=rows):
            found = [
                (b.text, read_data(b.callback_data or "")[0], b.callback_data) for b in _all(rows)
            ]
        case ReplyKeyboardMarkup(keyboard=keys):
            found = [(b.text, "", None) for b in _all(keys) if not b.request_contact]
        case _:
            found = []
    return tuple(
        Offer(label, (label, str(n), value), token)
        for n, (label, value, token) in enumerate(found, 1)
    )


def _all(rows: Sequence[Sequence[Any]]) -> list[Any]:
    return [button for row in rows for button in row]
