"""Finding a request again: by its number, by a name, by the last four digits of a NIK or card.

What can be looked for is kept beside the request as short terms, each found by its beginning, so
that no search reads answers. Of a number of identity only the last four digits are ever kept.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from data.store import Tx
from flows.journey import Service
from forms.cleaning import words
from services.requests import Request

LAST = 4
"""Digits of a number of identity that may be shown and looked for; counters of tickets have as
many."""

LONG = 9
"""From so many digits on, a text may hold a number of identity, however it is written."""

AFTER_ALL = "\U0010ffff"
"""Sorts behind every character that a term can have."""


def terms(service: Service, answers: Mapping[str, Any]) -> frozenset[str]:
    """What *answers* can be found by: names by each of their words, numbers by their end."""
    found: set[str] = set()
    for state in service.states.values():
        if state.step is None or state.step.type not in ("name", "nik", "card"):
            continue
        name = state.entry.name
        holders = answers.get(state.group_name, ()) if state.group else (answers,)
        given = [holder.get(name) for holder in holders]
        texts = [text for text in given if isinstance(text, str) and text]
        if state.step.type == "name":
            found.update(end for text in texts for end in _ends(words(text)))
        else:
            found.update(text[-LAST:] for text in texts)
    return frozenset(found)


def sought(text: str) -> str:
    """What somebody who typed *text* looks for, as terms are written; '' for nothing.

    Figures alone are the end of a number of identity, or of a ticket: ``34`` is ``0034``.
    """
    typed = words(text)
    if "".join(typed).isdecimal():
        return "".join(typed)[-LAST:].zfill(LAST)
    *before, last = typed or [""]
    return " ".join((*before, last.zfill(LAST) if before and last.isdecimal() else last))


def shortened(text: str) -> str:
    """*text* as it may be kept: of a number that may be one of identity only the end."""
    digits = "".join(letter for letter in text if letter.isdecimal())
    if len(digits) >= LONG or (len(digits) > LAST and digits == "".join(text.split())):
        return digits[-LAST:]
    return text


async def keep(tx: Tx, request: Request, found: Iterable[str]) -> None:
    """Let *request* be found by its number and by these terms, and by no others."""
    await tx.run("term_clear", request=request.id)
    kept = sorted({*_ends(words(request.number)), *found})
    await tx.each(
        "term_add",
        [{"branch": request.branch, "term": term, "request": request.id} for term in kept],
    )


async def move(tx: Tx, request: Request) -> None:
    """Let *request* be found at the branch where it is now."""
    await tx.run("term_move", request=request.id, branch=request.branch)


def _ends(typed: tuple[str, ...]) -> Iterator[str]:
    """``siti nur aminah``, ``nur aminah``, ``aminah``."""
    return (" ".join(typed[n:]) for n in range(len(typed)))
