"""The web channel: sending means telling the open pages that there is something to read."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.channels.spool import Spool
from bot.channels.web.decode import CHANNEL
from bot.runtime.messages import Outbound
from bot.runtime.ports import Media, Receive


class WebChannel:
    """Participants on the page ``/chat``; a chat is ``web:<random id>`` of a signed cookie."""

    name = CHANNEL

    def __init__(self, spool: Spool) -> None:
        self.spool = spool
        self._watchers: dict[str, set[asyncio.Event]] = defaultdict(set)

    async def run(self, receive: Receive) -> None:
        """Nothing to pull: the page's routes deliver."""

    async def send(self, chat: str, message: Outbound) -> str:
        """Wake the pages of *chat*; the message itself is read from the store."""
        for watcher in self._watchers.get(chat, ()):
            watcher.set()
        return ""

    async def fetch(self, media: str) -> Media:
        """The uploaded file behind *media*."""
        return await self.spool.bring(media)

    @asynccontextmanager
    async def watching(self, chat: str) -> AsyncIterator[asyncio.Event]:
        """An event that is set whenever something new was said in *chat*."""
        watcher = asyncio.Event()
        self._watchers[chat].add(watcher)
        try:
            yield watcher
        finally:
            self._watchers[chat].discard(watcher)
            if not self._watchers[chat]:
                del self._watchers[chat]
