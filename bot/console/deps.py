"""What the console is given: the store, the calendar and words of the services."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from bot.console.watcher import Watcher
from data.instants import Clock
from data.places import Branch, Region
from data.store import Store
from data.template_prices import TemplatePrices
from flows.events import Desk
from flows.facts import Say
from services import account_rules
from services.hours import Calendar
from services.leases import Rules
from services.reasons import Reasons
from services.refusals import Refused
from services.system import Place, Places


class ServiceWords(msgspec.Struct, frozen=True):
    """How a service is called, and the label of each step that can be corrected.

    *people* are the steps with a name, first who it is most likely for. *checks* are the points of
    its checklist, *rules* the numbers of its rules, *warnings* what lists say of its flags.
    """

    title: str
    steps: Mapping[str, str]
    people: Sequence[str] = ()
    checks: Mapping[str, str] = msgspec.field(default_factory=dict)
    rules: Mapping[str, str] = msgspec.field(default_factory=dict)
    warnings: Mapping[str, str] = msgspec.field(default_factory=dict)

    def named(self, steps: str) -> str:
        """What *steps*, with blanks between, are called: ``NIK, Foto KK``."""
        return ", ".join(self.steps.get(step, step) for step in steps.split())

    def person(self, answers: Mapping[str, Any]) -> str:
        """The first name among *answers*, with how many more of its group: ``Siti Aminah +2``.

        '' where there is none.
        """
        for state in self.people:
            group, _, step = state.rpartition(".")
            holders = answers.get(group, ()) if group else (answers,)
            names = [one[step] for one in holders if isinstance(one.get(step), str)]
            if names:
                return f"{names[0]} +{len(names) - 1}" if names[1:] else str(names[0])
        return ""


def nowhere(session: bytes) -> Sequence[Place]:
    """Where no form stands: for consoles that show no flows."""
    return ()


class StaffBot(msgspec.Struct, frozen=True):
    """The officers' Telegram bot: its user *name* ('' where nobody told), how long codes count."""

    name: str
    code_lasts: timedelta


class Deps(msgspec.Struct, frozen=True, dict=True):
    """Everything the console uses.

    *sentence* words a refusal, *preview* gives the messages that a session (as stored) would be
    sent for an officer's action, *say* the language of a session and how a sentence reads in it,
    *document* gives the file of a stored document by its sha256,
    *places* says where the forms of a stored session stand, *states* the states of a service in
    their order, *diagram* its machine as Mermaid, *examine* what ``bot.py doctor`` finds (it may
    take a while, and is called in a thread).
    *wake* tells the runtime that a participant's inbox has something new, *refresh* is how many
    seconds lie between two looks of the `Watcher`, *spread* within how many they reach all pages,
    *beat* after how many a quiet live page gets a sign of life, *secure* that the site is reached
    by https, *accounts* how long links and sessions hold, *branches_of* the branches of a region,
    *staff_bot* the officers' bot where there is one, *prices* what message templates cost.
    """

    store: Store
    clock: Clock
    calendar: Calendar
    branches: Mapping[str, Branch]
    services: Mapping[str, ServiceWords]
    rules: Rules
    sentence: Callable[[Refused], str]
    preview: Callable[[bytes | None, Desk, datetime], Sequence[str]]
    say: Callable[[bytes | None, Say], tuple[str, str]]
    reasons: Reasons
    document: Callable[[str], Path]
    secret: str
    wake: Callable[[], None]
    places: Places = nowhere
    states: Callable[[str], Sequence[str]] = lambda code: ()
    diagram: Callable[[str], str] = lambda code: ""
    examine: Callable[[], Mapping[str, Any]] = dict
    staff_bot: StaffBot | None = None
    refresh: float = 0.2
    spread: float = 0.3
    beat: float = 15.0
    secure: bool = False
    accounts: account_rules.Rules = account_rules.ORDINARY
    regions: Mapping[str, Region] = msgspec.field(default_factory=dict)
    branches_of: Callable[[str], frozenset[str]] = lambda region: frozenset()
    prices: TemplatePrices = msgspec.field(default_factory=TemplatePrices)

    @cached_property
    def watcher(self) -> Watcher:
        """The one that looks for all live pages of this process."""
        return Watcher(self.store, self.refresh, self.spread)
