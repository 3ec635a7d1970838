"""What a link names: ``t.me/<bot>?start=kc_manado_G``, or ``/chat?mulai=…`` of the web chat.

A branch, and a service or a row of the menus, in any order and case; what is neither, such as the
name of a poster, is passed over.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from flows.talk import Talk

LONGEST: Final = 64
"""Characters of a link's parameter, Telegram's limit; nothing behind them is read."""

PART: Final = re.compile(r"[^\W_]+")


class Link(msgspec.Struct, frozen=True):
    """The branch and the service (its code) or row that a link names, '' where it names none."""

    branch: str = ""
    name: str = ""


def read(talk: Talk, start: str) -> Link:
    """What *start* names; of several the longest, and of these the first."""
    parts: Sequence[str] = PART.findall(start[:LONGEST].casefold())
    facts, branch = talk.assets.facts, ""
    for run, rest in _runs(parts):
        if facts.branch(called := "-".join(run).upper()):
            branch, parts = called, rest
            break
    return Link(branch, next(filter(None, (_name(talk, run) for run, _ in _runs(parts))), ""))


def _runs(parts: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Every run of neighbouring parts, the longest first, with the parts beside it."""
    for length in range(len(parts), 0, -1):
        for at in range(len(parts) - length + 1):
            end = at + length
            yield parts[at:end], [*parts[:at], *parts[end:]]


def _name(talk: Talk, run: Sequence[str]) -> str:
    code, row = "_".join(run).upper(), "_".join(run)
    if talk.service(code):
        return code
    return row if row in talk.assets.menus.items else ""
