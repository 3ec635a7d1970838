"""Places as options: short enough for a button, and paged where there are many of them."""

from collections.abc import Sequence

from forms.choices import Option

PAGE = 8
"""Places on one page; with the row that turns the page they fit every channel's list."""

BUTTON = 20
ROW = 24

SHORTER = {
    "Kantor Cabang": "KC",
    "Kabupaten": "Kab.",
    "Kepulauan": "Kep.",
    "Daerah Istimewa": "DI",
    "Daerah Khusus Ibukota": "DKI",
    "Daerah Khusus": "DK",
    "Administrasi ": "",
}


def place_option(value: str, name: str) -> Option:
    """A place by *name*; the note has the whole name where the button cannot."""
    shorter = name
    for long, short in SHORTER.items():
        shorter = shorter.replace(long, short)
    label = _fitted(shorter)
    row = shorter if len(shorter) <= ROW else label
    return Option(value, label, "" if row == label else row, "" if label == name else name)


def paged(
    options: Sequence[Option], page: int, turn: str, more: str
) -> tuple[tuple[Option, ...], int]:
    """Page *page* (from 1) of *options*, and how many pages there are.

    A page out of reach is the first one. The last option turns to the next page and is called
    *more*; its value is *turn* with the number of that page. One page needs no turning.
    """
    pages = max(1, -(-len(options) // PAGE))
    page = page if 1 <= page <= pages else 1
    shown = tuple(options[(page - 1) * PAGE : page * PAGE])
    if pages > 1:
        shown += (Option(f"{turn}{page % pages + 1}", more),)
    return shown, pages


def _fitted(name: str) -> str:
    """*name* within a button: its inner words as initials, ``Kab. OKU Selatan``."""
    parts = name.split()
    if len(name) > BUTTON and len(parts) > 3:
        name = " ".join((parts[0], "".join(part[0] for part in parts[1:-1]), parts[-1]))
    return name if len(name) <= BUTTON else name[: BUTTON - 1] + "…"
