"""Whether patterns occur in messages, in their order."""

import re
from collections.abc import Sequence

from bot.cli.scripts.words import regular


def places(patterns: Sequence[str], texts: Sequence[str]) -> list[int]:
    """The number of the message that has each pattern, up to the first that none has.

    A pattern is looked for behind the one before it.
    """
    found: list[int] = []
    message, at = 0, 0
    for pattern in patterns:
        wanted = expression(pattern)
        for n in range(message, len(texts)):
            hit = wanted.search(texts[n], at if n == message else 0)
            if hit:
                message, at = n, hit.end()
                found.append(n)
                break
        else:
            break
    return found


def expression(pattern: str) -> re.Pattern[str]:
    """A pattern as a regular expression; plain text may be broken over lines anywhere."""
    words = r"\s+".join(map(re.escape, pattern.split()))
    return re.compile(regular(pattern) or words, re.MULTILINE)
