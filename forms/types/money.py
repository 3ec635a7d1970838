"""Amounts of money."""

import re
from decimal import Decimal
from typing import Any, ClassVar

import msgspec

from forms.cleaning import excerpt, fold
from forms.fields import Asking, Invalid, Read, Reading, Reply, field
from forms.typed import Typed, typed
from forms.wording import rupiah

UNITS = {
    "": 1,
    "rupiah": 1,
    "perak": 1,
    "rb": 1_000,
    "ribu": 1_000,
    "thousand": 1_000,
    "k": 1_000,
    "jt": 1_000_000,
    "juta": 1_000_000,
    "million": 1_000_000,
    "m": 1_000_000_000,
    "miliar": 1_000_000_000,
    "milyar": 1_000_000_000,
}
GROUPED = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*(?:(?!\1)[.,]0{1,2})?")
WHOLE = re.compile(r"[0-9]+(?:[.,]0{2})?")
DECIMAL = re.compile(r"[0-9]+(?:,[0-9]{1,3}|\.[0-9]{1,2})?")
PART = re.compile(r"([0-9][0-9.,]*) ?([a-z]*) ?")
LONGEST = 60


class MoneyParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds in rupiah, both included."""

    min: int = 0
    max: int = 1_000_000_000_000


@field
class Money(Typed):
    """Rupiah: ``Rp4.500.000``, ``4,5 juta``, ``4 juta 500 ribu``. Value: int, whole rupiah."""

    name: ClassVar[str] = "money"
    Params: ClassVar[type[msgspec.Struct]] = MoneyParams

    def read(self, reply: Reply, asking: Asking) -> Reading:
        stored = isinstance(reply, int) and not isinstance(reply, bool)
        amount = int(str(reply)) if stored else _amount(typed(reply))
        if amount < asking.params.min:
            raise Invalid("salah.uang_kurang", limit=rupiah(asking.params.min, asking.language))
        if amount > asking.params.max:
            raise Invalid("salah.uang_lebih", limit=rupiah(asking.params.max, asking.language))
        return Read(amount)

    def show(self, value: Any, asking: Asking) -> str:
        return rupiah(value, asking.language)


def _amount(text: str) -> int:
    unreadable = Invalid("salah.uang", text=excerpt(text))
    amount = fold(text).removeprefix("rp").removeprefix("idr").lstrip(". ")
    amount = amount.removesuffix(",-").removesuffix(".-").strip()
    if len(amount) > LONGEST or not amount:
        raise unreadable
    total = Decimal(0)
    end = 0
    while end < len(amount):
        part = PART.match(amount, end)
        if not part or part[2] not in UNITS:
            raise unreadable
        end = part.end()
        total += _number(part[1], UNITS[part[2]], unreadable)
    if total != int(total):
        raise unreadable
    return int(total)


def _number(figures: str, unit: int, unreadable: Invalid) -> Decimal:
    """*figures* times *unit*. A mark before three figures groups thousands, but a comma before a
    unit is a decimal one: ``1.500`` is 1500, ``1,250 juta`` is 1 250 000.
    """
    if unit > 1 and DECIMAL.fullmatch(figures):
        return Decimal(figures.replace(",", ".")) * unit
    grouped = GROUPED.fullmatch(figures)
    if grouped:
        mark = grouped[1]
        whole = figures.replace(mark, "").replace("," if mark == "." else ".", " ").split()[0]
        return Decimal(whole) * unit
    if WHOLE.fullmatch(figures):
        return Decimal(re.split("[.,]", figures)[0]) * unit
    raise unreadable
