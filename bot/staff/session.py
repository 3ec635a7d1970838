"""What is remembered of an officer's chat between two turns; JSON in the store."""

from typing import Final

import msgspec

from flows.events import Opened, Press, Text, Unfit
from services.staff_alerts import Alert


class Ask(msgspec.Struct, omit_defaults=True):
    """What is being written for the request *number*: the *verb* is the button's.

    *seen* is what the officer saw of the request (`services.fencing`). *step* and *item* name what
    is to be corrected, *code* the reason that was picked. While *typing* the next text is meant for
    this; a *text* that is there waits for a yes.
    """

    verb: str
    number: str
    seen: str
    step: str = ""
    item: int = 0
    code: str = ""
    text: str = ""
    typing: bool = False


class Session(msgspec.Struct, omit_defaults=True):
    """*wrong* are the instants at which wrong codes were given, in microseconds."""

    ask: Ask | None = None
    wrong: list[int] = []


Event = Text | Press | Opened | Unfit | Alert

ENCODER: Final = msgspec.json.Encoder()
DECODER: Final[msgspec.json.Decoder[Session]] = msgspec.json.Decoder(Session)
EVENTS: Final[msgspec.json.Decoder[Event]] = msgspec.json.Decoder(Event)
