"""Days, dates, hours and money in words, as participants read them; Indonesian unless asked."""

from datetime import date, datetime

DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "id": (
        *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
        *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}


def day_name(day: date, language: str = "id") -> str:
    """``Selasa``."""
    return DAYS[language][day.weekday()]


def month_name(month: int, language: str = "id") -> str:
    """``Maret`` for 3."""
    return MONTHS[language][month - 1]


def plain_date(day: date, language: str = "id") -> str:
    """``24 November 2026``."""
    return f"{day.day} {month_name(day.month, language)} {day.year}"


def long_date(day: date, language: str = "id") -> str:
    """``Selasa, 24 November 2026``."""
    return f"{day_name(day, language)}, {plain_date(day, language)}"


def clock(at: datetime, language: str = "id") -> str:
    """``08.00 WITA``: the hour of an aware datetime with the letters of its own zone."""
    return f"{hour(at.hour * 60 + at.minute, language)} {at.tzname()}"


def moment(at: datetime, language: str = "id") -> str:
    """``20 Nov 10.31 WITA``: day and hour of an aware datetime, where the year is plain."""
    return f"{at.day} {month_name(at.month, language)[:3]} {clock(at, language)}"


def hour(minutes: int, language: str = "id") -> str:
    """``08.00`` for 480 minutes since midnight, in English ``08:00``."""
    return f"{minutes // 60:02}{':' if language == 'en' else '.'}{minutes % 60:02}"


def rupiah(amount: int, language: str = "id") -> str:
    """``Rp150.000``, in English ``Rp150,000``; a debt has the sign in front: ``-Rp150.000``."""
    sign = "-" if amount < 0 else ""
    written = f"{sign}Rp{abs(amount):,}"
    return written if language == "en" else written.replace(",", ".")
