"""What the address of the queue page says: which list, narrowed to what, and from where on.

Everything stands in the address, so that a bookmark is a saved view.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

import msgspec
from msgspec.structs import asdict, replace

from data.instants import to_us
from services import board, finding, windows
from services.hours import Calendar

ADDRESS = "/admin/antrean"
BY_WINDOW = "jendela"
"""The order in which the windows of participants shut, instead of that of the queue."""

DUE = ("lewat", "segera", "hari-ini")
"""What the deadline may be narrowed to: past, within the next open minutes, until tonight."""


class View(msgspec.Struct, frozen=True):
    """The address in parts; '' is not said. *after* is the key of a page as it is written."""

    tab: str = board.LISTS[0]
    cabang: str = ""
    cari: str = ""
    layanan: str = ""
    kanal: str = ""
    batas: str = ""
    petugas: str = ""
    mendesak: str = ""
    urut: str = ""
    sesudah: str = ""

    @property
    def narrowed(self) -> int:
        """How many filters are set, the search not counted."""
        return sum(map(bool, (self.layanan, self.kanal, self.batas, self.petugas, self.mendesak)))

    @property
    def key(self) -> board.Key | None:
        """Where the page begins; nonsense begins at the beginning."""
        parts = self.sesudah.split(".")
        if not all(part.isascii() and part.isdecimal() and len(part) < 20 for part in parts):
            return None
        key = tuple(map(int, parts))
        return key if max(key) <= board.LATEST else None

    def address(self, *, part: bool = False, **changes: str) -> str:
        """The address of this view with *changes*; of its list alone for a *part*.

        Another list, search or filter begins at the first page.
        """
        if changes:
            changes.setdefault("sesudah", "")
        said = {name: value for name, value in asdict(replace(self, **changes)).items() if value}
        return f"{ADDRESS}{'/isi' if part else ''}?{urlencode(said)}"

    @property
    def query(self) -> str:
        """What forms carry along, so that the page which answers them is this one."""
        return self.address().partition("?")[2]

    @property
    def undoing(self) -> str:
        """What the link to the bare list is called: it takes search and filters away."""
        parts = [*(["pencarian"] if self.cari else []), *(["saringan"] if self.narrowed else [])]
        return f"Hapus {' dan '.join(parts) or 'saringan'}"

    @property
    def bare(self) -> str:
        """The address without search and filters."""
        return View(tab=self.tab, cabang=self.cabang).address()

    def wanted(
        self, branch: str, *, now: datetime, calendar: Calendar, soon: timedelta
    ) -> board.Filter:
        """What the list of *branch* is narrowed to."""
        first, last = board.EARLIEST, board.LATEST
        if self.batas == "lewat":
            last = to_us(now)
        elif self.batas == "segera":
            first, last = to_us(now), to_us(calendar.after(branch, now, soon)) + 1
        elif self.batas == "hari-ini":
            tomorrow = now.astimezone(calendar.zone(branch)).date() + timedelta(days=1)
            last = to_us(datetime.combine(tomorrow, time(), calendar.zone(branch)))
        return board.Filter(
            service=self.layanan,
            channel=self.kanal,
            officer=self.petugas if self.tab == "semua" else "",
            urgent=bool(self.mendesak),
            due_from=first,
            due_until=last,
            text=self.cari,
            heard_after=to_us(now - windows.LONGEST) if self.urut == BY_WINDOW else None,
        )


def view_of(given: Mapping[str, str]) -> View:
    """The view of an address; unknown lists, deadlines and orders are the first list and none.

    Of a long number only its last digits stay: addresses are kept in histories.
    """
    known = {name: given[name].strip() for name in View.__struct_fields__ if name in given}
    if known.get("tab") not in board.LISTS:
        known.pop("tab", None)
    if known.get("batas") not in DUE:
        known.pop("batas", None)
    if known.get("urut") != BY_WINDOW:
        known.pop("urut", None)
    view = View(**known)
    return replace(view, cari=finding.shortened(view.cari))
