"""What the officers' bot is given: calendar, rules, and the words of services and sentences."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

from bot.texts.catalogue import Catalogue, shared_sentences
from data.instants import Clock, from_us
from flows.events import Desk as DeskEvent
from forms.choices import Option
from forms.language import Words, words
from forms.wording import moment
from services.hours import Calendar
from services.leases import Rules
from services.reasons import Reasons
from services.refusals import Refused

WORDS: Final = Path(__file__).with_name("words.yaml")


@cache
def own_words() -> Catalogue:
    """The sentences of the bot's own."""
    return Catalogue({"id": shared_sentences(WORDS)})


class Desk(msgspec.Struct, frozen=True):
    """Everything the bot uses.

    *titles* are the names of services, *steps* the labels of what can be corrected in each,
    *checks* the words of their checklists, *numbers* those that the words of a reason name.
    *preview* gives the messages that a participant would read of what an officer did.
    *participants* has what participants read, and why services refuse. *site* is where the console
    is opened, without a slash at its end.
    """

    clock: Clock
    calendar: Calendar
    titles: Mapping[str, Words]
    steps: Mapping[str, Mapping[str, str]]
    checks: Mapping[str, Mapping[str, str]]
    numbers: Mapping[str, Mapping[str, str]]
    reasons: Reasons
    rules: Rules
    preview: Callable[[bytes | None, DeskEvent, datetime], Sequence[str]]
    participants: Catalogue
    site: str
    own: Catalogue = msgspec.field(default_factory=own_words)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def word(self, key: str, **values: Any) -> str:
        """A sentence of the bot's own."""
        return self.own.render(key, values)

    def refusal(self, refused: Refused) -> str:
        """Why something was not done, in the words of the console."""
        return self.participants.render(refused.key, refused.values)

    def title(self, service: str) -> str:
        """How a service is called."""
        return words(self.titles.get(service, service))

    def at(self, us: int, branch: str) -> str:
        """``20 Nov 10.31 WITA`` of microseconds since the epoch, at the clock of *branch*."""
        return moment(from_us(us).astimezone(self.calendar.branches[branch].zone))

    def button(self, verb: str, *parts: object) -> Option:
        """The button of *verb*; what it carries fits into Telegram's 64 bytes."""
        return Option(":".join([verb, *map(str, parts)]), self.word(f"tombol.{verb}"))
