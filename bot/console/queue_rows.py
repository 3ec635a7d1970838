"""A row of the queue page: whom a request is for, what is special about it, and its deadline."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec

from bot.console.badges import Badge, deadline
from bot.console.deps import Deps, ServiceWords
from bot.console.window_words import window_badge
from bot.console.words import mark
from data.store import Row
from services import windows

HEARD = ("participant", "bot")
"""Authors after whom it is the officer's turn: the participant wrote or corrected."""


class Listed(msgspec.Struct, frozen=True):
    """A row of a list; *person* is whom the request is for, '' where the form does not ask.

    *warnings* are the few words that its flags have for lists.
    """

    row: Row
    title: str
    person: str
    due: Badge | None
    window: Badge | None
    warnings: Sequence[str]
    unanswered: bool


def listed_row(deps: Deps, row: Row, branch: str, now: datetime) -> Listed:
    """What a list of *branch* shows *now* of *row* (`services.board`)."""
    service = deps.services.get(row["service"], ServiceWords(row["service"], {}))
    return Listed(
        row=row,
        title=service.title,
        person=service.person(msgspec.json.decode(row["answers"])),
        due=deadline(
            branch,
            row["status"],
            row["due_at"],
            row["ended_at"],
            now=now,
            calendar=deps.calendar,
            soon=deps.rules.soon,
        ),
        window=None if row["ended_at"] else _window(row, now),
        warnings=list(dict.fromkeys(_warnings(service, msgspec.json.decode(row["flags"])))),
        unanswered=row["status"] in ("claimed", "needs_correction") and row["last_author"] in HEARD,
    )


def _window(row: Row, now: datetime) -> Badge | None:
    rule = windows.rule_of(row["chat"])
    return window_badge(row["heard_at"], rule.length, now) if rule else None


def _warnings(service: ServiceWords, flags: Sequence[str]) -> Iterator[str]:
    """What the form declares as worth a word, and the marks of answers and language."""
    for flag in flags:
        kind, marked, _ = flag.partition(":")
        if said := mark(kind) if marked else service.warnings.get(flag, ""):
            yield said
