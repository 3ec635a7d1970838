"""Field types: how a reply becomes a value. This file owns the port and the registry.

One family of types lives in each file of ``forms/types``; a new type is one class there with
``@field``. Reading is pure: facts and the date reach a type in its `Asking`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, Protocol, TypeVar

import msgspec

from forms.choices import Option


class Invalid(ValueError):
    """The reply does not fit. *key* names the sentence to say, *values* fill it.

    The values are shown to the sender only; they never reach a log or an error message.
    """

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


class Document(msgspec.Struct, frozen=True, tag="document"):
    """One picture or PDF that was fetched and checked.

    *sha256* names the stored bytes; *name* is the sender's file name (may be empty); *size* is in
    bytes; *album* groups pictures sent in one go. *doubt* says why a picture may be unreadable:
    ``dark``, ``bright``, ``blurred`` or ``small``, '' where nothing seems wrong.
    """

    sha256: str
    mime: str
    size: int
    name: str = ""
    album: str = ""
    doubt: str = ""


class ContactCard(msgspec.Struct, frozen=True, tag="contact"):
    """A telephone number sent by button; *own* tells whether it is the sender's own."""

    phone: str
    own: bool


Reply = str | Document | ContactCard | int | list[Any] | dict[str, Any]
"""What a participant answers with: text, a picture, a contact card; or a value that was stored.

A value goes in as it came out, and comes out unchanged: ``read(read(x)) == read(x)``.
"""


class Read(msgspec.Struct, frozen=True):
    """The reply was understood; *value* is JSON data that the same type reads back unchanged."""

    value: Any


class Unsure(msgspec.Struct, frozen=True):
    """Understood, but it could mean something else: ask *key* with yes or no before keeping it."""

    value: Any
    key: str
    values: Mapping[str, Any]


class Offer(msgspec.Struct, frozen=True):
    """Several readings fit: say *key* and offer *options*.

    The value of an option is a reply that the same type reads (it may lead to a further offer,
    which is how a long list is browsed).
    """

    options: tuple[Option, ...]
    key: str
    values: Mapping[str, Any]


Reading = Read | Unsure | Offer


class Asking(msgspec.Struct, frozen=True):
    """What a type may know while it reads or shows a value.

    *params* are the step's own settings (an instance of the type's ``Params``), *answers* the
    earlier answers in reach by step name, *today* the date at the participant's branch (or the
    default zone), *facts* the reference facts (``flows.assets.Facts``), *language* the one in which
    the participant reads.
    """

    params: Any
    answers: Mapping[str, Any]
    today: date
    facts: Any
    language: str = "id"


class Field(Protocol):
    """One field type. Instances hold no state."""

    name: ClassVar[str]
    Params: ClassVar[type[msgspec.Struct]]
    """Settings a step of this type may declare; unknown ones are refused at load."""
    expects: ClassVar[str]
    """What a channel may offer for input: ``text``, ``choice``, ``photo``, ``contact``."""
    any_words: ClassVar[bool]
    """Whether nearly any words are an answer, also those of a question."""

    def options(self, asking: Asking) -> tuple[Option, ...]:
        """The options offered together with the question; empty for typed answers."""

    def values(self, asking: Asking) -> Mapping[str, Any]:
        """What the question's own sentence may use, such as the branch it asks about."""

    def read(self, reply: Reply, asking: Asking) -> Reading:
        """Turn *reply* into a value; raise `Invalid` with the cause and the fix."""

    def show(self, value: Any, asking: Asking) -> str:
        """The value as the participant reads it in the review: identity numbers masked."""

    def full(self, value: Any, asking: Asking) -> str:
        """The value as the report prints it, unmasked."""


FIELDS: dict[str, Field] = {}

F = TypeVar("F", bound=type[Field])


def field(cls: F) -> F:
    """Register a field type under its name; a name can be taken once."""
    if cls.name in FIELDS:
        raise ValueError(f"field type {cls.name!r} is declared twice")
    FIELDS[cls.name] = cls()
    return cls
