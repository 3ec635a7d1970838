"""What was changed of a calendar, in words: the kind of each change and the days it was about."""

from datetime import date

from bot.console.calendar_forms import KINDS, ZONES
from bot.console.calendar_words import short_date
from services.calendar_changes import Made
from services.calendar_entries import Entry
from services.hours_words import say_days, say_hours


def changed(one: Made) -> str:
    """``Tutup Selasa 24 Nov``, what a change was about; what it only took back is named so."""
    if one.added:
        return ", ".join(entry_words(entry) for entry in one.added)
    return ", ".join(f"Dibatalkan: {_lower(entry_words(entry))}" for entry in one.ended)


def entry_words(entry: Entry) -> str:
    """``Tutup Selasa 24 Nov 2026``: the kind of an entry, its days and its hours."""
    days = _from_to(entry.first, entry.last)
    match entry.kind:
        case "week":
            return f"Jam mingguan mulai {_dated(entry.first)}: {say_days(entry.hours) or 'tutup'}"
        case "special":
            return f"Jam khusus {days}: {say_days(entry.hours) or 'tutup'}"
        case "closed":
            return f"Tutup {days}"
        case "open":
            return f"Buka tambahan {days}: {say_hours(entry.hours[0])}"
        case "zone":
            return f"Zona waktu {ZONES.get(entry.zone, entry.zone)}"
        case "holiday":
            return f"{KINDS[entry.holiday]} {days}: {entry.name}"


def _from_to(first: date, last: date) -> str:
    return _dated(first) if first == last else f"{_dated(first)} sampai {_dated(last)}"


def _dated(day: date) -> str:
    return f"{short_date(day)} {day.year}"


def _lower(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"
