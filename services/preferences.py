"""Preferences: how an officer wants the console, kept with the account."""

from typing import Literal, get_args

import msgspec

from data.store import Tx
from services.officers import Officer

TextSize = Literal["normal", "large", "larger"]
TEXT_SIZES: tuple[TextSize, ...] = get_args(TextSize)


class Preferences(msgspec.Struct, frozen=True):
    """*shortcuts* are the single keys of the console, which may be switched off."""

    shortcuts: bool = True
    text_size: TextSize = "normal"


ORDINARY = Preferences()


def read(text: str) -> Preferences:
    """Preferences as the store keeps them; those of another version count as far as they fit."""
    try:
        return msgspec.json.decode(text, type=Preferences)
    except msgspec.ValidationError:
        return ORDINARY


async def keep(tx: Tx, officer: Officer, chosen: Preferences) -> None:
    """Keep them with the account."""
    text = msgspec.json.encode(chosen).decode()
    await tx.run("officer_preferences", id=officer.id, preferences=text)
