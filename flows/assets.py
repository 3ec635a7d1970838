"""What a turn may know besides the session: reference facts, the flows and the present.

Protocols only: services build the real things, tests hand in small ones.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

import msgspec

from forms.language import Words

if TYPE_CHECKING:
    from flows.journey import Journeys
    from flows.menus import Menus


class Branch(Protocol):
    """A branch office."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def zone(self) -> ZoneInfo: ...


class Place(Protocol):
    """A regency, province or facility that was found by name, best match first."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def score(self) -> float:
        """0 to 100; 100 is an exact name."""


class Facts(Protocol):
    """Reference facts that fields and conditions may ask for; pure and deterministic."""

    def find_regencies(self, text: str) -> Sequence[Place]:
        """Kabupaten and kota that *text* may mean, best first, at most ten."""

    def regency_name(self, code: str) -> str: ...

    def provinces(self) -> Sequence[Place]:
        """All provinces in the order of their codes."""

    def branches_in(self, province: str) -> Sequence[Branch]:
        """The branch offices seated in a province."""

    def branches_for(self, regency: str) -> Sequence[Branch]:
        """The branches that may serve a regency, likeliest first; two where the map is unsure."""

    def branch(self, branch_id: str) -> Branch | None: ...

    def hours_text(self, branch_id: str, day: date) -> Words:
        """The week that holds on *day*, such as ``Senin-Jumat, 08.00-17.00 WITA``."""

    def find_facilities(self, text: str, regency: str) -> Sequence[Place]:
        """Health facilities that *text* may mean, those of *regency* first, at most three."""

    def facility_name(self, code: str) -> str:
        """The name of a facility code, '' when it is not in the list."""


class Assets(msgspec.Struct, frozen=True):
    """Everything a turn is given beside session and event.

    *now* is aware and in UTC. *received_at* is when the event reached us: a reply that was
    received before the question on the table was put was not meant for it.
    """

    now: datetime
    received_at: datetime
    facts: Facts
    journeys: "Journeys"
    menus: "Menus"
    settings: "Settings"


class Settings(msgspec.Struct, frozen=True):
    """Settings of the conversation, from config.yaml (section ``chat``).

    *menu* is the name of the menu that greets.
    """

    menu: str
    default_zone: ZoneInfo
    draft_days: int
    reminder_after_minutes: int
    reminder_from: str
    reminder_until: str
    known_days: int
    rating_after_minutes: int
    rating_within_hours: int
    reopen_days: int
    reopen_times: int
