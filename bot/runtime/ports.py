"""The channel port: what the runtime asks of a channel, and how a channel says no."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

import msgspec

from bot.runtime.messages import Outbound
from data.store import NewEvent, TemplateUse
from services.documents import sizes

Receive = Callable[[Sequence[NewEvent]], Awaitable[Sequence[bool]]]
"""Store what arrived; for each event whether it was new. Returns after the durable commit.

Raises `data.store.StoreBusy` when nothing was stored: the channel must then not acknowledge.
"""


class Media(msgspec.Struct, frozen=True):
    """A file as it was fetched. *name* and *mime* are the sender's claims and may be empty.

    *album* groups pictures that were sent in one go.
    """

    data: bytes
    name: str = ""
    mime: str = ""
    album: str = ""


SHORTEST_WAIT = 1.0
"""Seconds before any next try: a network that says 0 means soon, and may say it again and again."""


class Throttled(Exception):
    """Nothing was delivered; try this chat again after *retry_after* seconds."""

    def __init__(self, retry_after: float) -> None:
        self.retry_after = max(retry_after, SHORTEST_WAIT)
        super().__init__(f"again in {self.retry_after} s")


class Failing(Exception):
    """The network says that it is failing itself, and not for how long: the same is tried again,
    ever later, for as long as it takes.
    """


class Unreachable(Exception):
    """Nothing was delivered and nothing will be: *reason* is one word, without personal data."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Uncertain(Exception):
    """The request was written but its answer never came: the message may have arrived."""


class Parked(Exception):
    """Nothing was delivered: the network takes no free message until the participant has written.

    *heard* is when the channel knew them to have written last (microseconds since the epoch, None
    for never), *template* what was sent to ask them, *reason* why one that was due was not sent.
    """

    def __init__(
        self, heard: int | None, template: TemplateUse | None = None, reason: str = ""
    ) -> None:
        super().__init__(reason or "the window is shut")
        self.heard = heard
        self.template = template
        self.reason = reason


class FetchFailed(Exception):
    """A file could not be fetched.

    *why* is a word of `flows.events.Unfit` (``too_big``, ``lost``), *values* fill its sentence.
    Unless *final*, another try may succeed.
    """

    def __init__(self, why: str = "lost", *, final: bool = True, **values: Any) -> None:
        super().__init__(why)
        self.why = why
        self.final = final
        self.values = values


def too_big(limit: int, size: int = 0) -> FetchFailed:
    """The refusal of a file of *size* bytes (0: not known) where *limit* are allowed."""
    return FetchFailed("too_big", **sizes(size, limit))


class Channel(Protocol):
    """A way to talk with participants. It translates and decides nothing.

    Beside this, every channel has a pure ``decode`` from what its provider delivers to
    `NewEvent`, so that scripts can drive it without a network.
    """

    @property
    def name(self) -> str:
        """The first part of its chat ids, such as ``telegram``."""

    async def send(self, chat: str, message: Outbound) -> str:
        """Deliver *message*; the provider's reference, '' when it gave none that we can read.

        Raises `Throttled`, `Failing`, `Unreachable`, `Uncertain` or `Parked`; whatever else it
        raises is taken for `Failing`.
        """

    async def fetch(self, media: str) -> Media:
        """Bring in the file behind a `NewEvent.media`, reading no more bytes than allowed.

        Raises `FetchFailed`.
        """

    async def run(self, receive: Receive) -> None:
        """Hand over what arrives until cancelled; returns at once where routes do the work."""
