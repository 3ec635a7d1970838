"""The window in which a participant may be written to freely, as officers read it."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from bot.console.badges import Badge, span
from bot.console.words import moment
from data.instants import from_us
from services.windows import SHUTTING, Window

FREE: Final = "Bisa dibalas bebas {} lagi."
WAITS: Final = "Tertutup: balasan menunggu sampai peserta menulis."
NO_TEMPLATES: Final = f"{WAITS} Jaringan ini tidak punya templat: peserta tidak diberi tahu."
WILL_ASK: Final = f"{WAITS} Templat dikirim begitu Anda membalas."
HAS_ASKED: Final = f"{WAITS} Templat sudah dikirim {{}}."


class WindowLine(msgspec.Struct, frozen=True):
    """What stands on the ticket. *until* is when an open window shuts, None for a shut one.

    *then* is what a page that stays open says from that instant on.
    """

    text: str
    tone: str
    until: int | None
    then: str


def window_line(window: Window, now: datetime, zone: ZoneInfo) -> WindowLine:
    """The line of the ticket page."""
    then = WILL_ASK if window.templates else NO_TEMPLATES
    if window.is_open(now):
        tone = "segera" if window.left(now) <= SHUTTING else ""
        return WindowLine(FREE.format(_left(window, now)), tone, window.until, then)
    if window.template_at is not None and window.asked:
        then = HAS_ASKED.format(moment(window.template_at, zone))
    return WindowLine(then, "lewat", None, then)


def window_badge(heard: int | None, length: timedelta, now: datetime) -> Badge:
    """The badge of a row of the queue: how long its window stays open."""
    left = from_us(heard) + length - now if heard is not None else timedelta()
    if left <= timedelta():
        return Badge("Jendela tertutup", "lewat")
    return Badge(
        f"Bebas {span(left // timedelta(minutes=1))}", "segera" if left <= SHUTTING else ""
    )


def _left(window: Window, now: datetime) -> str:
    minutes = window.left(now) // timedelta(minutes=1)
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} jam" if hours else "", f"{rest} menit" if rest or not hours else ""]
    return " ".join(filter(None, parts)) if minutes else "kurang dari 1 menit"
