"""The window in which a network lets us write freely: so long after a person's last word.

Outside it a message is parked until the person writes; a message template may ask them to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from data.instants import to_us
from data.store import Tx


@dataclass(frozen=True)
class Rule:
    """How long a network's window stays open, who says so, and when that was read."""

    length: timedelta
    templates: bool
    source: str
    as_of: date


RULES: Final[Mapping[str, Rule]] = {
    "whatsapp": Rule(
        timedelta(hours=24),
        templates=True,
        source="developers.facebook.com: WhatsApp Business Platform, customer service windows",
        as_of=date(2026, 11, 20),
    ),
    "messenger": Rule(
        timedelta(hours=24),
        # message tags exist, but none of them may carry what an officer writes
        templates=False,
        source="developers.facebook.com: Messenger Platform, standard messaging window",
        as_of=date(2026, 11, 20),
    ),
}
"""The networks that have a window, by channel."""


@dataclass(frozen=True)
class Window:
    """The window of one person. Instants are microseconds since the epoch.

    *heard* is when they last wrote, None for never; *until* is when the window shuts. *asked*
    tells whether a template has asked them to write since.
    """

    heard: int | None
    until: int
    asked: bool

    def is_open(self, now: datetime) -> bool:
        return to_us(now) < self.until


def rule_of(chat: str) -> Rule | None:
    """The rule of the network on which *chat* is, None where one may always write."""
    return RULES.get(chat.partition(":")[0])


async def window_of(tx: Tx, chat: str) -> Window | None:
    """The window of whoever writes in *chat*, None where its network has none."""
    rule = rule_of(chat)
    if rule is None:
        return None
    row = await tx.one("identity_of", chat=chat)
    heard = row["heard_at"] if row else None
    asked = row["template_at"] if row else None
    return Window(
        heard=heard,
        until=heard + rule.length // timedelta(microseconds=1) if heard is not None else 0,
        asked=asked is not None and (heard is None or asked > heard),
    )


async def opened(tx: Tx, chat: str) -> bool:
    """The person of *chat* wrote: let go what is parked; whether anything was."""
    return rule_of(chat) is not None and await tx.run("outbox_unpark", chat=chat) > 0
