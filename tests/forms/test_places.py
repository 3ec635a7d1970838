"""From a typed place, or by browsing, to regency, branch and facility."""

import pytest
from msgspec.structs import replace

from forms.choices import match
from forms.fields import FIELDS, Invalid, Offer, Read, Unsure
from forms.places import paged, place_option
from tests.forms.asked import Country, Place, asking, read, value


def labels(reading):
    assert isinstance(reading, Offer), reading
    return [option.label for option in reading.options]


def chosen(reading, label):
    """The reply that picking *label* from an offer gives."""
    assert isinstance(reading, Offer), reading
    return next(option.value for option in reading.options if option.label == label)


def test_an_exact_name_is_taken():
    assert value("regency", "manado") == "7171"
    assert value("regency", "Kota Manado") == "7171"


def test_several_names_are_offered_with_two_ways_out():
    reading = read("regency", "bogor")

    assert labels(reading) == ["Kota Bogor", "Kab. Bogor", "Bukan semuanya", "Pilih provinsi"]
    assert reading.key == "soal.kota_pilih"
    assert value("regency", chosen(reading, "Kab. Bogor")) == "3201"


def test_a_likely_name_is_asked_back():
    reading = read("regency", "hasa utar")

    assert isinstance(reading, Unsure)
    assert (reading.value, reading.key) == ("7106", "pasti.kota")
    assert reading.values["name"] == "Kab. Minahasa Utara"


def test_none_of_the_offered_names_leads_on():
    reading = read("regency", chosen(read("regency", "bogor"), "Bukan semuanya"))

    assert labels(reading) == ["Pilih provinsi"]
    assert reading.key == "soal.kota_ulang"


def test_an_unknown_place_is_refused_and_browsing_stays_open():
    with pytest.raises(Invalid) as refused:
        read("regency", "Atlantis")

    assert (refused.value.key, refused.value.values) == ("salah.kota", {"text": "Atlantis"})
    assert [one.label for one in FIELDS["regency"].options(asking("regency"))] == ["Pilih provinsi"]


def test_browsing_turns_pages_of_provinces_and_ends_at_a_branch():
    first = read("regency", "1")
    second = read("regency", chosen(first, "Lainnya"))
    third = read("regency", chosen(second, "Lainnya"))

    assert len(labels(first)) == 9
    assert (first.key, first.values) == ("soal.provinsi", {"page": 1, "pages": 3})
    assert second.values["page"] == 2
    assert chosen(third, "Lainnya") == "page:1"
    branches = read("regency", chosen(first, "Sulawesi Utara"))
    assert labels(branches) == ["KC Manado", "KC Tondano", "Provinsi lain"]
    assert branches.values["province"] == "Sulawesi Utara"
    picked = value("regency", chosen(branches, "KC Tondano"))
    assert picked == "branch:KC-TONDANO"
    assert FIELDS["regency"].show(picked, asking("regency")) == "Kantor Cabang Tondano"


@pytest.mark.parametrize("text", ["Sulawesi Utara", "sulawesi utara"])
def test_a_typed_province_leads_to_its_branches(text):
    assert labels(read("regency", text)) == ["KC Manado", "KC Tondano", "Provinsi lain"]


def test_all_regencies_of_exactly_that_name_are_offered():
    class Capital(Country):
        def find_regencies(self, text):
            parts = ("Pusat", "Utara", "Barat", "Selatan", "Timur")
            return [Place(f"317{n}", f"Kota Jakarta {part}") for n, part in enumerate(parts)]

    capital = replace(asking("regency"), facts=Capital())

    assert len(labels(FIELDS["regency"].read("jakarta", capital))) == 5 + 2


def test_a_province_with_many_branches_has_pages_too():
    first = read("regency", "prov:32")

    assert len(labels(first)) == 10
    assert labels(read("regency", chosen(first, "Kantor lainnya")))[-2:] == [
        "Kantor lainnya",
        "Provinsi lain",
    ]


def test_a_province_without_a_branch_says_so():
    with pytest.raises(Invalid) as refused:
        read("regency", "prov:94")

    assert refused.value.key == "salah.provinsi_tanpa_kantor"


@pytest.mark.parametrize("reply", ["ya", "nggih", "1", "Ya, benar", "KC-MANADO"])
def test_the_one_branch_of_a_regency_is_confirmed(reply):
    answers = {"kota": "7171"}

    assert value("branch", reply, answers, **{"from": "kota"}) == "KC-MANADO"


