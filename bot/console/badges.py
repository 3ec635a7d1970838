"""The badge of a deadline: how much open time is left, or how late it is, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from data.instants import from_us
from data.store import Row
from services.hours import Calendar

HOUR = 60


@dataclass(frozen=True)
class Badge:
    """The words, and the *tone* which only repeats them in colour."""

    text: str
    tone: str = ""


def deadline(
    row: Row, branch: str, *, now: datetime, calendar: Calendar, soon: timedelta
) -> Badge | None:
    """The badge of a request by its *status*, *due_at* and *ended_at*.

    None where nobody is late: it was withdrawn, or its correction never came.
    """
    if row["status"] in ("withdrawn", "expired"):
        return None
    due, ended = from_us(row["due_at"]), row["ended_at"]
    at = from_us(ended) if ended else now
    if at > due:
        return Badge(f"Lewat {span(calendar.open_minutes(branch, due, at))}", "lewat")
    if ended:
        return Badge("Tepat waktu", "tepat")
    left = calendar.open_time(branch, now, due)
    return Badge(f"Sisa {span(left // timedelta(minutes=1))}", "segera" if left <= soon else "")


def span(minutes: int) -> str:
    """``16 mnt``, ``2 jam``, ``3 jam 20 mnt`` of open time."""
    hours, rest = divmod(minutes, HOUR)
    parts = [f"{hours} jam" if hours else "", f"{rest} mnt" if rest or not hours else ""]
    return " ".join(filter(None, parts))
