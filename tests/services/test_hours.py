"""Opening hours at their edges, in the three zones, on ordinary and extraordinary days."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from data.facts import load_facts
from data.opening_hours import HolidayChange, HoursRule, read_hours
from data.table import Problems
from services.hours import Calendar, NeverOpen, ordinary_week
from services.national_days import UnknownYear

FACTS = load_facts()
WEEK = ordinary_week(time(8), time(17), ("senin", "selasa", "rabu", "kamis", "jumat"))
OFFSETS = {"KC-MEDAN": "+07:00", "KC-MANADO": "+08:00", "KC-JAYAPURA": "+09:00"}
LETTERS = {"KC-MEDAN": "WIB", "KC-MANADO": "WITA", "KC-JAYAPURA": "WIT"}


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar(FACTS, WEEK)


def calendar_with(tmp_path: Path, *lines: str) -> Calendar:
    """The shipped calendar with *lines* for hours.csv."""
    file = tmp_path / "hours.csv"
    header = "where,first_day,last_day,days,hours,on_holidays,reason,source,as_of\n"
    file.write_text(header + "\n".join(lines))
    problems = Problems()
    rules: tuple[HoursRule, ...] = read_hours(file, {*FACTS.branches, *FACTS.provinces}, problems)
    problems.raise_any()
    return Calendar(replace(FACTS, hours=rules), WEEK)


def at(text: str, offset: str = "+08:00") -> datetime:
    return datetime.fromisoformat(text + offset)


@pytest.mark.parametrize("branch", OFFSETS)
@pytest.mark.parametrize(
    ("clock", "is_open", "reason"),
    [
        ("07:59:59", False, "sebelum jam buka"),
        ("07:59:59.999999", False, "sebelum jam buka"),
        ("08:00:00", True, "dalam jam layanan"),
        ("16:59:59", True, "dalam jam layanan"),
        ("16:59:59.999999", True, "dalam jam layanan"),
        ("17:00:00", False, "sesudah jam tutup"),
    ],
)
def test_hours_are_half_open_in_every_zone(
    calendar: Calendar, branch: str, clock: str, is_open: bool, reason: str
) -> None:
    instant = at(f"2026-11-24T{clock}", OFFSETS[branch])
    answer = calendar.explain(branch, instant.astimezone(UTC))
    assert (answer.open, answer.reason) == (is_open, reason)
    assert answer.at.isoformat() == instant.isoformat()
    assert answer.at.tzname() == LETTERS[branch]


def test_the_date_is_the_branch_s_own_and_not_that_of_utc(calendar: Calendar) -> None:
    monday_in_jayapura = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)
    assert calendar.is_open("KC-JAYAPURA", monday_in_jayapura)
    assert calendar.explain("KC-MANADO", monday_in_jayapura).reason == "sebelum jam buka"
    assert calendar.explain("KC-MEDAN", datetime(2026, 11, 22, 16, tzinfo=UTC)).reason == (
        "hari Minggu"
    )


def test_an_open_branch_opens_now_and_tells_when_it_closes(calendar: Calendar) -> None:
    now = at("2026-11-24T10:30:15")
    assert calendar.next_opening("KC-MANADO", now) == now
    assert calendar.closes_at("KC-MANADO", now) == at("2026-11-24T17:00:00")


@pytest.mark.parametrize(
    ("asked", "reason", "opens"),
    [
        ("2026-11-20T17:00:00", "sesudah jam tutup", "2026-11-23T08:00:00"),
        ("2026-11-21T09:00:00", "hari Sabtu", "2026-11-23T08:00:00"),
        ("2026-12-23T17:00:00", "sesudah jam tutup", "2026-12-28T08:00:00"),
        ("2026-12-24T10:00:00", "cuti bersama: Hari Raya Natal", "2026-12-28T08:00:00"),
        ("2026-12-25T10:00:00", "libur nasional: Hari Raya Natal", "2026-12-28T08:00:00"),
        ("2026-12-31T17:00:00", "sesudah jam tutup", "2027-01-04T08:00:00"),
        ("2027-01-01T00:00:00", "libur nasional: Tahun Baru Masehi", "2027-01-04T08:00:00"),
        ("2024-02-29T07:00:00", "sebelum jam buka", "2024-02-29T08:00:00"),
        ("2028-02-29T18:00:00", "sesudah jam tutup", "2028-03-01T08:00:00"),
    ],
)
def test_a_shut_branch_tells_why_and_when_it_opens(
    calendar: Calendar, asked: str, reason: str, opens: str
) -> None:
    answer = calendar.explain("KC-MANADO", at(asked))
    assert not answer.open
    assert answer.closes_at is None
    assert (answer.reason, answer.next_opening) == (reason, at(opens))


def test_a_leap_day_is_a_working_day(calendar: Calendar) -> None:
    assert calendar.is_open("KC-MANADO", at("2024-02-29T08:00:00"))
    assert calendar.closes_at("KC-MANADO", at("2024-12-31T16:59:00")) == at("2024-12-31T17:00:00")


def test_a_server_clock_in_another_zone_changes_nothing(calendar: Calendar) -> None:
    instant = datetime.fromisoformat("2026-11-24T03:59:59-05:00")
    assert calendar.closes_at("KC-MANADO", instant) == at("2026-11-24T17:00:00")


def test_ramadan_hours_of_1445_end_at_half_past_one(calendar: Calendar) -> None:
    assert calendar.is_open("KC-MANADO", at("2024-03-13T13:29:59"))
    answer = calendar.explain("KC-MANADO", at("2024-03-13T13:30:00"))
    assert answer.reason == "sesudah jam tutup (jam Ramadan 1445 H)"
    holiday = calendar.explain("KC-MANADO", at("2024-03-12T10:00:00"))
    assert holiday.reason == "cuti bersama: Hari Suci Nyepi"


def test_a_local_closure_shuts_one_branch_and_gives_its_reason(tmp_path: Path) -> None:
    line = "KC-MANADO,2026-11-24,2026-11-25,,closed,no,pindah kantor,test,2026-11-01"
    calendar = calendar_with(tmp_path, line)
    answer = calendar.explain("KC-MANADO", at("2026-11-24T10:00:00"))
    assert (answer.reason, answer.next_opening) == ("pindah kantor", at("2026-11-26T08:00:00"))
    assert calendar.is_open("KC-TONDANO", at("2026-11-24T10:00:00"))


def test_a_closure_of_a_province_shuts_its_branches_only(tmp_path: Path) -> None:
    line = "71,2026-11-24,2026-11-24,,closed,no,gempa bumi,test,2026-11-24"
    calendar = calendar_with(tmp_path, line)
    assert not calendar.is_open("KC-TONDANO", at("2026-11-24T10:00:00"))
    assert calendar.is_open("KC-PALU", at("2026-11-24T10:00:00"))


def test_an_extra_saturday_is_open(tmp_path: Path) -> None:
    line = "KC-MANADO,2026-11-28,2026-11-28,Sat,08:00-12:00,no,layanan Sabtu,test,2026-11-01"
    calendar = calendar_with(tmp_path, line)
    assert calendar.next_opening("KC-MANADO", at("2026-11-27T17:00:00")) == at(
        "2026-11-28T08:00:00"
    )
    answer = calendar.explain("KC-MANADO", at("2026-11-28T12:00:00"))
    assert answer.reason == "sesudah jam tutup (layanan Sabtu)"


@pytest.mark.parametrize(("on_holidays", "is_open"), [("yes", True), ("no", False)])
def test_only_hours_marked_for_holidays_hold_on_them(
    tmp_path: Path, on_holidays: str, is_open: bool
) -> None:
    line = f"*,2026-12-24,2026-12-24,,09:00-12:00,{on_holidays},piket,test,2026-11-01"
    calendar = calendar_with(tmp_path, line)
    assert calendar.is_open("KC-MANADO", at("2026-12-24T09:00:00")) is is_open


def test_the_last_line_that_fits_decides(tmp_path: Path) -> None:
    calendar = calendar_with(
        tmp_path,
        "KC-MANADO,2026-11-24,2026-11-24,,closed,no,pindah kantor,test,2026-11-01",
        "*,2026-11-24,2026-11-24,,09:00-10:00,no,hari pendek,test,2026-11-02",
    )
    assert calendar.is_open("KC-MANADO", at("2026-11-24T09:30:00"))
    assert not calendar.is_open("KC-MANADO", at("2026-11-24T10:00:00"))


def test_a_branch_may_rest_at_noon(tmp_path: Path) -> None:
    line = "KC-MANADO,,,Mon-Fri,08:00-12:00 13:00-17:00,no,,test,2026-01-01"
    calendar = calendar_with(tmp_path, line)
    answer = calendar.explain("KC-MANADO", at("2026-11-24T12:00:00"))
    assert (answer.reason, answer.next_opening) == ("jam istirahat", at("2026-11-24T13:00:00"))
    assert calendar.closes_at("KC-MANADO", at("2026-11-24T11:59:59")) == at("2026-11-24T12:00:00")
    day = (at("2026-11-24T00:00:00"), at("2026-11-25T00:00:00"))
    assert calendar.open_minutes("KC-MANADO", *day) == 480


def test_the_ordinary_week_is_said_in_indonesian(calendar: Calendar, tmp_path: Path) -> None:
    assert calendar.weekly_hours("KC-MANADO") == "Senin-Jumat, 08.00-17.00 WITA"
    assert calendar.weekly_hours("KC-JAYAPURA") == "Senin-Jumat, 08.00-17.00 WIT"
    special = calendar_with(
        tmp_path,
        "KC-MEDAN,,,Mon-Thu,08:00-12:00 13:00-16:00,no,,test,2026-01-01",
        "KC-MEDAN,,,Fri,08:00-11:30,no,,test,2026-01-01",
        "KC-MEDAN,2026-11-28,2026-11-28,Sat,08:00-12:00,no,layanan Sabtu,test,2026-01-01",
    )
    assert special.weekly_hours("KC-MEDAN") == (
        "Senin-Kamis, 08.00-12.00 dan 13.00-16.00; Jumat, 08.00-11.30 WIB"
    )


@pytest.mark.parametrize(
    ("since", "until", "minutes"),
    [
        ("2026-11-24T08:00:00", "2026-11-24T17:00:00", 540),
        ("2026-11-24T16:59:30", "2026-11-25T08:00:30", 1),
        ("2026-11-20T16:00:00", "2026-11-23T09:00:00", 120),
        ("2026-12-23T16:00:00", "2026-12-28T08:30:00", 90),
        ("2026-11-21T00:00:00", "2026-11-23T00:00:00", 0),
        ("2026-11-24T10:00:00", "2026-11-24T10:00:00", 0),
    ],
)
def test_open_minutes_leave_out_nights_and_days_off(
    calendar: Calendar, since: str, until: str, minutes: int
) -> None:
    assert calendar.open_minutes("KC-MANADO", at(since), at(until)) == minutes


def test_open_minutes_refuse_instants_in_the_wrong_order(calendar: Calendar) -> None:
    with pytest.raises(ValueError, match="before"):
        calendar.open_minutes("KC-MANADO", at("2026-11-24T09:00:00"), at("2026-11-24T08:59:59"))


def test_a_branch_that_never_opens_is_an_error_and_not_a_date(tmp_path: Path) -> None:
    calendar = calendar_with(tmp_path, "KC-MANADO,,,,closed,no,,test,2026-01-01")
    with pytest.raises(NeverOpen, match=r"400 days; check hours\.csv"):
        calendar.next_opening("KC-MANADO", at("2026-11-24T09:00:00"))


def test_a_naive_instant_is_refused(calendar: Calendar) -> None:
    with pytest.raises(ValueError, match="offset"):
        calendar.is_open("KC-MANADO", datetime(2026, 11, 24, 9))


@pytest.mark.parametrize("year", [1900, 2150])
def test_a_year_outside_the_national_calendar_is_not_guessed(calendar: Calendar, year: int) -> None:
    with pytest.raises(UnknownYear):
        calendar.is_open("KC-MANADO", datetime(year, 6, 1, tzinfo=UTC))


def test_a_decree_changes_the_national_calendar() -> None:
    changes = {
        date(2026, 11, 24): HolidayChange(date(2026, 11, 24), "public", "Pemilu"),
        date(2026, 12, 24): HolidayChange(date(2026, 12, 24), "none", "dicabut"),
    }
    calendar = Calendar(replace(FACTS, holiday_changes=changes), WEEK)
    assert calendar.explain("KC-MANADO", at("2026-11-24T10:00:00")).reason == (
        "libur nasional: Pemilu"
    )
    assert calendar.is_open("KC-MANADO", at("2026-12-24T10:00:00"))


def test_every_branch_opens_within_two_weeks_of_any_day_in_2026_and_2027(
    calendar: Calendar,
) -> None:
    for branch in FACTS.branches:
        for days in range(0, 730, 10):
            start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=days)
            assert calendar.next_opening(branch, start) - start < timedelta(days=14)
