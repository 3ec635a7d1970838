"""The channel of officers: python-telegram-bot as a translator, fed from our own ingest.

Updates are journaled before they are acknowledged, and their turns run from the store. What the
library does itself is courtesy (a tapped button stops waiting) and the beat of its job queue, which
looks for alerts in the store: nothing lives only in memory.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, Final

import httpx
from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, ContextTypes, ExtBot

from bot.channels.polling import WAIT_FOR_NEWS, Pause, poll
from bot.channels.staff_decode import ALLOWED_UPDATES, CHANNEL, decode
from bot.channels.staff_send import PAUSE_REFUSED_TOKEN, Line, meaning, number_of, requests, seconds
from bot.runtime.duty import Alone, at_once
from bot.runtime.logger import Logger
from bot.runtime.messages import Outbound
from bot.runtime.ports import FetchFailed, Media, Receive
from bot.runtime.trouble import told
from data.instants import Clock, to_us

OFFICIAL_API: Final = "https://api.telegram.org"
SECONDS_TO_SEND: Final = 20

log = Logger(__name__)

Look = Callable[[], Awaitable[None]]
"""Looks for alerts in the store and puts them into the chats."""


@dataclass(frozen=True)
class StaffSettings:
    """How to reach Telegram, how often to look for alerts, and the menu: (command, words)."""

    token: str = field(repr=False)
    api_base: str = OFFICIAL_API
    every: timedelta = timedelta(seconds=15)
    commands: Sequence[tuple[str, str]] = ()


class RawBot(ExtBot[None]):
    """The library's bot, that also gives what Telegram answered without reading it.

    An answer that the library cannot read would otherwise look like a message that was not sent,
    and one unreadable update would block all that come after it.
    """

    async def raw(self, method: str, wait: float = SECONDS_TO_SEND, **parameters: Any) -> Any:
        """The result of *method*; raises `telegram.error.TelegramError`."""
        given = {name: value for name, value in parameters.items() if value is not None}
        return await self._post(method, given, read_timeout=wait)


class Staff:
    """The channel ``staff``; close it with `aclose`."""

    name = CHANNEL

    def __init__(
        self,
        settings: StaffSettings,
        clock: Clock,
        look: Look,
        *,
        alone: Alone = at_once,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._look = look
        self._alone = alone
        self._every = settings.every
        self._commands = [
            {"command": name, "description": words} for name, words in settings.commands
        ]
        self._pause = pause
        self._bot_id = int(settings.token.partition(":")[0])
        base = settings.api_base.rstrip("/")
        # Both are ours to close: the library closes only what it has initialized.
        trust = {"verify": httpx.create_ssl_context()}  # it reads all certificates: once for both
        self._lines = (
            Line(connection_pool_size=2, httpx_kwargs=trust),
            Line(connection_pool_size=16, httpx_kwargs=trust),
        )
        self.bot = RawBot(
            settings.token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            get_updates_request=self._lines[0],
            request=self._lines[1],
        )
        self._courtesies: set[asyncio.Task[None]] = set()

    async def send(self, chat: str, message: Outbound) -> str:
        """Deliver *message*. A long text goes in parts; trouble repeats it from the first."""
        reference = ""
        for request in requests(chat, message):
            try:
                said = await self.bot.raw("sendMessage", **request)
            except TelegramError as problem:
                log.warning("not sent", channel=CHANNEL, error=type(problem).__name__)
                raise meaning(problem) from None
            reference = str(said.get("message_id", "")) if isinstance(said, dict) else ""
        if number_of(chat) < 0:
            self._courtesy(self._ask("leaveChat", chat_id=number_of(chat)))
        return reference

    async def fetch(self, media: str) -> Media:
        """Officers send no files here."""
        raise FetchFailed("other")

    async def run(self, receive: Receive) -> None:
        """Poll until cancelled, while no other process does; it never ends by itself."""
        app = await self._started()
        self._courtesy(self._ask("setMyCommands", commands=self._commands))
        try:
            await self._alone(partial(poll, self, self._taking(app, receive), pause=self._pause))
        finally:
            for task in self._courtesies:
                task.cancel()
            await asyncio.gather(*self._courtesies, return_exceptions=True)
            await app.stop()

    async def aclose(self) -> None:
        """Let go of the connections; messages in flight have been waited for before."""
        for line in self._lines:
            await line.shutdown()

    # --- the line to Telegram (`bot.channels.polling.Line`) -------------------------------------

    async def begin(self) -> None:
        await self.bot.raw("deleteWebhook")

    async def ask(self, offset: int | None) -> Sequence[Any]:
        raws: Sequence[Any] = await self.bot.raw(
            "getUpdates",
            wait=WAIT_FOR_NEWS + 15,
            offset=offset,
            timeout=WAIT_FOR_NEWS,
            allowed_updates=ALLOWED_UPDATES,
        )
        return raws

    def wait(self, problem: Exception) -> float | None:
        if isinstance(problem, InvalidToken):
            return PAUSE_REFUSED_TOKEN
        return seconds(problem) if isinstance(problem, RetryAfter) else None

    def is_rival(self, problem: Exception) -> bool:
        return isinstance(problem, Conflict)

    # --- what the library does ------------------------------------------------------------------

    async def _started(self) -> "Application[Any, Any, Any, Any, Any, Any]":
        """The library's application, once Telegram has told who we are."""
        app = ApplicationBuilder().bot(self.bot).updater(None).build()
        app.add_handler(CallbackQueryHandler(_stop_waiting))
        assert app.job_queue is not None
        app.job_queue.run_repeating(self._beat, interval=self._every, first=0)
        pause = 1.0
        while True:
            try:
                await app.initialize()
                break
            except TelegramError as problem:
                log.warning("bot of officers waits", error=type(problem).__name__, again_in=pause)
                await self._pause(pause)
                pause = min(pause * 2, PAUSE_REFUSED_TOKEN)
        await app.start()
        return app

    async def _beat(self, context: ContextTypes.DEFAULT_TYPE) -> None:
        try:
            await self._look()
        except Exception as problem:  # the next beat looks again
            log.warning("alerts wait", **told(problem))

    def _taking(
        self, app: "Application[Any, Any, Any, Any, Any, Any]", receive: Receive
    ) -> Callable[[Sequence[Any]], Awaitable[None]]:
        async def take(raws: Sequence[Any]) -> None:
            now = to_us(self._clock.now())
            events = [
                event
                for raw in raws
                for event in decode(raw, bot=self.bot, bot_id=self._bot_id, received_at=now)
            ]
            if events:
                await receive(events)
            for raw in raws:
                if isinstance(raw, dict) and "callback_query" in raw:
                    self._attend(app, raw)

        return take

    def _attend(self, app: "Application[Any, Any, Any, Any, Any, Any]", raw: Any) -> None:
        async def attend() -> None:
            with suppress(Exception):  # one that cannot be read is among the dead letters
                await app.process_update(Update.de_json(raw, self.bot))

        self._courtesy(attend())

    async def _ask(self, method: str, **parameters: Any) -> None:
        with suppress(TelegramError):
            await self.bot.raw(method, **parameters)

    def _courtesy(self, asked: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(asked)
        self._courtesies.add(task)
        task.add_done_callback(self._courtesies.discard)


async def _stop_waiting(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A tapped button stops waiting; nobody is hurt when it does not."""
    if update.callback_query is not None:
        with suppress(TelegramError):
            await update.callback_query.answer()
