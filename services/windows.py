"""The window in which a network lets us write freely: so long after a person's last word.

Outside it a message is parked until the person writes; a message template may ask them to.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from data.instants import MICROSECOND, from_us, to_us
from data.store import Tx


class Rule(msgspec.Struct, frozen=True):
    """How long a network's window stays open, who says so, and when that page was last changed."""

    length: timedelta
    templates: bool
    source: str
    as_of: date


RULES: Final[Mapping[str, Rule]] = {
    "whatsapp": Rule(
        timedelta(hours=24),
        templates=True,
        source="developers.facebook.com: WhatsApp Business Platform, Service messages",
        as_of=date(2026, 5, 21),
    ),
    "messenger": Rule(
        timedelta(hours=24),
        # message tags exist, but none of them may carry what an officer writes
        templates=False,
        source="developers.facebook.com: Messenger Platform and IG Messaging API policy",
        as_of=date(2026, 9, 28),
    ),
}
"""The networks that have a window, by channel."""


LONGEST: Final = max(rule.length for rule in RULES.values())
"""Whoever was last heard of longer ago has no open window anywhere."""

SHUTTING: Final = timedelta(hours=2)
"""An officer who means to answer freely should do so now."""


class Window(msgspec.Struct, frozen=True):
    """The window of one person. Instants are microseconds since the epoch, None for never.

    *heard* is when they last wrote, *template_at* when a template last asked them to, *until* when
    the window shuts. *templates* tells whether this network has any for us.
    """

    heard: int | None
    template_at: int | None
    until: int
    templates: bool

    @property
    def asked(self) -> bool:
        """Whether a template has asked the person to write since they last did."""
        return self.template_at is not None and self.template_at > (self.heard or 0)

    def is_open(self, now: datetime) -> bool:
        return to_us(now) < self.until

    def left(self, now: datetime) -> timedelta:
        """How long it stays open; less than nothing when it is shut."""
        return from_us(self.until) - now


def rule_of(chat: str) -> Rule | None:
    """The rule of the network on which *chat* is, None where one may always write."""
    return RULES.get(chat.partition(":")[0])


async def window_of(tx: Tx, chat: str) -> Window | None:
    """The window of whoever writes in *chat*, None where its network has none."""
    rule = rule_of(chat)
    if rule is None:
        return None
    row = await tx.one("identity_of", chat=chat) or {"heard_at": None, "template_at": None}
    heard = row["heard_at"]
    return Window(
        heard=heard,
        template_at=row["template_at"],
        until=heard + rule.length // MICROSECOND if heard is not None else 0,
        templates=rule.templates,
    )


async def opened(tx: Tx, chat: str) -> bool:
    """The person of *chat* wrote: let go what is parked; whether anything was."""
    return rule_of(chat) is not None and await tx.run("outbox_unpark", chat=chat) > 0


async def shut(tx: Tx, chat: str, at: datetime, *, seen: int | None = None) -> None:
    """Its network says that the window of *chat* was shut at *at*, whatever we held to be true.

    Who wrote after that has opened it again; or after they were *seen* to have written last, where
    that is known.
    """
    if rule := rule_of(chat):
        before = to_us(at) if seen is None else seen + 1
        await tx.run("identity_shut", chat=chat, latest=to_us(at - rule.length), before=before)
