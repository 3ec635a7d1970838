"""Indonesian words without prefixes and endings, with the everyday and regional ones.

A stem counts only where the vocabulary has it, so nothing is stripped into another word.
"""

from collections.abc import Container, Iterable, Iterator
from typing import Final

ENDINGS: Final = (
    *("nya", "ku", "mu", "lah", "kah", "kan", "an", "in", "i", "pun"),
    *("ke", "ne", "en", "e", "keun", "eun", "na", "ana", "nyo", "ake", "aken", "kno", "no", "ipun"),
)
PREFIXES: Final = (
    *("memper", "diper", "member", "keber", "penge", "menge", "peng", "meng", "nge", "ng"),
    *("meny", "peny", "ny", "mem", "pem", "men", "pen", "me", "pe", "n", "m"),
    *("ber", "ter", "per", "di", "dipun", "nga", "be", "te", "ke", "se", "ku", "ka", "dak", "tak"),
    *("ba", "ma", "man", "mam", "mang", "pa", "sa", "ta"),
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
LONGER: Final = {
    **dict.fromkeys(("n", "m", "be", "te", "ke", "se", "ku", "ka"), 4),
    **dict.fromkeys(("ba", "ma", "man", "mam", "mang", "pa", "sa", "ta", "nga"), 5),
}
"""After prefixes with which many other words begin no stem has fewer letters than this."""
MOST_ENDINGS: Final = 2


def _by_letter(affixes: Iterable[str], at: int) -> dict[str, tuple[str, ...]]:
    """The affixes by the letter that they have there: most words have none of them."""
    own: dict[str, tuple[str, ...]] = {}
    for affix in affixes:
        own[affix[at]] = (*own.get(affix[at], ()), affix)
    return own


ENDINGS_BY_LAST: Final = _by_letter(ENDINGS, -1)
PREFIXES_BY_FIRST: Final = _by_letter(PREFIXES, 0)


def stem(word: str, known: Container[str]) -> str:
    """The longest stem of *word* that is *known*, '' without one; *word* itself comes first."""
    for bare in bare_forms(word):
        if bare in known:
            return bare
    return ""


def bare_forms(word: str) -> Iterator[str]:
    """Every reading of *word*, the least stripped first."""
    if len(word) < SHORTEST:
        return
    yield word
    forms = last = [word]
    for _ in range(MOST_ENDINGS):
        last = [
            form[: -len(ending)]
            for form in last
            for ending in ENDINGS_BY_LAST.get(form[-1], ())
            if len(form) - len(ending) >= SHORTEST and form.endswith(ending)
        ]
        if not last:
            break
        forms = [*forms, *last]
    if len(forms) > 1:
        forms = sorted(set(forms), key=lambda form: (-len(form), form))
        yield from forms[1:]
    for form in forms:
        for prefix in PREFIXES_BY_FIRST.get(form[0], ()):
            if form.startswith(prefix):
                rest = form[len(prefix) :]
                shortest = LONGER.get(prefix, SHORTEST)
                if len(rest) >= shortest:
                    yield rest
                if prefix in LOST and len(rest) >= shortest - 1:
                    yield LOST[prefix] + rest
