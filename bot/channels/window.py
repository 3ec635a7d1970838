"""The gate of a channel whose network has a window: what may go now, and what waits.

A channel asks it before it sends, and again when the network says that the window is shut.
"""

from collections.abc import Awaitable, Callable
from typing import NoReturn

from bot.runtime.logger import Logger
from bot.runtime.messages import Outbound
from bot.runtime.ports import Parked, Uncertain, Unreachable
from bot.texts.templates import Template, Templates
from data.instants import Clock, to_us
from data.store import Store, TemplateUse, Tx
from services import deliveries, windows
from services.windows import Window

NEVER_HEARD = Window(heard=None, template_at=None, until=0, templates=False)

NOT_WORTH_IT = "late"
"""Why a fleeting message was not sent: it would have been old news when it was read."""

log = Logger(__name__)


class NoTemplate(Exception):
    """The network does not take this template now: not approved, paused, another text.

    *reason* is one word or code, without personal data.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


Ask = Callable[[str, int, Template, str, list[str]], Awaitable[str]]
"""Send a template to a chat, for the message with a number, in a language, with what fills its
variables; the reference.

Raises `NoTemplate`, or what `bot.runtime.ports.Channel.send` raises.
"""


class Gate:
    """Knows the window of each chat. *ask* is None for a network that has no templates for us."""

    def __init__(self, store: Store, clock: Clock, templates: Templates, ask: Ask | None) -> None:
        self._store = store
        self._clock = clock
        self._templates = templates
        self._ask = ask

    async def check(self, chat: str, message: Outbound) -> Window:
        """The window through which *message* may be sent as it is; else as `shut`."""
        async with self._store.read() as tx:
            window = await windows.window_of(tx, chat) or NEVER_HEARD
        if not window.is_open(self._clock.now()):
            await self._shut(chat, message, window)
        return window

    async def shut(self, chat: str, message: Outbound, seen: Window) -> NoReturn:
        """The network says that the window is shut which `check` has *seen* open: so it is.

        Sends the template that is due, if any, and raises `Parked`. A fleeting message is given up
        with `Unreachable`; trouble with the template other than `NoTemplate` passes through, so
        that the whole is tried again.
        """
        now = self._clock.now()

        async def believed(tx: Tx) -> Window | None:
            await windows.shut(tx, chat, now, seen=seen.heard)
            return await windows.window_of(tx, chat)

        window = await self._store.write(believed) or NEVER_HEARD
        if window.is_open(now):
            raise Parked(seen.heard)  # whoever writes meanwhile is sent it at once
        await self._shut(chat, message, window)

    async def _shut(self, chat: str, message: Outbound, window: Window) -> NoReturn:
        if message.fleeting:
            raise Unreachable(NOT_WORTH_IT)
        asking = message.asking
        template = self._templates.by_name.get(asking.template) if asking else None
        if asking is None or template is None or self._ask is None or window.asked:
            raise Parked(window.heard)
        language = template.language(message.language)
        values = {"tiket": asking.ticket, "cabang": asking.place}
        filled = template.parameters(values)
        try:
            reference = await self._told_of(message.id)
            if not reference:
                reference = await self._ask(chat, message.id, template, language, filled)
        except NoTemplate as refused:
            log.error("template refused", template=template.name, reason=refused.reason)
            raise Parked(window.heard, reason=f"template:{refused.reason}") from refused
        except Uncertain:
            reference = ""  # it may have arrived, and two would cost and annoy
        used = TemplateUse(template.name, asking.branch, reference, to_us(self._clock.now()))
        raise Parked(window.heard, used)

    async def _told_of(self, row: int) -> str:
        """The template that an earlier try for the outbox *row* sent, though it seemed to fail."""
        async with self._store.read() as tx:
            return await deliveries.early_template(tx, row)
