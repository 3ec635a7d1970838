"""Settings of accounts: how long links and sessions last, what a password and a role need."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import msgspec


class Policy(msgspec.Struct, frozen=True):
    """What a password must be: *shortest* in characters, *composed* of capitals, small letters,
    figures and signs; *lasts* is None for ever."""

    shortest: int = 12
    composed: bool = False
    lasts: timedelta | None = None


BSSN: Final = Policy(composed=True, lasts=timedelta(days=180))
"""Regulation BSSN 4/2021, for systems of the government."""
ASVS: Final = Policy()
"""OWASP ASVS 5.0, 6.2: length decides; no composition, no date."""
POLICIES: Final[Mapping[str, Policy]] = {"bssn": BSSN, "asvs": ASVS}


class Delays(msgspec.Struct, frozen=True):
    """How sign-ins slow down: from the try number *free* on, *first* and twice as long each time,
    at most *longest*. What was tried longer than *forgotten* ago does not count."""

    free: int = 5
    first: timedelta = timedelta(minutes=1)
    longest: timedelta = timedelta(minutes=15)
    forgotten: timedelta = timedelta(days=1)

    def after(self, tries: int) -> timedelta:
        """The wait after so many tries that failed."""
        if tries < self.free:
            return timedelta(0)
        doublings = min(tries - self.free, 16)
        return min(self.first * (1 << doublings), self.longest)


PATIENT: Final = Delays()
SHARED: Final = Delays(free=20)
"""A whole office comes from one address."""


class Rules(msgspec.Struct, frozen=True):
    """*session* ends a session in any case, *idle* when nothing was done in it, *code* one that
    still waits for its second step.

    *second_step* are the roles that must have one; with *own_password* everybody must have a
    password before anything else. *account* and *address* slow down guessing.
    """

    link: timedelta = timedelta(hours=24)
    session: timedelta = timedelta(hours=12)
    idle: timedelta = timedelta(hours=1)
    code: timedelta = timedelta(minutes=10)
    policy: Policy = BSSN
    own_password: bool = False
    second_step: frozenset[str] = frozenset()
    account: Delays = PATIENT
    address: Delays = SHARED


ORDINARY: Final = Rules()
