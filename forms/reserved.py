"""Words that steer the conversation wherever it stands, and how they are told from answers."""

from collections.abc import Mapping
from typing import Final

from rapidfuzz.distance import OSA

from forms.cleaning import fold, words

RESERVED = (
    "0",
    "MENU",
    "BATAL",
    "BANTUAN",
    "STATUS",
    "LANJUT",
    "LEWATI",
    "TETAP",
    "KIRIM",
    "UBAH",
    "SIMPAN",
    "SELESAI",
    "MENYUSUL",
    "TERAKHIR",
    "PRIVASI",
    "HAPUS",
    "BAHASA",
    "ENGLISH",
    "BERHENTI",
    "SAMBUNG",
)

KNOWN: Final[Mapping[str, str]] = {word: word for word in RESERVED}

ENGLISH: Final[Mapping[str, str]] = {
    "BACK": "0",
    "CANCEL": "BATAL",
    "STOP": "BERHENTI",
    "HELP": "BANTUAN",
    "CONTINUE": "LANJUT",
    "SKIP": "LEWATI",
    "KEEP": "TETAP",
    "SEND": "KIRIM",
    "CHANGE": "UBAH",
    "SAVE": "SIMPAN",
    "DONE": "SELESAI",
    "LATER": "MENYUSUL",
    "LATEST": "TERAKHIR",
    "PRIVACY": "PRIVASI",
    "DELETE": "HAPUS",
    "LANGUAGE": "BAHASA",
    "CONNECT": "SAMBUNG",
}
"""What counts as well for who reads English; the Indonesian words go on counting."""

INDONESIAN: Final = "INDONESIA"
"""What the wish for Indonesian is called; alone it is no reserved word, but often an answer."""

WISHES: Final[Mapping[tuple[str, ...], str]] = {
    words("english please"): "ENGLISH",
    words("in english"): "ENGLISH",
    words("in english please"): "ENGLISH",
    words("speak english"): "ENGLISH",
    words("do you speak english"): "ENGLISH",
    words("bahasa inggris"): "ENGLISH",
    words("pakai bahasa inggris"): "ENGLISH",
    words("bahasa indonesia"): INDONESIAN,
    words("pakai bahasa indonesia"): INDONESIAN,
    words("in indonesian"): INDONESIAN,
}
"""Several words that ask for a language."""

COMMANDS: Final[Mapping[str, str]] = {**ENGLISH, "LANG": "BAHASA"}
"""Words that count behind a slash in either language: ``/help``, ``/lang``."""

LONGEST_COMMAND = 64
"""Nothing longer is a command; also a bot's name may follow it (``/menu@NamaBot``)."""


def reserved(text: str, language: str = "id") -> str | None:
    """The reserved word that *text* is, whatever its case and punctuation; otherwise None.

    Exact, so that a person named Menuk and a street named Batal stay answers. ``/menu`` counts.
    For who reads English, ``back`` is ``0``.
    """
    if len(text) > LONGEST_COMMAND:
        return None
    slash = text.lstrip().startswith("/")
    found = words(text.partition("@")[0] if slash else text)
    if len(found) != 1:
        return WISHES.get(found)
    word = found[0].upper()
    if word in KNOWN:
        return word
    meant = COMMANDS.get(word) if slash else None
    return meant or (ENGLISH.get(word) if language == "en" else None)


def nearly_reserved(text: str, language: str = "id") -> str | None:
    """As `reserved`, with typing slips forgiven: for questions where no free text is expected.

    One slip in a short word, two in a word of six letters or more; only when one word is meant.
    """
    exact = reserved(text, language)
    if exact or len(text) > LONGEST_COMMAND:
        return exact
    typed = fold(text).upper()
    known = {**KNOWN, **ENGLISH} if language == "en" else KNOWN
    near = {
        meant
        for word, meant in known.items()
        if len(word) > 3 and OSA.distance(typed, word) <= (1 if len(word) < 6 else 2)
    }
    return near.pop() if len(near) == 1 else None
