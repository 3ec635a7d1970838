"""Free text and names of people."""

import unicodedata
from typing import Any, ClassVar

import msgspec

from forms.agreement import yes_or_no
from forms.cleaning import LONGEST, clean, fold, words
from forms.fields import Asking, Invalid, Read, Reading, Reply, field
from forms.masking import mask
from forms.typed import Differs, Typed, YesNo, distinct, is_on, typed

NAME_LETTERS = (2, 60)
NAMES_TOO = frozenset({"ada"})
"""Words of agreement that are names of people as well."""
NAME_MARKS = frozenset(" .'-")
APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'"})


class TextParams(Differs, frozen=True, forbid_unknown_fields=True):
    """How many characters are wanted: at least *min*, at most *max*; *digits*: figures only.

    *masked* covers all but the last four wherever the value is shown, as of an account number.
    """

    min: int = 1
    max: int = 500
    digits: YesNo = False
    masked: YesNo = False


@field
class Text(Typed):
    """Any words. Line breaks become spaces; what cannot be read is dropped. Value: str.

    Where only figures are wanted (an account number), spaces, dots and dashes go.
    """

    name: ClassVar[str] = "text"
    any_words: ClassVar[bool] = True
    Params: ClassVar[type[msgspec.Struct]] = TextParams

    def read(self, reply: Reply, asking: Asking) -> Reading:
        written = typed(reply)
        text = clean(written)
        if is_on(asking.params.digits):
            text = "".join(words(written))
            if not (text.isascii() and text.isdecimal()):
                raise Invalid("salah.angka_saja")
        got = len(text) if len(written) <= LONGEST else len(written)
        if got > asking.params.max:
            raise Invalid("salah.terlalu_panjang", limit=asking.params.max, got=got)
        if got < asking.params.min:
            raise Invalid("salah.terlalu_pendek", limit=asking.params.min, got=got)
        distinct(text, asking)
        return Read(text)

    def show(self, value: Any, asking: Asking) -> str:
        return mask(value) if is_on(asking.params.masked) else str(value)

    def full(self, value: Any, asking: Asking) -> str:
        return str(value)


@field
class Name(Typed):
    """A person's name: 2 to 60 letters, space, ``.``, ``'`` and ``-``, kept as typed. Value: str.

    Source: domain.md 1.1, proposal of the authors.
    """

    name: ClassVar[str] = "name"
    any_words: ClassVar[bool] = True
    Params: ClassVar[type[msgspec.Struct]] = Differs

    def read(self, reply: Reply, asking: Asking) -> Reading:
        name = clean(typed(reply)).translate(APOSTROPHES)
        least, most = NAME_LETTERS
        if yes_or_no(name) is not None and fold(name) not in NAMES_TOO:
            raise Invalid("salah.nama_jawaban")
        if any(c.isdigit() for c in name):
            raise Invalid("salah.nama_angka")
        if len(name) > most:
            raise Invalid("salah.terlalu_panjang", limit=most, got=len(name))
        letters = sum(c.isalpha() for c in name)
        if letters < least or not all(_fits(c) for c in name):
            raise Invalid("salah.nama")
        distinct(name, asking)
        return Read(name)


def _fits(character: str) -> bool:
    accent = unicodedata.category(character) in ("Mn", "Mc")
    return character.isalpha() or accent or character in NAME_MARKS
