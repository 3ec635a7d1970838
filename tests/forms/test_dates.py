"""Every sane spelling of a date is read; doubt is asked back; nonsense is named."""

import pytest

from forms.fields import FIELDS, Invalid, Read, Unsure
from tests.forms.asked import asking, read, value

BORN = "1956-03-27"


@pytest.mark.parametrize(
    "text",
    [
        "27-03-1956",
        "27/3/1956",
        "27.3.1956",
        "27 3 1956",
        "27031956",
        "19560327",
        "1956-03-27",
        "1956/3/27",
        "27 Maret 1956",
        "27 maret 1956",
        "27 MARET 1956",
        "27maret1956",
        "27-mar-1956",
        "27 mrt 1956",
        "27 March 1956",
        "Maret 27 1956",
        "March 27, 1956",
        "1956 Maret 27",
        "27 maert 1956",
        "Selasa, 27 Maret 1956",
        "Jum'at 27 Maret 1956",
        "tanggal 27 bulan 3 tahun 1956",
        "tgl 27 bulan maret thn 1956",
        "Manado, 27-03-1956",
        "MANADO 27 Maret 1956",
        "２７-０３-１９５６",
        "  27 - 03 - 1956.",
    ],
)
def test_a_date_is_read_however_it_is_spelt(text):
    assert value("date", text) == BORN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 Pebruari 1990", "1990-02-03"),
        ("3 Nopember 1990", "1990-11-03"),
        ("3 nop 1990", "1990-11-03"),
        ("17 Agt 1990", "1990-08-17"),
        ("17 agustsu 1990", "1990-08-17"),
        ("25 Des 1990", "1990-12-25"),
        ("25 Dec 1990", "1990-12-25"),
        ("1 mei 1990", "1990-05-01"),
        ("5 oktobr 1990", "1990-10-05"),
        ("29 Februari 2000", "2000-02-29"),
        ("03-04-1956", "1956-04-03"),
        ("20121210", "2012-12-10"),
        ("10122012", "2012-12-10"),
        ("23-11-2026", "2026-11-23"),
    ],
)
def test_month_names_old_spellings_and_slips(text, expected):
    assert value("date", text) == expected


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("27/3/56", "pasti.tgl", "1956-03-27"),
        ("27 mar 56", "pasti.tgl", "1956-03-27"),
        ("27 maret '56", "pasti.tgl", "1956-03-27"),
        ("270356", "pasti.tgl", "1956-03-27"),
        ("3 April 56", "pasti.tgl", "1956-04-03"),
        ("56-03-27", "pasti.tgl", "1956-03-27"),
        ("03/27/1956", "pasti.tgl", "1956-03-27"),
        ("03-04-56", "salah.tgl_ganda", "1956-04-03"),
        ("030456", "salah.tgl_ganda", "1956-04-03"),
        ("23-11-26", "pasti.tgl", "2026-11-23"),
        ("24-11-26", "pasti.tgl", "1926-11-24"),
        ("hari ini", "pasti.tgl", "2026-11-23"),
        ("kemarin", "pasti.tgl", "2026-11-22"),
        ("Kemaren", "pasti.tgl", "2026-11-22"),
        ("tadi pagi", "pasti.tgl", "2026-11-23"),
        ("dua hari yang lalu", "pasti.tgl", "2026-11-21"),
        ("3 hr lalu", "pasti.tgl", "2026-11-20"),
        ("2 minggu lalu", "pasti.tgl", "2026-11-09"),
        ("sebulan yg lalu", "pasti.tgl", "2026-10-23"),
        ("dua bln lalu", "pasti.tgl", "2026-09-23"),
        ("9 bulan yang lalu", "pasti.tgl", "2026-02-23"),
        ("setahun lalu", "pasti.tgl", "2025-11-23"),
        ("2 years ago", "pasti.tgl", "2024-11-23"),
        ("a month ago", "pasti.tgl", "2026-10-23"),
    ],
)
def test_a_guess_is_asked_back(text, key, expected):
    reading = read("date", text)

    assert isinstance(reading, Unsure)
    assert (reading.key, reading.value) == (key, expected)


def test_the_question_back_names_date_and_age():
    reading = read("date", "27/3/56")

    assert isinstance(reading, Unsure)
    assert reading.values == {
        "text": "27/3/56",
        "date": {"id": "27 Maret 1956", "en": "27 March 1956"},
        "age": 70,
    }


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("30-02-1956", "30 Februari"),
        ("31 April 1956", "31 April"),
        ("29-02-1957", "29 Februari 1957"),
        ("00-03-1956", "0 Maret"),
        ("13-13-1956", "13-13-1956"),
        ("32/01/1956", "32 Januari"),
    ],
)
def test_an_impossible_date_is_named(text, named):
    with pytest.raises(Invalid) as refused:
        read("date", text)

    assert refused.value.key == "salah.tgl_tak_ada"
    assert refused.value.values == {"text": named}


@pytest.mark.parametrize(
    ("text", "params", "key"),
    [
        ("24-11-2026", {}, "salah.tgl_depan"),
        ("24-11-2026", {"past": "yes"}, "salah.tgl_depan"),
        ("22-11-1906", {}, "salah.tgl_lama"),
        ("17-08-1945", {"earliest_years": "10"}, "salah.tgl_lama"),
        ("23-08-2026", {"earliest_days": 90}, "salah.tgl_lama"),
        ("24-12-2026", {"past": "no", "latest_days": 30}, "salah.tgl_terlalu_depan"),
        ("besok lusa", {}, "salah.tgl"),
        ("tidak tahu", {}, "salah.tgl"),
        ("Maret 1956", {}, "salah.tgl"),
        ("27 jun jul 1956", {}, "salah.tgl"),
        ("27 jui 1956", {}, "salah.tgl"),
        ("3 anak 2 kucing 5 ikan", {}, "salah.tgl"),
        ("27-03-956", {}, "salah.tgl"),
        ("12345", {}, "salah.tgl"),
        ("", {}, "salah.kosong"),
        ("🎂🎂", {}, "salah.kosong"),
    ],
)
def test_what_is_no_date_of_this_question_is_refused(text, params, key):
    with pytest.raises(Invalid) as refused:
        read("date", text, **params)

    assert refused.value.key == key


def test_bounds_count_from_today_and_include_the_edge():
    assert value("date", "23-11-1906") == "1906-11-23"
    assert value("date", "25-08-2026", earliest_days=90) == "2026-08-25"
    assert value("date", "23-12-2026", past="no", latest_days=30) == "2026-12-23"


def test_a_short_year_ahead_stays_in_this_century_where_dates_ahead_are_wanted():
    reading = read("date", "24-12-27", past="no")

    assert isinstance(reading, Unsure)
    assert reading.value == "2027-12-24"


def test_a_date_that_must_differ_is_refused_when_it_is_the_same():
    with pytest.raises(Invalid) as refused:
        read("date", "27-03-1956", {"lahir": BORN}, differs="lahir")

    assert refused.value.key == "salah.sama"
    assert read("date", "28-03-1956", {"lahir": BORN}, differs="lahir") == Read("1956-03-28")


def test_a_date_is_shown_in_words():
    assert FIELDS["date"].show(BORN, asking("date")) == "27 Maret 1956"
    assert value("date", FIELDS["date"].show(BORN, asking("date"))) == BORN
