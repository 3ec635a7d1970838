"""Indonesian words without prefixes and endings, with the everyday and regional ones.

A stem counts only where the vocabulary has it, so nothing is stripped into another word.
"""

from collections.abc import Container, Iterator
from typing import Final

ENDINGS: Final = (
    *("nya", "ku", "mu", "lah", "kah", "kan", "an", "in", "i", "pun"),
    *("ke", "ne", "en", "e", "keun", "na"),
)
PREFIXES: Final = (
    *("memper", "diper", "member", "keber", "penge", "menge", "peng", "meng", "nge", "ng"),
    *("meny", "peny", "ny", "mem", "pem", "men", "pen", "me", "pe", "n", "m"),
    *("ber", "ter", "per", "be", "te", "di", "ke", "se", "ku", "ka", "dak", "tak"),
)
LOST: Final = {
    **dict.fromkeys(("meng", "peng", "ng", "nge"), "k"),
    **dict.fromkeys(("meny", "peny", "ny"), "s"),
    **dict.fromkeys(("mem", "pem", "m"), "p"),
    **dict.fromkeys(("men", "pen", "n"), "t"),
}
"""The first letter of the stem that such a prefix swallows: *menagih* is of *tagih*."""

SHORTEST: Final = 3
"""No stem is shorter."""
MOST_ENDINGS: Final = 2


def stem(word: str, known: Container[str]) -> str:
    """The longest stem of *word* that is *known*, '' without one; *word* itself comes first."""
    for bare in _bare(word):
        if bare in known:
            return bare
    return ""


def _bare(word: str) -> Iterator[str]:
    """Every reading of *word*, the least stripped first."""
    forms = [word]
    for _ in range(MOST_ENDINGS):
        forms += [form[: -len(e)] for form in forms for e in ENDINGS if form.endswith(e)]
    long_enough = {form for form in forms if len(form) >= SHORTEST}
    forms = sorted(long_enough, key=lambda form: (-len(form), form))
    yield from forms
    for form in forms:
        for prefix in PREFIXES:
            rest = form[len(prefix) :]
            if form.startswith(prefix) and len(rest) >= SHORTEST - 1:
                if len(rest) >= SHORTEST:
                    yield rest
                if prefix in LOST:
                    yield LOST[prefix] + rest
