"""Shape of messages: bold marks, numbered lines, columns of buttons, parts of a long text."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from forms.choices import Option

BOLD_ON, BOLD_OFF = "\x02", "\x03"

LONGEST_TEXT = 4096
"""Characters of one message (Telegram's limit; the same is used for what people type)."""

LONGEST_LINE = 60
"""Letters of a row of numbered options on a terminal."""

FEW_OPTIONS = 3

EDGES = re.compile(r"(^\s*)(\S(?:.*\S)?)", re.MULTILINE)
"""A line without the blanks around it."""

WHATSAPP_MARKS = {"*": "\u2217", "_": "\uff3f", "~": "\u223c", "`": "\u02cb"}
"""Marks of WhatsApp, which knows no escape, and the letters that look like them."""

WHATSAPP_OPENS = re.compile(r"[*`]|(?<![^\W_])(?P<mark>[_~])(?=\S.*(?P=mark))")
"""What could open a mark: ``_`` and ``~`` before a word, with another later in the line.

Those inside words and addresses stay, so that a link still leads where it should.
"""


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


def whatsapp(text: str) -> str:
    """*text* as WhatsApp takes it: bold is ``*bold*``, and no mark in data marks anything.

    Bold that WhatsApp would not show, because a letter stands beside it, is left plain.
    """
    marks = f"({BOLD_ON}[^{BOLD_OFF}]*{BOLD_OFF})"
    runs = re.split(marks, _disarmed(bold_by_line(text)))
    written = ""
    for run, after in zip(runs, [*runs[1:], ""], strict=True):
        shown = unmarked(run)
        bold = run.startswith(BOLD_ON) and shown
        alone = not (written[-1:].isalnum() or unmarked(after)[:1].isalnum())
        written += f"*{shown}*" if bold and alone else shown
    return written


def plain(text: str) -> str:
    """*text* for a network that has no bold."""
    return marked(text, unmarked, str)


def spans(text: str) -> tuple[str, list[tuple[int, int]]]:
    """*text* without marks, and from where to before where it is bold, in code points."""
    shown = ""
    bold: list[tuple[int, int]] = []
    strong = False
    for run in _runs(text):
        if run in (BOLD_ON, BOLD_OFF):
            strong = run == BOLD_ON
            continue
        start, shown = len(shown), shown + unmarked(run)
        if strong and len(shown) > start:
            bold.append((start, len(shown)))
    return shown, bold


def bold_by_line(text: str) -> str:
    """*text* with bold that ends with each line and has no blank at its edges."""
    written: list[str] = []
    strong = False
    for run in _runs(text):
        if run in (BOLD_ON, BOLD_OFF):
            strong = run == BOLD_ON
        elif strong:
            written.append(EDGES.sub(rf"\g<1>{BOLD_ON}\g<2>{BOLD_OFF}", run))
        else:
            written.append(run)
    return "".join(written).replace(BOLD_OFF + BOLD_ON, "")


def unmarked(text: str) -> str:
    """*text* without bold, safe to show: no control or bidi character but the line break."""
    return "".join(letter for letter in text if letter == "\n" or _prints(letter))


def typed(text: str) -> str:
    """What somebody typed, cut to `LONGEST_TEXT` and without halves of letters."""
    return text[:LONGEST_TEXT].encode(errors="replace").decode()


def parts(text: str, limit: int = LONGEST_TEXT, last: int | None = None) -> list[str]:
    """Cut *text* into parts of at most *limit* characters, each with its own balanced bold marks.

    A cut falls on the last line break, else the last space, of the second half of a part. The last
    part has at most *last* characters where that is given; it begins with a paragraph if it can.
    """
    if last is not None and len(text) > last:
        at = _ending(text, last - len(BOLD_ON + BOLD_OFF))
        opens = BOLD_ON if _ends_bold(text[:at], strong=False) else ""
        return [*parts(text[:at].rstrip(), limit), opens + text[at:].lstrip("\n ")]
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


def _ending(text: str, room: int) -> int:
    """Where the longest ending of at most *room* characters begins that is whole."""
    least = len(text) - room
    for gap in ("\n\n", "\n", " "):
        at = text.find(gap, least)
        if at >= 0 and text[at:].strip():
            return at
    return least


def _disarmed(text: str) -> str:
    return WHATSAPP_OPENS.sub(lambda found: WHATSAPP_MARKS[found[0]], text)


def _ends_bold(piece: str, strong: bool) -> bool:
    opened, closed = piece.rfind(BOLD_ON), piece.rfind(BOLD_OFF)
    return opened > closed if max(opened, closed) >= 0 else strong
