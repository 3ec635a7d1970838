"""The words of a script, and how its values are written."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, get_args

from bot.config.settings import MenuName

DEFAULT_AT: Final = "2026-11-23T10:00+08:00"
"""A Monday within office hours, where a script names no instant."""

FILES: Final = "files"
"""The folder beside the scripts that holds what their `send` steps send."""

MENUS: Final[tuple[MenuName, ...]] = get_args(MenuName)

HEAD: Final = ("name", "channels", "needs", "at", "branch", "menu", "strict", "part", "steps")
FILE_KINDS: Final = ("photo", "document")
SENDABLE: Final = ("photo", "document", "voice", "sticker", "location", "contact")
TEXT: Final = ("text",)
ACTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "claim": (),
    "claim_next": (),
    "reply": TEXT,
    "note": TEXT,
    "undo": (),
    "keep": (),
    "tick": ("item",),
    "ask_correction": ("step", "text"),
    "transfer": ("to", "text"),
    "hand_over": ("to", "text"),
    "release": (),
    "refuse": TEXT,
    "reopen": TEXT,
    "finish": TEXT,
    "close": ("day", "text"),
    "open": ("day", "hours", "text"),
    "special_hours": ("day", "until", "hours", "text"),
    "holiday": ("day", "kind", "text"),
    "take_back": TEXT,
}
"""What an officer can do, with the words that each needs."""
MORE_PARTS: Final = ("_2", "_3")
"""Ends of the words that are about further parts of a correction: `step_2`, `text_2`."""
OFFICER_WORDS: Final = (
    *("name", "do", "branch", "role", "ticket", "again_from", "until"),
    *("code", "unsent", "unchecked"),
    *(f"{word}{n}" for n in MORE_PARTS for word in ("step", "text", "code")),
)
STATE_WORDS: Final = ("phase", "service", "step", "request", "answers", "drafts")
REQUEST_WORDS: Final = (
    "service",
    "status",
    "branch",
    "number",
    "officer",
    "flags",
    "outcome",
    "reason",
    "position",
    "documents",
    "messages",
)

UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def instant(text: str) -> datetime:
    """An instant with its offset; raises ValueError."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("no offset")
    return found


def duration(text: str) -> timedelta:
    """``40m``, ``2h30m``, ``7d``; raises ValueError."""
    if not re.fullmatch(r"(\d+[smhd])+", text):
        raise ValueError("no duration")
    return timedelta(**{UNITS[unit]: int(n) for n, unit in re.findall(r"(\d+)([smhd])", text)})


def regular(pattern: str) -> str:
    """The regular expression between slashes, '' where *pattern* is plain text."""
    between = len(pattern) > 2 and pattern.startswith("/") and pattern.endswith("/")
    return pattern[1:-1] if between else ""
