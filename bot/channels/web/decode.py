"""What a page posted, as events. Pure."""

import re
from collections.abc import Sequence

import msgspec

from bot.channels.layout import typed
from data.store import NewEvent
from flows.events import ENCODER, Event, Opened, Press, Text, Unfit

CHANNEL = "web"
LONGEST_PRESS = 120
"""Characters of a button's value that are kept; ours are far shorter."""

BUBBLE = re.compile(r"[ak][0-9]{1,19}")
"""The name of a bubble."""

LONGEST_START = 64
"""Characters of a link's parameter (Telegram's limit, so that one link serves both)."""


class Posted(msgspec.Struct, frozen=True):
    """One form post. *nonce* tells a repeated post from a new one.

    *press* is ``<put>|<value>`` of a button and *after* the bubble above it, *text* what was typed,
    *files* the references of the uploads as the spool gave them. A button comes alone.
    """

    visitor: str
    nonce: str
    press: str = ""
    after: str = ""
    text: str = ""
    files: Sequence[str] = ()


def decode(posted: Posted, *, received_at: int) -> list[NewEvent]:
    """The events of a post: the press, or the text and then each file."""
    visitor = posted.visitor
    if posted.press:
        pressed = posted.press[:LONGEST_PRESS]
        put, _, value = pressed.partition("|")
        number = int(put) if put.isdecimal() and len(put) < 10 else 0
        # the button itself, where it stands, is the key: pressed twice it counts once
        after = posted.after if BUBBLE.fullmatch(posted.after) else ""
        key = f"press:{pressed}:{after}"
        return [_event(visitor, key, Press(typed(value), number), received_at)]
    events = []
    if posted.text or not posted.files:
        said = Text(typed(posted.text))
        events.append(_event(visitor, f"text:{posted.nonce}", said, received_at))
    for number, media in enumerate(posted.files):
        key = f"file:{posted.nonce}:{number}"
        album = posted.nonce if len(posted.files) > 1 else ""
        events.append(_event(visitor, key, Unfit(why="lost"), received_at, media, album))
    return events


def opened(visitor: str, key: str, start: str, *, received_at: int) -> NewEvent:
    """The page was opened, with the parameter *start* of the link; once for each *key*."""
    return _event(visitor, f"opened:{key}", Opened(typed(start[:LONGEST_START])), received_at)


def chat_of(visitor: str) -> str:
    """The chat of a visitor."""
    return f"{CHANNEL}:{visitor}"


def _event(
    visitor: str, key: str, event: Event, at: int, media: str = "", album: str = ""
) -> NewEvent:
    return NewEvent(
        channel=CHANNEL,
        provider_id=typed(f"{visitor}:{key}"),
        chat=chat_of(visitor),
        body=ENCODER.encode(event),
        received_at=at,
        due_at=at,
        media=media,
        album=album,
    )
