"""Yes and no as people write them, in the languages and spellings of ux.md."""

import re

from forms.cleaning import words

YES = """
    ya y iya iyo iyah yes yup yap yoi betul bener benar ok oke okay okey sip siap setuju sudah
    sdh udah udh dah mau boleh cocok ada punya nggih inggih enggih leres muhun sumuhun yeah
    correct right agree agreed sure
"""
NO = """
    tidak tdk tak gak ga g nggak ngga enggak engga gk kaga kagak ndak bukan salah jangan belum
    blm blum belom no n mboten henteu teu ora nope not wrong
"""
POLITE = frozenset(
    [
        "pak",
        "bu",
        "min",
        "kak",
        "mas",
        "mbak",
        "bang",
        "bapak",
        "ibu",
        "admin",
        "dong",
        "deh",
        "sih",
        "kok",
        "please",
        "thanks",
    ]
)
"""What politeness adds (``iya bu``, ``tidak kak``)."""

THERE = frozenset(["ada", "punya", "tahu", "tau", "ingat"])
"""What is denied where there is nothing to answer with."""

DRAWN_OUT = re.compile(r"(.)\1+")

LONGEST = 64


def yes_or_no(text: str) -> bool | None:
    """True for yes, False for no, None when *text* is neither.

    ``Iyaaa, sudah benar bu!`` is yes, ``tidak benar`` no; ``tidak salah`` is left to be asked.
    """
    if len(text) > LONGEST:
        return None
    first = None
    for word in words(text):
        if word in POLITE:
            continue
        meaning = MEANINGS.get(word)
        if meaning is None:
            meaning = MEANINGS.get(_short(word))
        if meaning is None or (first is not None and not meaning):
            return None
        first = meaning if first is None else first
    return first


def has_none(text: str) -> bool:
    """Whether *text* says that there is nothing to answer with: ``ndak ada``, ``tidak tahu``."""
    if len(text) > LONGEST:
        return False
    said = " ".join(word for word in words(text) if word not in THERE)
    return yes_or_no(said) is False


def _short(word: str) -> str:
    """*word* without drawn-out letters: ``iyaaa`` is ``iya``."""
    return DRAWN_OUT.sub(r"\1", word)


MEANINGS = {_short(word): True for word in YES.split()} | {_short(w): False for w in NO.split()}
