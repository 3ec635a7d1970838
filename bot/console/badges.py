"""The badge of a deadline: how much open time is left, or how late it is, in words."""

from datetime import datetime, timedelta

import msgspec

from data.instants import from_us
from services.hours import Calendar

HOUR = 60


class Badge(msgspec.Struct, frozen=True):
    """The words, and the *tone* which only repeats them in colour."""

    text: str
    tone: str = ""


def deadline(
    branch: str,
    status: str,
    due_at: int,
    ended_at: int | None,
    *,
    now: datetime,
    calendar: Calendar,
    soon: timedelta,
) -> Badge | None:
    """The badge of a request of *branch*; instants in microseconds since the epoch.

    None where nobody is late: it was withdrawn, or its correction never came.
    """
    if status in ("withdrawn", "expired"):
        return None
    due = from_us(due_at)
    at = from_us(ended_at) if ended_at else now
    if at > due:
        return Badge(f"Lewat {span(calendar.open_minutes(branch, due, at))}", "lewat")
    if ended_at:
        return Badge("Tepat waktu", "tepat")
    left = calendar.open_time(branch, now, due)
    return Badge(f"Sisa {span(left // timedelta(minutes=1))}", "segera" if left <= soon else "")


def span(minutes: int) -> str:
    """``16 mnt``, ``2 jam``, ``3 jam 20 mnt`` of open time."""
    hours, rest = divmod(minutes, HOUR)
    parts = [f"{hours} jam" if hours else "", f"{rest} mnt" if rest or not hours else ""]
    return " ".join(filter(None, parts))
