"""The sheet of single keys: only those that do something on this page for this role."""

from collections.abc import Iterable, Mapping
from typing import Final

from bot.console.gate import Visit

KEYS: Final[Mapping[str, str]] = {
    "j k": "baris berikut, baris sebelum",
    "Enter": "buka",
    "a": "ambil",
    "n": "ambil berikutnya",
    "b": "balas",
    "c": "catatan",
    "/": "balasan cepat",
    "s": "selesai",
    "p": "pindahkan",
    "u": "urungkan kiriman",
    ".": "salin nomor tiket",
    "r R": "putar berkas ke kanan, ke kiri",
    "+ - 0": "perbesar, perkecil, ukuran awal",
    "[ ]": "berkas sebelum, berkas berikut",
    "g a": "ke antrean",
    "g d": "ke dasbor",
    "?": "lembar ini",
    "Esc": "tutup",
}
"""What each key does (`static/pintasan.js`, `static/berkas.js`)."""

PAGES: Final = {"g a": "/admin/antrean", "g d": "/admin/dasbor"}
ALWAYS: Final = {"?", "Esc"}


def sheet(visit: Visit, usable: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    """The keys of a page and what they do; those of *usable* whose value holds."""
    there = {entry.address for entry in visit.menu}
    known = {key for key, holds in usable.items() if holds} | ALWAYS
    known |= {key for key, address in PAGES.items() if address in there}
    return [(key, what) for key, what in KEYS.items() if key in known]