@pytest.mark.parametrize("reply", ["tidak", "2", "ubah", "bukan"])
def test_the_one_branch_is_changed_by_browsing(reply):
    reading = read("branch", reply, {"kota": "7171"}, **{"from": "kota"})

    assert reading.key == "soal.provinsi"
    branches = read("branch", chosen(reading, "Sulawesi Utara"), {}, **{"from": "kota"})
    assert value("branch", chosen(branches, "KC Tondano"), {}, **{"from": "kota"}) == "KC-TONDANO"


def test_both_branches_are_offered_where_the_map_is_unsure():
    asked = asking("branch", {"kota": "7106"}, **{"from": "kota"})
    options = FIELDS["branch"].options(asked)

    assert [one.label for one in options] == ["KC Manado", "KC Tondano", "Kantor lain"]
    assert FIELDS["branch"].values(asked) == {"branch": "", "hours": ""}
    assert FIELDS["branch"].read("kc tondano", asked) == Read("KC-TONDANO")
    with pytest.raises(Invalid) as refused:
        FIELDS["branch"].read("ya", asked)
    assert refused.value.values == {"reply": "ya", "nomor": "", "sampai": 3}


def test_a_branch_found_by_browsing_is_the_one_to_confirm():
    asked = asking("branch", {"kota": "branch:KC-BOGOR"}, **{"from": "kota"})

    assert FIELDS["branch"].read("ya", asked) == Read("KC-BOGOR")
    assert FIELDS["branch"].values(asked) == {
        "branch": "Kantor Cabang Bogor",
        "hours": "Senin-Jumat, 08.00-17.00 WITA",
    }


@pytest.mark.parametrize("answers", [{}, {"kota": {"skipped": True}}, {"kota": "branch:KC-GONE"}])
def test_without_a_regency_the_branch_is_browsed_for(answers):
    asked = asking("branch", answers, **{"from": "kota"})

    assert FIELDS["branch"].options(asked)[0].label == "Sulawesi Utara"
    reading = FIELDS["branch"].read("1", asked)
    assert labels(reading)[0] == "KC Manado"


def test_a_known_facility_is_taken_by_its_name():
    assert value("facility", "Klinik Sehat") == {"code": "F003", "name": "Klinik Sehat"}


def test_several_facilities_are_offered_and_none_of_them_keeps_what_was_typed():
    reading = read("facility", "puskesmas")

    assert labels(reading) == ["Puskesmas Sario", "Puskesmas Sario Lama", "Bukan semuanya"]
    assert value("facility", chosen(reading, "Puskesmas Sario")) == {
        "code": "F001",
        "name": "Puskesmas Sario",
    }
    assert value("facility", chosen(reading, "Bukan semuanya")) == {"typed": "puskesmas"}


def test_an_unknown_facility_is_asked_back_and_kept_as_typed():
    reading = read("facility", "  dr. Contoh ")

    assert isinstance(reading, Unsure)
    assert (reading.value, reading.key) == ({"typed": "dr. Contoh"}, "pasti.faskes_tak_dikenal")
    assert FIELDS["facility"].show(reading.value, asking("facility")) == "dr. Contoh"


def test_the_same_facility_as_before_is_refused():
    same = {"code": "F003", "name": "Klinik Sehat"}

    with pytest.raises(Invalid) as refused:
        read("facility", "klinik sehat", {"lama": same}, differs="lama")

    assert refused.value.key == "salah.sama"


@pytest.mark.parametrize("reply", [{}, {"code": 1, "name": "x"}, {"skipped": True}, {"typed": ""}])
def test_a_stored_facility_of_another_shape_is_refused(reply):
    with pytest.raises(Invalid):
        read("facility", reply)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Kantor Cabang Padangsidimpuan", "KC Padangsidimpuan"),
        ("Kabupaten Minahasa Utara", "Kab. Minahasa Utara"),
        ("Kabupaten Ogan Komering Ulu Selatan", "Kab. OKU Selatan"),
        ("Kepulauan Bangka Belitung", "Kep. Bangka Belitung"),
        ("Daerah Istimewa Yogyakarta", "DI Yogyakarta"),
    ],
)
def test_a_long_name_fits_its_button_and_can_be_read_below(name, label):
    option = place_option("x", name)

    assert option.label == label
    assert len(option.label) <= 20
    assert len(option.row) <= 24
    assert option.note == name


def test_a_page_out_of_reach_is_the_first_one():
    options = [place_option(str(n), f"Tempat {n}") for n in range(20)]

    assert paged(options, 99, "page:", "Lainnya") == paged(options, 1, "page:", "Lainnya")
    shown, pages = paged(options[:3], 1, "page:", "Lainnya")
    assert (len(shown), pages) == (3, 1)
    assert match("lainnya", paged(options, 3, "page:", "Lainnya")[0]).value == "page:1"
