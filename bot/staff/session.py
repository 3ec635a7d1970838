"""What is remembered of an officer's chat between two turns; JSON in the store."""

from datetime import datetime
from hashlib import blake2b
from typing import Final

import msgspec

from flows.events import Crowd, Opened, Press, Text, Unfit
from services.staff_alerts import Alert


class Ask(msgspec.Struct, omit_defaults=True):
    """What is being written for the request *number*: the *verb* is the button's.

    *seen* is what the officer saw of the request (`services.fencing`). *step* and *item* name what
    is to be corrected, *code* the reason that was picked. A *text* that is there waits for a yes;
    while *typing* the next one takes its place.
    """

    verb: str
    number: str
    seen: str
    step: str = ""
    item: int = 0
    code: str = ""
    text: str = ""
    typing: bool = False

    @property
    def mark(self) -> str:
        """Eight letters that tell it from all else that may be shown before it leaves."""
        shown = msgspec.structs.replace(self, typing=False)
        return blake2b(ENCODER.encode(shown), digest_size=4).hexdigest()


class Session(msgspec.Struct, omit_defaults=True):
    """*wrong* are the instants at which wrong codes were given, in microseconds.

    *crowd_told* is when it was last said here that no group is served.
    """

    ask: Ask | None = None
    wrong: list[int] = []
    crowd_told: datetime | None = None


Event = Text | Press | Opened | Unfit | Crowd | Alert

ENCODER: Final = msgspec.json.Encoder()
DECODER: Final[msgspec.json.Decoder[Session]] = msgspec.json.Decoder(Session)
EVENTS: Final[msgspec.json.Decoder[Event]] = msgspec.json.Decoder(Event)
