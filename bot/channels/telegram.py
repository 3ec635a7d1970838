"""The Telegram channel of participants: aiogram as a translator, fed from our own ingest."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec
from aiogram import Bot
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramRetryAfter,
)
from aiogram.methods import GetFile, LeaveChat, SetWebhook
from aiohttp import ClientError
from starlette.routing import Route

from bot.channels.polling import FIRST_PAUSE, LONGEST_PAUSE, Pause, Take, poll
from bot.channels.telegram_decode import ALLOWED_UPDATES, CHANNEL, FileRef, decode
from bot.channels.telegram_menu import Menu, introductions
from bot.channels.telegram_poll import AiogramLine
from bot.channels.telegram_send import Session, is_group, meaning, number_of, requests, was_taken
from bot.channels.telegram_taps import Courtesy, attend, courtesies, taps
from bot.channels.telegram_webhook import webhook_route
from bot.runtime.duty import Alone, at_once
from bot.runtime.logger import Logger
from bot.runtime.messages import Outbound
from bot.runtime.ports import FetchFailed, Media, Receive, Throttled, Uncertain, too_big
from bot.runtime.question import OnTable, unknown
from data.instants import Clock, to_us
from forms.language import Words

OFFICIAL_API = "https://api.telegram.org"

LARGEST_FILE = 20_000_000
"""Bytes of the largest file that a bot may download from Telegram."""

SECONDS_TO_SEND = 20
SECONDS_TO_FETCH = 50

log = Logger(__name__)


@dataclass(frozen=True)
class TelegramSettings:
    """How to reach Telegram. *public_url* set means webhook, else polling.

    *contact_label* is the words on the button that sends one's own telephone number, *menus* are
    shown to everybody, by language.
    """

    token: str = field(repr=False)
    contact_label: Words
    api_base: str = OFFICIAL_API
    public_url: str = ""
    webhook_path: str = "/telegram"
    webhook_secret: str = field(default="", repr=False)
    largest_file: int = LARGEST_FILE
    menus: Sequence[Menu] = ()


class Telegram:
    """The channel ``telegram``; close it with `aclose`."""

    name = CHANNEL

    def __init__(
        self,
        settings: TelegramSettings,
        clock: Clock,
        *,
        alone: Alone = at_once,
        on_table: OnTable = unknown,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._alone = alone
        self._on_table = on_table
        self._pause = pause
        server = TelegramAPIServer.from_base(settings.api_base.rstrip("/"))
        self.bot = Bot(settings.token, session=Session(api=server))
        self._courtesies: set[asyncio.Task[None]] = set()

    async def send(self, chat: str, message: Outbound) -> str:
        """Deliver *message*. A long text goes in parts; trouble repeats it from the first."""
        reference = ""
        for request in requests(chat, message, self._settings.contact_label):
            try:
                said = await self.bot(request, request_timeout=SECONDS_TO_SEND)
                reference = str(said.message_id)
            except ClientDecodeError as problem:
                if not was_taken(problem):
                    raise Uncertain from None
                reference = ""  # Telegram took it; only its receipt is not readable
            except TelegramAPIError as problem:
                log.warning("not sent", error=type(problem).__name__)
                raise meaning(problem) from None
        if is_group(chat):
            self._courtesy(LeaveChat(chat_id=number_of(chat)))
        return reference

    async def fetch(self, media: str) -> Media:
        """Download a file, and stop as soon as it proves larger than allowed."""
        file = msgspec.json.decode(media, type=FileRef)
        limit = self._settings.largest_file
        if file.size > limit:
            raise too_big(limit, file.size)
        data = bytearray()
        try:
            async with aclosing(self._stream(file.id)) as pieces:
                async for piece in pieces:
                    data += piece
                    if len(data) > limit:
                        raise too_big(limit)
        except TelegramBadRequest as problem:
            if "file is too big" in problem.message.lower():
                raise too_big(limit) from None
            raise FetchFailed("lost") from None
        except TelegramRetryAfter as problem:
            raise Throttled(problem.retry_after) from None
        except (AiogramError, ClientError, TimeoutError) as problem:
            # The address of a file holds the token: nothing of the problem is passed on.
            log.warning("not fetched", error=type(problem).__name__)
            raise FetchFailed("lost", final=False) from None
        return Media(data=bytes(data), name=file.name, mime=file.mime, album=file.album)

    async def run(self, receive: Receive) -> None:
        """Poll until cancelled, while no other process does.

        With a webhook, tell Telegram where it is and return.
        """
        self._courtesy(*introductions(self._settings.menus))
        if self._settings.public_url:
            await self._set_webhook()
        else:
            line, take = AiogramLine(self.bot), self._taking(receive)
            await self._alone(partial(poll, line, take, pause=self._pause))

    def webhook_routes(self, receive: Receive) -> list[Route]:
        """The Starlette routes of this channel: one with a webhook, none when polling."""
        if not self._settings.public_url:
            return []
        settings = self._settings
        take = self._taking(receive)
        return [webhook_route(settings.webhook_path, take, settings.webhook_secret)]

    async def aclose(self) -> None:
        """Let go of the connections; courtesies under way are given up."""
        for task in self._courtesies:
            task.cancel()
        await asyncio.gather(*self._courtesies, return_exceptions=True)
        await self.bot.session.close()

    def _taking(self, receive: Receive) -> Take:
        async def take(raws: Sequence[Any]) -> None:
            tapped = await taps(raws, self._on_table)
            now = to_us(self._clock.now())
            events = [
                event for raw in raws for event in decode(raw, bot_id=self.bot.id, received_at=now)
            ]
            if events:
                await receive(events)
            for tap in tapped:
                self._courtesy(*courtesies(tap))

        return take

    def _courtesy(self, *requests: Courtesy) -> None:
        task = asyncio.create_task(attend(self.bot, requests))
        self._courtesies.add(task)
        task.add_done_callback(self._courtesies.discard)

    async def _stream(self, file_id: str) -> AsyncGenerator[bytes, None]:
        found = await self.bot(GetFile(file_id=file_id), request_timeout=SECONDS_TO_FETCH)
        if not found.file_path:
            raise FetchFailed("lost")
        url = self.bot.session.api.file_url(self.bot.token, found.file_path)
        async for piece in self.bot.session.stream_content(url, timeout=SECONDS_TO_FETCH):
            yield piece

    async def _set_webhook(self) -> None:
        seconds = FIRST_PAUSE
        request = SetWebhook(
            url=self._settings.public_url.rstrip("/") + self._settings.webhook_path,
            secret_token=self._settings.webhook_secret,
            allowed_updates=ALLOWED_UPDATES,
        )
        while True:
            try:
                await self.bot(request)
                return
            except AiogramError as problem:
                log.warning("webhook not set", error=type(problem).__name__, again_in=seconds)
                await self._pause(seconds)
                seconds = min(seconds * 2, LONGEST_PAUSE)
