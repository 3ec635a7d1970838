"""Shape of messages: bold marks, numbered lines, columns of buttons, parts of a long text."""

import unicodedata
from collections.abc import Callable, Sequence

from forms.choices import Option

BOLD_ON, BOLD_OFF = "\x02", "\x03"

LONGEST_TEXT = 4096
"""Characters of one message (Telegram's limit; the same is used for what people type)."""

LONGEST_PAIRED_LABEL = 15
"""Letters of a button that still leaves room for another beside it (ux.md 1.2)."""

LONGEST_LINE = 60
"""Letters of a row of numbered options on a terminal."""

FEW_OPTIONS = 3


def marked(text: str, plain: Callable[[str], str], bold: Callable[[str], str]) -> str:
    """*text* with every unmarked run passed through *plain*, and bold ones then through *bold*.

    A stray or missing mark never spills: bold ends with the text at the latest.
    """
    written: list[str] = []
    strong = False
    for run in _runs(text):
        if run == BOLD_ON:
            strong = True
        elif run == BOLD_OFF:
            strong = False
        else:
            written.append(bold(plain(run)) if strong else plain(run))
    return "".join(written)


def unmarked(text: str) -> str:
    """*text* without bold, safe to show: no control or bidi character but the line break."""
    return "".join(letter for letter in text if letter == "\n" or _prints(letter))


def typed(text: str) -> str:
    """What somebody typed, cut to `LONGEST_TEXT` and without halves of letters."""
    return text[:LONGEST_TEXT].encode(errors="replace").decode()


def parts(text: str, limit: int = LONGEST_TEXT) -> list[str]:
    """Cut *text* into parts of at most *limit* characters, each with its own balanced bold marks.

    A cut falls on the last line break, else the last space, of the second half of a part.
    """
    room = limit - len(BOLD_ON + BOLD_OFF)
    cut: list[str] = []
    strong = False
    while len(text) > room:
        at = _cut(text, room)
        piece, text = text[:at], text[at:].lstrip("\n ")
        opens = BOLD_ON if strong else ""
        strong = _ends_bold(piece, strong)
        cut.append(opens + piece.rstrip() + (BOLD_OFF if strong else ""))
    cut.append((BOLD_ON if strong else "") + text)
    return cut


def numbered(options: Sequence[Option]) -> list[str]:
    """Options as lines that say what to type: ``1. Ya, benar``; up to three short ones on one."""
    lines = [_line(option.key or str(n), option) for n, option in enumerate(options, 1)]
    row = "  ".join(lines)
    few = len(lines) <= FEW_OPTIONS and len(row) <= LONGEST_LINE
    return [row] if few and lines else lines


def columns(options: Sequence[Option]) -> list[list[Option]]:
    """Buttons in rows: one column when a label is long, else two."""
    width = 1 if any(len(title(option)) > LONGEST_PAIRED_LABEL for option in options) else 2
    return [list(options[at : at + width]) for at in range(0, len(options), width)]


def title(option: Option) -> str:
    """How an option is called where there is room: ``G. Pindah faskes``."""
    return option.row or option.label


def _line(typed_as: str, option: Option) -> str:
    return f"{typed_as}. {title(option).removeprefix(f'{typed_as}. ')}"


def _runs(text: str) -> list[str]:
    for mark in (BOLD_ON, BOLD_OFF):
        text = text.replace(mark, f"\0{mark}\0")
    return [run for run in text.split("\0") if run]


def _prints(letter: str) -> bool:
    return unicodedata.category(letter) not in {"Cc", "Cf", "Cs"}


def _cut(text: str, room: int) -> int:
    for gap in ("\n", " "):
        at = text.rfind(gap, room // 2, room)
        if at > 0:
            return at
    return room


def _ends_bold(piece: str, strong: bool) -> bool:
    opened, closed = piece.rfind(BOLD_ON), piece.rfind(BOLD_OFF)
    return opened > closed if max(opened, closed) >= 0 else strong
