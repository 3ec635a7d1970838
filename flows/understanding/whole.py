"""Messages that are known as a whole: a number, an address, a ticket, a greeting, yes and no."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from flows.understanding.phrases import Meant
from flows.understanding.talk import TALK
from forms import cleaning
from forms.agreement import DRAWN_OUT, POLITE, yes_or_no

ADDED: Final = frozenset(
    {"ah", "eh", "ya", "nih", "tuh", "lho", "aja", "saja", "kang", "teh", "gan"}
)
"""What is added to short messages besides politeness."""
LONGEST: Final = 64
"""Characters of a message that may stand alone."""
REMEMBERED: Final = 1024
"""Words whose short form is remembered."""

TICKET: Final = re.compile(r"\b[A-Z]{2,5}-[A-Z0-9]{1,4}-\d{3,}\b", re.IGNORECASE)
MOST_BARE: Final = 120
BARE: Final = re.compile(
    r"[\d\s./,:+-]*\d[\d\s./,:+-]*"  # a number, a date
    r"|\S+@\S+\.\w+"
    r"|(jl|jln|jalan|gg|gang|perum|komplek)\b\.?(\s\S+){1,8}"
    r"|(kab|kc)\b\.?(\s\S+){1,2}"
    r"|.*\brt\W*\d.*\brw\W*\d.*"
    r"|kelas\s([123]|i{1,3})",
    re.IGNORECASE,
)
"""An answer by itself, without the question: a number, an address, an office, a class."""


def at_once(text: str) -> Meant | None:
    """What *text* is by its form, None where its words have to be weighed."""
    if ticket_in(text):
        return Meant("LACAK", talk="LACAK")
    if BARE.fullmatch(cleaning.clean(text[:MOST_BARE])):
        return Meant("DATA", talk="DATA")
    if (meant := alone(text)) is not None:
        return meant
    agreed = yes_or_no(text)
    return None if agreed is None else _small("YA" if agreed else "TIDAK")


def ticket_in(text: str) -> str:
    """The number of a ticket in *text* (``MND-G-0034``), '' without one."""
    found = TICKET.search(text) if "-" in text else None
    return found[0].upper() if found else ""


def alone(text: str) -> Meant | None:
    """The small talk that *text* is without politeness and drawn-out letters."""
    said = cleaning.words(text[:LONGEST])
    known = _short(said[-1]) in ALONE_WORDS if said else False  # nearly nothing else is
    return ALONE.get(_bare(said)) if known else None


def _bare(said: Sequence[str]) -> tuple[str, ...]:
    """The words without politeness; the first of them where there is nothing else."""
    drawn = [_short(word) for word in said]
    return tuple([w for w in drawn if w not in MANNERS] or drawn[:1])


@lru_cache(REMEMBERED)
def _short(word: str) -> str:
    """*word* without drawn-out letters."""
    return DRAWN_OUT.sub(r"\1", word)


def _small(label: str) -> Meant:
    return Meant(label, talk=label)


MANNERS: Final = frozenset(map(_short, POLITE)) | ADDED
"""What says nothing beside other words."""
ALONE: Final = {
    _bare(cleaning.words(text)): _small(label)
    for label, talk in TALK.items()
    for text in talk.alone
}
ALONE_WORDS: Final = MANNERS.union(*ALONE)
"""With one of these such a message ends."""
