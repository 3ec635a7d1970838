"""What a button carries on every network: ``<put>|<value>`` within 64 bytes.

A value that does not fit travels as its place among the options, ``#3`` for the third; the engine
resolves that against the question that is on the table. A button that is not ours has put -1,
which no question ever has.
"""

import re

from forms.choices import Option

LONGEST_DATA = 64
"""Bytes: Telegram's limit of callback_data, the tightest of all (WhatsApp takes 200)."""

FOREIGN = -1

DATA = re.compile(r"(?P<put>[0-9]{1,9})\|(?P<value>.{0,64})", re.DOTALL)


def write_data(option: Option, place: int, put: int) -> str:
    """The data of the button that stands for *option*, the *place*-th (from 1) of its message."""
    data = f"{put}|{option.value}"
    return data if len(data.encode()) <= LONGEST_DATA else f"{put}|#{place}"


def read_data(data: str) -> tuple[str, int]:
    """(value, put) of a pressed button."""
    found = DATA.fullmatch(data)
    return (found["value"], int(found["put"])) if found else (data[:LONGEST_DATA], FOREIGN)
