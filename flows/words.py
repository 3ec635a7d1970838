"""Labels of the conversation's own buttons and emergency words: ``words.yaml``."""

from pathlib import Path
from typing import Any, Final

import msgspec

from forms import cleaning, plain_yaml
from forms.choices import Option

_DATA: Final[dict[str, Any]] = plain_yaml.read(Path(__file__).with_name("words.yaml"))

BUTTONS: Final[dict[str, dict[str, Option]]] = {
    language: {
        value: msgspec.convert({"value": value, **labels}, Option)
        for value, labels in buttons.items()
    }
    for language, buttons in _DATA["buttons"].items()
}
EMERGENCY: Final[frozenset[str]] = frozenset(_DATA["emergency"]["words"])


def buttons(language: str, *values: str) -> tuple[Option, ...]:
    """The buttons of these values in *language*, in Indonesian where it has none."""
    known = BUTTONS.get(language, BUTTONS["id"])
    return tuple([known.get(value) or BUTTONS["id"][value] for value in values])


def translated(language: str, options: tuple[Option, ...]) -> tuple[Option, ...]:
    """The same *options*, those of the conversation itself in *language*."""
    own = BUTTONS["id"]
    return tuple(buttons(language, one.value)[0] if one.value in own else one for one in options)


def is_emergency(text: str) -> bool:
    """Whether *text* has one of the emergency words, as a word of its own."""
    return not EMERGENCY.isdisjoint(cleaning.words(text))
