"""Words that steer the conversation wherever it stands, and how they are told from answers."""

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
    "BERHENTI",
)

LONGEST_COMMAND = 64
"""Nothing longer is a command; also a bot's name may follow it (``/menu@NamaBot``)."""


def reserved(text: str) -> str | None:
    """The reserved word that *text* is, whatever its case and punctuation; otherwise None.

    Exact, so that a person named Menuk and a street named Batal stay answers. ``/menu`` counts.
    """
    if len(text) > LONGEST_COMMAND:
        return None
    if text.lstrip().startswith("/"):
        text = text.partition("@")[0]
    found = words(text)
    word = found[0].upper() if len(found) == 1 else ""
    return word if word in RESERVED else None


def nearly_reserved(text: str) -> str | None:
    """As `reserved`, with typing slips forgiven: for questions where no free text is expected.

    One slip in a short word, two in a word of six letters or more; only when one word is meant.
    """
    exact = reserved(text)
    if exact or len(text) > LONGEST_COMMAND:
        return exact
    typed = fold(text).upper()
    near = [
        word
        for word in RESERVED
        if len(word) > 3 and OSA.distance(typed, word) <= (1 if len(word) < 6 else 2)
    ]
    return near[0] if len(near) == 1 else None
