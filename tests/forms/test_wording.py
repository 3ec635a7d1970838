"""Days, dates, hours and money in words."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from forms.wording import (
    clock,
    day_name,
    hour,
    long_date,
    moment,
    plain_date,
    rupiah,
)

TUESDAY = date(2026, 11, 24)


def test_a_date_is_written_out() -> None:
    assert day_name(TUESDAY) == "Selasa"
    assert plain_date(date(1956, 3, 27)) == "27 Maret 1956"
    assert long_date(TUESDAY) == "Selasa, 24 November 2026"


@pytest.mark.parametrize(
    ("zone", "letters"),
    [("Asia/Jakarta", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")],
)
def test_an_hour_carries_the_letters_of_its_zone(zone: str, letters: str) -> None:
    assert clock(datetime(2026, 11, 24, 8, 5, tzinfo=ZoneInfo(zone))) == f"08.05 {letters}"


def test_english_has_its_own_names_and_marks() -> None:
    at = datetime(2026, 8, 4, 8, 5, tzinfo=ZoneInfo("Asia/Makassar"))

    assert long_date(at, "en") == "Tuesday, 4 August 2026"
    assert clock(at, "en") == "08:05 WITA"
    assert moment(at, "en") == "4 Aug 08:05 WITA"
    assert rupiah(150_000, "en") == "Rp150,000"


def test_minutes_of_a_day_read_as_an_hour() -> None:
    assert [hour(0), hour(480), hour(1439)] == ["00.00", "08.00", "23.59"]


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0, "Rp0"), (150_000, "Rp150.000"), (1_234_567, "Rp1.234.567"), (-2_500, "-Rp2.500")],
)
def test_money_has_points_between_thousands(amount: int, words: str) -> None:
    assert rupiah(amount) == words
