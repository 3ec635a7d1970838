"""Ways to reach a person: telephone and email."""

from typing import Any, ClassVar

import msgspec

from forms.cleaning import LONGEST, excerpt, fold
from forms.fields import Asking, ContactCard, Invalid, Read, Reading, Reply, field
from forms.typed import Differs, Typed, distinct, typed
from forms.types.identity import Kk, Nik

COUNTRY = "62"
SUBSCRIBER = range(9, 13)
"""Figures of a mobile number after the country code, the leading 8 included (domain.md 1.1)."""

EMAIL_LONGEST = 254
LOCAL_LONGEST = 64
LOCAL_MARKS = frozenset(".!#$%&'*+-/=?^_`{|}~")


@field
class Phone(Typed):
    """An Indonesian mobile number, typed or sent as one's own contact card.

    Value: ``+62…`` (E.164); shown as it is dialled at home, ``0812-0000-0142``.
    """

    name: ClassVar[str] = "phone"
    Params: ClassVar[type[msgspec.Struct]] = Differs
    expects: ClassVar[str] = "contact"

    def read(self, reply: Reply, asking: Asking) -> Reading:
        if isinstance(reply, ContactCard):
            if not reply.own:
                raise Invalid("salah.kontak_orang_lain")
            reply = reply.phone
        text = typed(reply)
        written = "".join(c for c in fold(text) if c in "0123456789")
        figures = written.lstrip("0").removeprefix(COUNTRY).lstrip("0")
        if not figures.startswith("8") or len(figures) not in SUBSCRIBER:
            if len(written) in (Nik.length, Kk.length) and written[0] != "0":  # as none begins
                raise Invalid("salah.hp_identitas")
            raise Invalid("salah.hp", text=excerpt(text))
        number = f"+{COUNTRY}{figures}"
        distinct(number, asking)
        return Read(number)

    def show(self, value: Any, asking: Asking) -> str:
        home = "0" + value.removeprefix(f"+{COUNTRY}")
        return "-".join((home[:4], home[4:8], home[8:]))

    def full(self, value: Any, asking: Asking) -> str:
        return str(value)


@field
class Email(Typed):
    """An email address. Value: str, the domain in lower case."""

    name: ClassVar[str] = "email"
    Params: ClassVar[type[msgspec.Struct]] = Differs

    def read(self, reply: Reply, asking: Asking) -> Reading:
        text = typed(reply)
        address = "".join(text[:LONGEST].split()).removeprefix("mailto:").rstrip(".,;")
        local, _, domain = address.rpartition("@")
        if len(address) > EMAIL_LONGEST or not (_local(local) and _domain(domain)):
            raise Invalid("salah.email", text=excerpt(text))
        address = f"{local}@{domain.lower()}"
        distinct(address, asking)
        return Read(address)


def _local(local: str) -> bool:
    known = all(c.isascii() and (c.isalnum() or c in LOCAL_MARKS) for c in local)
    return known and 0 < len(local) <= LOCAL_LONGEST and all(local.split("."))


def _domain(domain: str) -> bool:
    labels = domain.split(".")
    return len(labels) > 1 and labels[-1].isalpha() and all(_label(label) for label in labels)


def _label(label: str) -> bool:
    known = all(c.isascii() and (c.isalnum() or c == "-") for c in label)
    return known and 0 < len(label) <= 63 and label.strip("-") == label
