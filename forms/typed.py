"""What most field types share: their answer is typed, nothing is offered, nothing is hidden."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import msgspec

from forms.choices import Option
from forms.cleaning import says_something
from forms.fields import Asking, Invalid, Reply


class NoParams(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A type without settings."""


class Differs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """*differs* names an earlier step, or several, whose answers must be other ones.

    ``<group>.<step>`` are the answers of all items of a group.
    """

    differs: str | tuple[str, ...] = ""


YesNo = bool | Literal["yes", "no"]
"""A switch of a flow file."""


class Typed:
    """The base of a `Field`; a type overrides what differs."""

    Params: ClassVar[type[msgspec.Struct]] = NoParams
    expects: ClassVar[str] = "text"
    any_words: ClassVar[bool] = False

    def options(self, asking: Asking) -> tuple[Option, ...]:
        return ()

    def values(self, asking: Asking) -> Mapping[str, Any]:
        return {}

    def show(self, value: Any, asking: Asking) -> str:
        return str(value)

    def full(self, value: Any, asking: Asking) -> str:
        return self.show(value, asking)


def typed(reply: Reply) -> str:
    """The text of a typed *reply*; anything else, or nothing readable, is `Invalid`."""
    if not isinstance(reply, str):
        raise Invalid("salah.perlu_tulisan")
    if not says_something(reply):
        raise Invalid("salah.kosong")
    return reply


def distinct(value: Any, asking: Asking) -> None:
    """Refuse *value* where the step must differ from an earlier one that has the same answer."""
    named = asking.params.differs
    if not named:
        return
    for other in (named,) if isinstance(named, str) else named:
        group, _, step = other.rpartition(".")
        items = asking.answers.get(group, ()) if group else (asking.answers,)
        if any(item.get(step) == value for item in items):
            raise Invalid("salah.sama", step=other)


def is_on(switch: YesNo) -> bool:
    """Whether *switch* is set."""
    return switch in (True, "yes")
