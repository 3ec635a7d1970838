"""Indonesian words for days, dates, hours and money, as participants read them."""

from datetime import date, datetime

DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
NEAR_DAYS = {0: "hari ini", 1: "besok", 2: "lusa"}


def day_name(day: date) -> str:
    """``Selasa``."""
    return DAYS[day.weekday()]


def plain_date(day: date) -> str:
    """``24 November 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def long_date(day: date) -> str:
    """``Selasa, 24 November 2026``."""
    return f"{day_name(day)}, {plain_date(day)}"


def clock(at: datetime) -> str:
    """``08.00 WITA``: the hour of an aware datetime with the letters of its own zone."""
    return f"{at:%H.%M} {at.tzname()}"


def moment(at: datetime) -> str:
    """``20 Nov 10.31 WITA``: day and hour of an aware datetime, where the year is plain."""
    return f"{at.day} {MONTHS[at.month - 1][:3]} {clock(at)}"


def hour(minutes: int) -> str:
    """``08.00`` for 480 minutes since midnight."""
    return f"{minutes // 60:02}.{minutes % 60:02}"


def near_date(day: date, today: date) -> str:
    """``besok, Selasa, 24 November 2026``; further than *lusa* it is the date alone."""
    near = NEAR_DAYS.get((day - today).days)
    return f"{near}, {long_date(day)}" if near else long_date(day)


def rupiah(amount: int) -> str:
    """``Rp150.000``; a debt has the sign in front: ``-Rp150.000``."""
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp{abs(amount):,}".replace(",", ".")
