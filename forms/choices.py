"""Options and how a typed reply picks one of them."""

import msgspec


class Option(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that can be picked.

    *value* is what the engine receives, *label* what a button shows (at most 20 characters),
    *row* the title in a list (at most 24, the label when empty), *note* its second line (at most
    72), *key* what may be typed instead of its number (the letter of a service, ``0``).
    """

    value: str
    label: str
    row: str = ""
    note: str = ""
    key: str = ""
