"""Invented people: names of a shipped list, identity numbers that nobody has."""

import csv
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

import msgspec

from bot.cli import ROOT

NAMES: Final = ROOT / "data" / "demo" / "names.csv"
FIRST_SERIAL: Final = 9901
"""Serials of a NIK from here to 9999 are not given to people."""
WOMEN: Final = 40
"""Is added to the day in the NIK of a woman."""
LIKE_NIK: Final = re.compile(r"\b\d{16}\b")
YEAR: Final = timedelta(days=365)


class Person(msgspec.Struct, frozen=True):
    """Somebody who does not exist; the numbers fit each other."""

    name: str
    born: date
    nik: str
    kk: str
    card: str
    phone: str


class Names(NamedTuple):
    """What people are called: given names by sex (``L``, ``P``), and family names."""

    given: Mapping[str, Sequence[str]]
    family: Sequence[str]


def load_names(file: Path = NAMES) -> Names:
    """Read the list."""
    given: dict[str, list[str]] = {"L": [], "P": []}
    family: list[str] = []
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            known = given[row["sex"]] if row["kind"] == "given" else family
            known.append(row["name"])
    return Names(given, family)


class People:
    """Draws people who live in a regency from *chance*."""

    def __init__(self, chance: Random, regency: str, names: Names) -> None:
        self._chance = chance
        self._district = f"{regency}01"
        self._names = names

    def draw(self, today: date, youngest: int = 18, oldest: int = 80) -> Person:
        """Somebody of *youngest* to *oldest* years."""
        chance = self._chance
        sex = chance.choice("LP")
        born = today - YEAR * youngest - timedelta(days=chance.randrange((oldest - youngest) * 365))
        day = born.day + WOMEN * (sex == "P")
        serial = chance.randrange(FIRST_SERIAL, 10_000)
        return Person(
            name=f"{chance.choice(self._names.given[sex])} {chance.choice(self._names.family)}",
            born=born,
            nik=f"{self._district}{day:02}{born:%m%y}{serial}",
            kk=f"{self._district}{today:%d%m%y}{chance.randrange(FIRST_SERIAL, 10_000)}",
            card=f"000{chance.randrange(10**7):07}{chance.randrange(100, 1000)}",
            phone=f"0812-0000-{chance.randrange(10_000):04}",
        )
