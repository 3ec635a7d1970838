"""The menu: the pages with a word of their own that a visit may open."""

from collections.abc import Iterable, Sequence

from bot.console.doors import Door
from bot.console.gate import Entry
from services.officers import Officer

ORDER = (
    "Antrean",
    "Dasbor",
    "Laporan",
    "Balasan",
    "Cabang",
    "Pengguna",
    "Alur",
    "Jejak",
    "Sistem",
    "Profil",
)
"""What is used most stands first; a word that is not listed here comes last."""


def menu_of(doors: Iterable[Door], officer: Officer, path: str) -> Sequence[Entry]:
    """The entries for *officer* on the page at *path* (below ``/admin``)."""
    known = {word: place for place, word in enumerate(ORDER)}
    found = [door for door in doors if door.menu and officer.may(door.needs)]
    found.sort(key=lambda door: known.get(door.menu, len(ORDER)))
    return [Entry(door.menu, f"/admin{door.path}", door.path == path) for door in found]


def home_of(officer: Officer) -> str:
    """Where work begins: in the queue, for who only reads in the audit."""
    return "/admin/antrean" if officer.may("serve") else "/admin/jejak"
