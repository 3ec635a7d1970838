"""NIK, Kartu Keluarga and card numbers: read as people send them, never shown whole."""

import csv
from pathlib import Path

import pytest

from forms.fields import FIELDS, Invalid, Read
from forms.masking import mask
from forms.types.identity import matches_birth, nik_birth
from tests.forms.asked import asking, read, value

NIK = "3171011708909901"
VECTORS = list(csv.DictReader(Path(__file__).with_name("nik.csv").read_text("utf-8").splitlines()))


@pytest.mark.parametrize("row", VECTORS, ids=[row["why"] for row in VECTORS])
def test_a_nik_is_taken_or_refused_for_the_reason_in_the_table(row):
    if row["refused"]:
        with pytest.raises(Invalid) as refused:
            read("nik", row["nik"])
        assert refused.value.key == row["refused"]
    else:
        assert len(value("nik", row["nik"])) == 16


@pytest.mark.parametrize(
    "text",
    [
        NIK,
        "3171 0117 0890 9901",
        "3171.0117.0890.9901",
        "NIK saya 3171011708909901 ya",
        "1. NIK: 3171011708909901",
        "31710117O89O99O1",
        "3l7l0117o8909901",
        f"{NIK} {NIK}",
        NIK * 2,
        "３１７１０１１７０８９０９９０１",
    ],
)
def test_a_nik_is_read_however_it_is_written(text):
    assert value("nik", text) == NIK


@pytest.mark.parametrize(
    ("text", "got"), [("317101170890990", 15), ("31710117089099011", 17), ("lupa nomornya", 0)]
)
def test_a_nik_of_another_length_is_told_how_many_figures_arrived(text, got):
    with pytest.raises(Invalid) as refused:
        read("nik", text)

    assert (refused.value.key, refused.value.values) == ("salah.nik_panjang", {"got": got})


def test_an_impossible_date_in_a_nik_is_pointed_at():
    with pytest.raises(Invalid) as refused:
        read("nik", "3515013104889901")

    assert refused.value.values == {"part": "310488"}


def test_the_birth_date_in_a_nik_adds_forty_to_the_day_of_women():
    assert nik_birth("3171015708909901") == (17, 8, 90, "P")
    assert nik_birth("3171011708909901") == (17, 8, 90, "L")
    assert matches_birth("3171015708909901", "1990-08-17")
    assert not matches_birth("3171015708909901", "1990-08-18")
    assert matches_birth("3273014101009901", "2000-01-01")


@pytest.mark.parametrize(
    ("kind", "text", "key"),
    [
        ("kk", "317101170890990", "salah.kk_panjang"),
        ("kk", "0" * 16, "salah.nomor_nol"),
        ("card", "000123456789", "salah.kartu_panjang"),
        ("card", "0" * 13, "salah.nomor_nol"),
    ],
)
def test_other_numbers_are_counted_too(kind, text, key):
    with pytest.raises(Invalid) as refused:
        read(kind, text)

    assert refused.value.key == key


def test_family_and_card_numbers_are_read():
    assert value("kk", "3171 0117-0819.9901") == "3171011708199901"
    assert value("card", "0001 2345 67891") == "0001234567891"
    assert value("card", "no kartu 0001234567891") == "0001234567891"


def test_a_passport_number_is_read_in_capitals_without_spaces():
    assert value("passport", "c 123-4567") == "C1234567"
    assert value("passport", "123456789") == "123456789"


@pytest.mark.parametrize("text", ["A1234", "A123456789", "tidak ada", "Ä1234567"])
def test_what_no_passport_can_have_is_refused(text):
    with pytest.raises(Invalid) as refused:
        read("passport", text)

    assert refused.value.key == "salah.paspor"


def test_an_identity_number_that_must_differ_is_refused_when_it_is_the_same():
    with pytest.raises(Invalid) as refused:
        read("nik", NIK, {"nik": NIK}, differs="nik")

    assert (refused.value.key, refused.value.values) == ("salah.sama", {"step": "nik"})


@pytest.mark.parametrize("item", [0, 1])
def test_an_identity_number_may_have_to_differ_from_those_of_a_whole_group(item):
    group = [{"nik": "3171011708909902"}, {}]
    group[item] = {"nik": NIK}

    with pytest.raises(Invalid):
        read("nik", NIK, {"anak": group}, differs=("kk", "anak.nik"))
    assert read("nik", NIK, {"anak": [{}]}, differs=("kk", "anak.nik")) == Read(NIK)


def test_identity_numbers_are_masked_where_the_participant_reads_them():
    numbers = {"nik": NIK, "kk": NIK, "card": "0001234567891", "passport": "C1234567"}
    for kind, number in numbers.items():
        field, asked = FIELDS[kind], asking(kind)
        shown = field.show(number, asked)
        assert shown == "•" * (len(number) - 4) + number[-4:]
        assert field.full(number, asked) == number


@pytest.mark.parametrize(
    ("number", "masked"),
    [("0812-0000-0142", "••••-••••-0142"), ("123", "•••"), ("", ""), ("12345", "•2345")],
)
def test_a_mask_keeps_the_grouping_and_four_figures(number, masked):
    assert mask(number) == masked


@pytest.mark.parametrize("text", ["3171011708909", "0" * 16, "3515013104889901"])
def test_a_refusal_carries_no_number_in_its_message(text):
    with pytest.raises(Invalid) as refused:
        read("nik", text)

    assert text not in str(refused.value)
    assert text not in repr(refused.value)
