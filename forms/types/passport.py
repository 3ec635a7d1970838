"""Passport numbers of any country."""

from typing import Any, ClassVar

import msgspec

from forms.cleaning import words
from forms.fields import Asking, Invalid, Read, Reading, Reply, field
from forms.masking import mask
from forms.typed import Differs, Typed, distinct, typed

LENGTH = range(6, 10)
"""Letters and figures of a passport number; the machine-readable line has room for nine."""


@field
class Passport(Typed):
    """A passport number: six to nine letters and figures, one figure at least, masked.

    Value: str in capitals, without spaces or dashes.
    """

    name: ClassVar[str] = "passport"
    Params: ClassVar[type[msgspec.Struct]] = Differs

    def read(self, reply: Reply, asking: Asking) -> Reading:
        number = "".join(words(typed(reply))).upper()
        known = number.isascii() and number.isalnum() and any(c.isdigit() for c in number)
        if not known or len(number) not in LENGTH:
            raise Invalid("salah.paspor", got=len(number))
        distinct(number, asking)
        return Read(number)

    def show(self, value: Any, asking: Asking) -> str:
        return mask(value)

    def full(self, value: Any, asking: Asking) -> str:
        return str(value)
