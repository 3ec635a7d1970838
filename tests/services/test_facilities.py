"""Health facilities by name."""

import pytest

from data.facility_list import Facility, load_facilities
from data.facts import load_facts
from services.facilities import EXACT, Facilities

MANADO, MINAHASA_UTARA, BITUNG, SOLO = "7171", "7106", "7172", "3372"


@pytest.fixture(scope="module")
def facilities() -> Facilities:
    return Facilities(load_facilities(load_facts()))


def names(facilities: Facilities, text: str, regency: str | None) -> list[str]:
    return [match.name for match in facilities.find(text, regency)]


@pytest.mark.parametrize(
    "text", ["Puskesmas Bahu", "pkm bahu", "PUSKESMAS  BAHU", "puskesmas kel. bahu", "21010301"]
)
def test_a_whole_name_or_a_code_gives_one_facility(facilities: Facilities, text: str) -> None:
    (match,) = facilities.find(text, MANADO)
    assert (match.code, match.name, match.type) == ("21010301", "Puskesmas Bahu", "puskesmas")
    assert (match.regency, match.score) == (MANADO, EXACT)


def test_part_of_a_name_offers_at_most_three(facilities: Facilities) -> None:
    found = facilities.find("kimia farma", MANADO)
    assert len(found) == 3
    assert all("Kimia Farma" in match.name for match in found)
    assert all(match.score < EXACT for match in found)


@pytest.mark.parametrize("text", ["puskesmas tumintin", "pkm tumintng", "Puskesmas Tuminteng"])
def test_a_misspelled_name_is_found(facilities: Facilities, text: str) -> None:
    assert names(facilities, text, MANADO)[0] == "Puskesmas Tuminting"


def test_the_kind_that_was_asked_for_comes_first() -> None:
    facilities = Facilities(
        [
            Facility("00000001", "Klinik Sario", "klinik_pratama", MANADO),
            Facility("00000002", "Puskesmas Sario", "puskesmas", MANADO),
        ]
    )
    assert names(facilities, "puskesmas sario", MANADO) == ["Puskesmas Sario"]
    assert names(facilities, "klinik sario", MANADO) == ["Klinik Sario"]
    assert names(facilities, "sario", MANADO) == ["Klinik Sario", "Puskesmas Sario"]


def test_the_regency_comes_first_and_then_the_same_name_in_its_province() -> None:
    facilities = Facilities(
        [
            Facility("00000001", "Puskesmas Wori", "puskesmas", MINAHASA_UTARA),
            Facility("00000002", "Puskesmas Bahu", "puskesmas", MANADO),
            Facility("00000003", "Puskesmas Bahu", "puskesmas", SOLO),
            Facility("00000004", "Puskesmas Bahua", "puskesmas", MINAHASA_UTARA),
        ]
    )
    found = [match.code for match in facilities.find("puskesmas bahu", MINAHASA_UTARA)]
    assert found == ["00000004", "00000002"]


@pytest.mark.parametrize("text", ["", "puskesmas", "klinik pratama", "zzzzzz", "🙂", "q" * 50_000])
def test_what_is_not_in_the_list_is_no_error(facilities: Facilities, text: str) -> None:
    assert facilities.find(text, MANADO) == []
    assert facilities.find("puskesmas bahu", "0000") == []


def test_without_a_regency_the_whole_country_is_searched(facilities: Facilities) -> None:
    assert names(facilities, "puskesmas tuminting", None) == ["Puskesmas Tuminting"]


def test_every_shipped_facility_is_found_by_its_own_name(facilities: Facilities) -> None:
    for facility in load_facilities(load_facts()):
        codes = [match.code for match in facilities.find(facility.name, facility.regency)]
        assert facility.code in codes, facility


def test_the_answer_does_not_depend_on_the_order_of_the_list(facilities: Facilities) -> None:
    backwards = Facilities(reversed(load_facilities(load_facts())))
    for text in ("kimia farma", "husada", "bethesda", "kota"):
        assert backwards.find(text, MANADO) == facilities.find(text, MANADO)
