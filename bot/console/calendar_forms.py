"""The forms of a branch's calendar: what was typed becomes one edit, or a list of what is wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from bot.console.deps import Deps
from bot.console.numbers import whole
from data.opening_hours import EVERYWHERE, Interval
from forms.cleaning import clean
from forms.dates import Impossible, Unreadable, find_date
from forms.wording import DAYS, plain_date
from services.calendar_entries import Edit, Entry, Week
from services.hours_typed import read_hours
from services.refusals import Refused

ZONES: Final[Mapping[str, str]] = {
    "Asia/Jakarta": "WIB (Jakarta)",
    "Asia/Pontianak": "WIB (Pontianak)",
    "Asia/Makassar": "WITA (Makassar)",
    "Asia/Jayapura": "WIT (Jayapura)",
}
KINDS: Final[Mapping[str, str]] = {
    "public": "Libur nasional",
    "joint": "Cuti bersama",
    "none": "Hari kerja (bukan libur)",
}
LONGEST_RANGE: Final = timedelta(days=366)
LONGEST_REASON: Final = 120
"""Characters that participants read as the reason; they stand in a short message."""


@dataclass
class Typed:
    """The *fields* of a form as values; what cannot be read is noted by its field's name."""

    deps: Deps
    place: str
    today: date
    fields: Mapping[str, str]
    problems: dict[str, str] = field(default_factory=dict)

    def wrong(self, name: str, why: str) -> None:
        self.problems.setdefault(name, why)

    def text(self, name: str, label: str) -> str:
        """One line, which must be there."""
        text = clean(self.fields.get(name, ""))
        if not text:
            self.wrong(name, f"{label} belum diisi.")
        elif len(text) > LONGEST_REASON:
            self.wrong(name, f"{label}: {len(text)} huruf. Batasnya {LONGEST_REASON} huruf.")
        return text

    def choice(self, name: str, choices: Mapping[str, str]) -> str:
        chosen = self.fields.get(name, "")
        if chosen not in choices:
            self.wrong(name, "Pilih satu dari daftar.")
        return chosen

    def day(self, name: str, label: str, missing: date | None = None) -> date:
        """A day from today on, in any spelling; *missing* where nothing is typed."""
        typed = clean(self.fields.get(name, ""))
        if not typed and missing is not None:
            return missing
        try:
            found = find_date(typed, self.today, ahead=True).date
        except Impossible as problem:
            self.wrong(name, f"{label}: tanggal {problem.named('id')} tidak ada.")
        except Unreadable:
            self.wrong(name, f"{label} belum bisa dibaca. Tulis seperti 24-11-2026.")
        else:
            if found < self.today:
                self.wrong(name, f"{label} sudah lewat: {plain_date(found)}.")
            return found
        return self.today

    def days(self, first: str, last: str) -> tuple[date, date]:
        """From *first* to *last*, which is the same day where nothing is typed."""
        begins = self.day(first, "Tanggal awal")
        ends = self.day(last, "Tanggal akhir", missing=begins)
        if ends < begins:
            self.wrong(last, "Tanggal akhir harus sesudah tanggal awal.")
        elif ends - begins > LONGEST_RANGE:
            self.wrong(last, "Paling lama satu tahun sekaligus.")
        return begins, ends

    def hours(self, name: str, label: str = "") -> tuple[Interval, ...]:
        try:
            return read_hours(self.fields.get(name, ""))
        except Refused as refused:
            said = self.deps.sentence(refused)
            self.wrong(name, f"{label}: {said}" if label else said)
        return ()

    def week(self) -> Week:
        """The hours of each weekday, ``jam_0`` to ``jam_6``."""
        return tuple(self.hours(f"jam_{n}", day) for n, day in enumerate(DAYS["id"]))


Read = Callable[[Typed], Edit]


def week(typed: Typed) -> Edit:
    first, hours = typed.day("mulai", "Tanggal mulai", missing=typed.today), typed.week()
    if not any(hours):
        typed.wrong("jam_0", "Isi jam paling sedikit satu hari.")
    reason = typed.text("alasan", "Alasan")
    return _adding(typed, reason, Entry(typed.place, "week", first, hours=hours))


def special(typed: Typed) -> Edit:
    (first, last), hours = typed.days("dari", "sampai"), typed.week()
    reason = typed.text("alasan", "Nama")
    return _adding(typed, reason, Entry(typed.place, "special", first, last, hours, reason))


def closed(typed: Typed) -> Edit:
    first, last = typed.days("dari", "sampai")
    reason = typed.text("alasan", "Alasan")
    return _adding(typed, reason, Entry(typed.place, "closed", first, last, name=reason))


def opened(typed: Typed) -> Edit:
    day, hours = typed.day("tanggal", "Tanggal"), typed.hours("jam")
    if not hours:
        typed.wrong("jam", "Jam belum diisi. Tulis seperti 08.00-12.00.")
    reason = typed.text("alasan", "Alasan")
    national = day in typed.deps.calendar.holidays(day.year)
    entry = Entry(typed.place, "open", day, day, (hours,), reason, on_holidays=national)
    return _adding(typed, reason, entry)


def holiday(typed: Typed) -> Edit:
    day, kind = typed.day("tanggal", "Tanggal"), typed.choice("jenis", KINDS)
    name, reason = typed.text("nama", "Nama hari"), typed.text("alasan", "Alasan")
    return _adding(typed, reason, Entry(EVERYWHERE, "holiday", day, day, name=name, holiday=kind))


def zone(typed: Typed) -> Edit:
    chosen, reason = typed.choice("zona", ZONES), typed.text("alasan", "Alasan")
    return _adding(typed, reason, Entry(typed.place, "zone", typed.today, zone=chosen))


def ended(typed: Typed) -> Edit:
    """One entry shall hold no longer."""
    number = whole(typed.fields.get("isian", ""))
    if number is None:
        typed.wrong("isian", "Isian itu tidak ada. Muat ulang halaman.")
    return Edit(typed.place, typed.text("alasan", "Alasan"), remove=(number or 0,))


def _adding(typed: Typed, reason: str, entry: Entry) -> Edit:
    return Edit(typed.place, reason, add=(entry,))


OF_A_BRANCH: Final[Mapping[str, Read]] = {
    "minggu": week,
    "khusus": special,
    "tutup": closed,
    "buka": opened,
    "zona": zone,
    "batal": ended,
}
OF_EVERYWHERE: Final[Mapping[str, Read]] = {"libur": holiday, "batal": ended}
FORMS: Final = (*OF_A_BRANCH, "libur")
"""The last part of the address of each form."""
