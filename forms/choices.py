"""Options and how a typed reply picks one of them."""

from collections.abc import Sequence
from functools import lru_cache

import msgspec
from rapidfuzz.distance import OSA

from forms.cleaning import EXCERPT, clean, excerpt, words


class Option(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that can be picked.

    *value* is what the engine receives, *label* what a button shows (at most 20 characters),
    *row* the title in a list (at most 24, the label when empty), *note* its second line (at most
    72), *key* what may be typed instead of its number (the letter of a service, ``0``), *also*
    what people say instead of the label.
    """

    value: str
    label: str
    row: str = ""
    note: str = ""
    key: str = ""
    also: tuple[str, ...] = ()


COUNTING = ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
ENGLISH_COUNTING = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NUMBERS = {
    **{str(n): n for n in range(1, 100)},
    **{word: n for n, word in enumerate((*COUNTING, "sepuluh"), start=1)},
    **{f"ke{word}": n for n, word in enumerate((*COUNTING, "sepuluh"), start=1)},
    **{word: n for n, word in enumerate(ENGLISH_COUNTING, start=1)},
    "pertama": 1,
    "\N{KEYCAP TEN}": 10,
}
LEADS = (
    "no",
    "nomor",
    "nomer",
    "nmr",
    "angka",
    "pilih",
    "pilihan",
    "opsi",
    "yang",
    "yg",
    "ke",
    "number",
    "option",
)
"""Words that may come before a number: ``no 2``, ``pilih yang ke-2``."""

IDLE = frozenset(
    ["saya", "sy", "aja", "saja", "dong", "deh", "kak", "min", "bu", "pak", "lah", "mas", "mbak"]
)
"""Words beside the choice: ``anak saya``, ``yang kedua aja``."""

ONE_SLIP, TWO_SLIPS = 5, 8
"""From so many letters of a label on, so many slips of the finger are forgiven."""

LONGEST = 120
"""No option's text is longer; a longer reply picks nothing."""

LONG_NUMBER = 6
"""From so many figures on a reply is no number of an option, but that of a person or a card."""


def match(reply: str, options: Sequence[Option]) -> Option | None:
    """The option that *reply* picks, or None.

    Tried in this order: the option's own value or key, its number (``2.``, ``no 2``, ``dua``,
    a keycap), its label, row or other words, these with a slip or two when only one of the options
    shown is that near, and at last all this without idle words.
    """
    if not options or len(reply) > LONGEST:
        return None
    for option in options:
        if reply and reply in (option.value, option.key):
            return option
    said = words(reply) or (reply.strip(),)
    found = _meant(said, options)
    if found is not None or IDLE.isdisjoint(said):
        return found
    fewer = tuple(word for word in said if word not in IDLE)
    return _meant(fewer, options) if fewer else None


def _meant(said: tuple[str, ...], options: Sequence[Option]) -> Option | None:
    """The option that the words *said* pick by key, number or text."""
    text = _said(said)
    for option in options:
        if option.key and words(option.key) == said:
            return option
    number = _number(said)
    if number is not None:
        return options[number - 1] if number <= len(options) else None
    called = [(option, _texts(option)) for option in options]
    same = [option for option, texts in called if text in texts]
    if same:
        return same[0] if len(same) == 1 else None
    near = [option for option, texts in called if _near(text, texts)]
    return near[0] if len(near) == 1 else None


def pressed(value: str, options: Sequence[Option]) -> Option | None:
    """The option that a button with *value* stands for: its own, or its place, such as ``#3``.

    Places come from networks whose buttons are too small for a long value.
    """
    for number, option in enumerate(options, 1):
        if value in (option.value, f"#{number}"):
            return option
    return None


def chosen(said: object, picked: Option | None, options: Sequence[Option]) -> Option | None:
    """*picked*, the option that was pressed, or the one that the words *said* pick."""
    return match(said, options) if picked is None and isinstance(said, str) else picked


@lru_cache(maxsize=4096)
def _texts(option: Option) -> tuple[str, ...]:
    texts = (option.label, option.row, *option.also)
    return tuple(_said(words(text)) for text in texts if text)


def _said(spoken: Sequence[str]) -> str:
    """The words without the article that English labels begin with."""
    return " ".join(spoken).removeprefix("the ")


def _number(said: Sequence[str]) -> int | None:
    while len(said) > 1 and said[0] in LEADS:
        said = said[1:]
    return NUMBERS.get(said[0].lstrip("0")) if len(said) == 1 else None


def _near(text: str, texts: Sequence[str]) -> bool:
    """Whether *text* is one of *texts* but for slips; figures are never taken for one."""
    for own in texts:
        forgiven = (len(own) >= ONE_SLIP) + (len(own) >= TWO_SLIPS)
        if not forgiven or abs(len(text) - len(own)) > forgiven:
            continue
        if OSA.distance(text, own, score_cutoff=forgiven) <= forgiven and (
            [c for c in text if c.isdigit()] == [c for c in own if c.isdigit()]
        ):
            return True
    return False


def not_offered(said: object, count: int) -> dict[str, object]:
    """What ``salah.pilihan`` says of a reply that is none of *count* options.

    A long number (*nomor* is ``ya``) is somebody's: it is not repeated.
    """
    text = said if isinstance(said, str) else ""
    long = sum(character.isdigit() for character in clean(text)[:EXCERPT]) >= LONG_NUMBER
    return {"reply": "" if long else excerpt(text), "nomor": "ya" if long else "", "sampai": count}
