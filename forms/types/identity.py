"""Identity numbers: NIK, Kartu Keluarga (KK) and the JKN card.

A NIK is ``PPKKCC DDMMYY SSSS``: the district where it was issued, the birth date (day + 40 for
women) and a serial number from 0001. It has no check digit. The district is never a reason to
refuse: districts are split and renamed, and a NIK keeps its first one. Source: domain.md 3.1.
"""

from datetime import date
from typing import Any, ClassVar, NamedTuple

import msgspec

from forms.cleaning import words
from forms.fields import Asking, Invalid, Read, Reading, Reply, field
from forms.masking import mask
from forms.typed import Differs, Typed, distinct, typed

FIGURES = frozenset("0123456789")
LOOKALIKES = str.maketrans("oil", "011")
WOMEN = 40


class Birth(NamedTuple):
    """The birth date inside a NIK: *year* has two figures, *sex* is ``L`` or ``P``."""

    day: int
    month: int
    year: int
    sex: str


def nik_birth(nik: str) -> Birth:
    """Read the birth date out of the sixteen figures of *nik*, possible or not."""
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    return Birth(day - WOMEN, month, year, "P") if day > WOMEN else Birth(day, month, year, "L")


def matches_birth(nik: str, iso_date: str) -> bool:
    """Whether *nik* carries the birth date *iso_date* (``YYYY-MM-DD``)."""
    born = date.fromisoformat(iso_date)
    return nik_birth(nik)[:3] == (born.day, born.month, born.year % 100)


def figures(text: str, length: int) -> str:
    """The figures of an identity number of *length* as people send it.

    Spaces, dots and dashes go; the letters o, l and i inside a number become 0 and 1; a number of
    the right length among others, and a number pasted twice, is taken once.
    """
    parts = [_repaired(word) for word in words(text)]
    whole = {part for part in parts if len(part) == length}
    if len(whole) == 1:
        return whole.pop()
    number = "".join(parts)
    half = number[: len(number) // 2]
    return half if len(half) == length and number == half * 2 else number


def _repaired(word: str) -> str:
    number = word.translate(LOOKALIKES)
    if FIGURES.issuperset(number) and any(c in FIGURES for c in word):
        return number
    return "".join(c for c in word if c in FIGURES)


class Number(Typed):
    """An identity number of a fixed length, masked wherever it is shown. Value: str of figures."""

    Params: ClassVar[type[msgspec.Struct]] = Differs
    length: ClassVar[int]
    wrong_length: ClassVar[str]

    def read(self, reply: Reply, asking: Asking) -> Reading:
        number = figures(typed(reply), self.length)
        if len(number) != self.length:
            raise Invalid(self.wrong_length, got=len(number))
        self.check(number)
        distinct(number, asking)
        return Read(number)

    def check(self, number: str) -> None:
        if len(set(number)) == 1:
            raise Invalid("salah.nomor_nol")

    def show(self, value: Any, asking: Asking) -> str:
        return mask(value)

    def full(self, value: Any, asking: Asking) -> str:
        return str(value)


@field
class Nik(Number):
    """The sixteen figures of a NIK, refused when no person can have it."""

    name: ClassVar[str] = "nik"
    length: ClassVar[int] = 16
    wrong_length: ClassVar[str] = "salah.nik_panjang"

    def check(self, number: str) -> None:
        # the all-zero NIK is a real record ("BAYI BR LAHIR") in the insurer's system (source JKN)
        if len(set(number)) == 1:
            raise Invalid("salah.nik_nol")
        if number.startswith("00") or number.endswith("0000"):
            raise Invalid("salah.nik_bentuk")
        if not _possible(nik_birth(number)):
            raise Invalid("salah.nik_tanggal", part=number[6:12])


@field
class Kk(Number):
    """The sixteen figures of a Kartu Keluarga."""

    name: ClassVar[str] = "kk"
    length: ClassVar[int] = 16
    wrong_length: ClassVar[str] = "salah.kk_panjang"


@field
class Card(Number):
    """The thirteen figures of a JKN card, usually beginning with 000."""

    name: ClassVar[str] = "card"
    length: ClassVar[int] = 13
    wrong_length: ClassVar[str] = "salah.kartu_panjang"


def _possible(birth: Birth) -> bool:
    for century in (1900, 2000):
        try:
            date(century + birth.year, birth.month, birth.day)
        except ValueError:
            continue
        return True
    return False
