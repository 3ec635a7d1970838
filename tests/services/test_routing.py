"""From what people type to regency and branch."""

import random
from collections.abc import Callable

import pytest

from data.facts import load_facts
from services.regency_names import EXACT
from services.routing import Routing

FACTS = load_facts()


@pytest.fixture(scope="module")
def routing() -> Routing:
    return Routing(FACTS)


def names(routing: Routing, text: str) -> list[str]:
    return [match.name for match in routing.find(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Manado", "Kota Manado"),
        ("KOTA MANADO", "Kota Manado"),
        ("minahasa utara", "Kab. Minahasa Utara"),
        ("kab. minahasa utara", "Kab. Minahasa Utara"),
        ("Kabupaten Minahasa Utara", "Kab. Minahasa Utara"),
        ("minahasa utara sulut", "Kab. Minahasa Utara"),
        ("Minahasa Utara, Sulawesi Utara", "Kab. Minahasa Utara"),
        ("minut", "Kab. Minahasa Utara"),
        ("airmadidi", "Kab. Minahasa Utara"),
        ("Jaksel", "Kota Jakarta Selatan"),
        ("jkt sel", "Kota Jakarta Selatan"),
        ("Ujung Pandang", "Kota Makassar"),
        ("solo", "Kota Surakarta"),
        ("soreang", "Kab. Bandung"),
        ("kotamadya bandung", "Kota Bandung"),
        ("kab bandung", "Kab. Bandung"),
        ("bogor kota", "Kota Bogor"),
        ("banjar kalsel", "Kab. Banjar"),
        ("banjar jawa barat", "Kota Banjar"),
        ("kota baru", "Kab. Kotabaru"),
        ("kota mobagu", "Kota Kotamobagu"),
        ("lima puluh kota", "Kab. Lima Puluh Kota"),
        ("toli toli", "Kab. Toli-Toli"),
        ("tolitoli", "Kab. Toli-Toli"),
        ("palangka raya", "Kota Palangkaraya"),
        ("tj. pinang", "Kota Tanjung Pinang"),
        ("saya tinggal di dairi", "Kab. Dairi"),
        ("kabupaten pontianak", "Kab. Mempawah"),
        ("pontianak", "Kota Pontianak"),
        ("sangihe", "Kab. Kepulauan Sangihe"),
        ("sleman di yogyakarta", "Kab. Sleman"),
    ],
)
def test_a_name_that_means_one_regency_gives_that_one(
    routing: Routing, text: str, name: str
) -> None:
    found = routing.find(text)
    assert [match.name for match in found] == [name]
    assert found[0].score == EXACT


def test_namesakes_are_all_offered_the_town_first(routing: Routing) -> None:
    assert names(routing, "Bandung") == ["Kota Bandung", "Kab. Bandung", "Kab. Bandung Barat"]
    assert names(routing, "gorontalo")[:2] == ["Kota Gorontalo", "Kab. Gorontalo"]
    assert names(routing, "mura") == ["Kab. Murung Raya", "Kab. Musi Rawas"]


def test_equal_matches_are_not_cut_at_three(routing: Routing) -> None:
    assert names(routing, "jakarta") == [
        *("Kota Jakarta Barat", "Kota Jakarta Pusat", "Kota Jakarta Selatan"),
        *("Kota Jakarta Timur", "Kota Jakarta Utara"),
    ]


def test_a_name_of_the_other_kind_is_found_but_not_taken_for_exact(routing: Routing) -> None:
    (match,) = routing.find("kab manado")
    assert match.name == "Kota Manado"
    assert match.score < EXACT


def test_a_district_in_front_of_the_regency_does_not_hide_it(routing: Routing) -> None:
    (match,) = routing.find("Malalayang, Manado")
    assert match.name == "Kota Manado"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("menado", "Kota Manado"),
        ("makasar", "Kota Makassar"),
        ("Minhasa Utra", "Kab. Minahasa Utara"),
        ("kota manad", "Kota Manado"),
        ("jogjkarta", "Kota Yogyakarta"),
    ],
)
def test_a_misspelled_name_comes_first_and_is_not_exact(
    routing: Routing, text: str, name: str
) -> None:
    first = routing.find(text)[0]
    assert first.name == name
    assert first.score < EXACT


@pytest.mark.parametrize(
    "text", ["", " ", "x", "kota", "kab", "🙂", "???", "sulawesi utara", "kepulauan riau", "0"]
)
def test_what_names_no_regency_gives_none(routing: Routing, text: str) -> None:
    assert routing.find(text) == ()


@pytest.mark.parametrize("text", ["x" * 50_000, "a " * 25_000, "bali " * 10_000, ", " * 25_000])
def test_a_very_long_text_is_answered_like_a_short_one(routing: Routing, text: str) -> None:
    assert len(routing.find(text)) <= 6


def test_only_the_first_120_characters_are_looked_at(routing: Routing) -> None:
    assert routing.find("," * 114 + "manado")
    assert not routing.find("," * 120 + "manado")


def test_every_regency_is_found_by_its_own_names(routing: Routing) -> None:
    for regency in FACTS.regencies.values():
        province = FACTS.provinces[regency.province]
        for text in (regency.name, regency.label, f"{regency.label}, {province.name}"):
            found = routing.find(text)
            assert (found[0].code, found[0].score) == (regency.code, EXACT), text
        codes = [match.code for match in routing.find(regency.short_name)]
        assert regency.code in codes


def test_every_alias_of_a_regency_finds_it(routing: Routing) -> None:
    for alias in FACTS.aliases:
        if alias.code in FACTS.regencies:
            assert alias.code in [match.code for match in routing.find(alias.name)], alias


LETTERS = "abcdefghijklmnopqrstuvwxyz"


def missing(text: str, at: int, chance: random.Random) -> str:
    return text[:at] + text[at + 1 :]


def substituted(text: str, at: int, chance: random.Random) -> str:
    return text[:at] + chance.choice(LETTERS) + text[at + 1 :]


def added(text: str, at: int, chance: random.Random) -> str:
    return text[:at] + chance.choice(LETTERS) + text[at:]


def swapped(text: str, at: int, chance: random.Random) -> str:
    at = min(at, len(text) - 2)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


@pytest.mark.parametrize("slip", [missing, substituted, added, swapped])
def test_one_slip_in_any_of_the_514_names_still_offers_the_regency(
    routing: Routing, slip: Callable[[str, int, random.Random], str]
) -> None:
    """Measured: at least 99.8 % among the first three, 98.9 % with the right name first.

    What is left are slips that make another regency's name (bandung, badung).
    """
    chance = random.Random(11)
    offered = first = 0
    for regency in FACTS.regencies.values():
        typed = regency.short_name.lower()
        found = routing.find(slip(typed, chance.randrange(len(typed)), chance))[:3]
        offered += regency.code in [match.code for match in found]
        first += bool(found) and found[0].name.endswith(f" {regency.short_name}")
    assert offered / len(FACTS.regencies) >= 0.99
    assert first / len(FACTS.regencies) >= 0.98


def test_where_the_map_is_sure_one_branch_serves(routing: Routing) -> None:
    assert [branch.id for branch in routing.branches_for("7171")] == ["KC-MANADO"]


def test_where_the_map_is_unsure_both_branches_are_offered_the_nearer_first(
    routing: Routing,
) -> None:
    assert [branch.id for branch in routing.branches_for("1102")] == [
        *("KC-TAPAKTUAN", "KC-KABANJAHE")
    ]


def test_a_replaced_code_leads_to_the_branch_of_its_successor(routing: Routing) -> None:
    assert [branch.id for branch in routing.branches_for("9101")] == ["KC-MERAUKE"]
    assert routing.branches_for("9999") == ()


def test_every_regency_has_a_branch_and_every_province_too(routing: Routing) -> None:
    assert all(routing.branches_for(code) for code in FACTS.regencies)
    assert len(routing.provinces()) == 38
    assert all(routing.branches_in(province.code) for province in routing.provinces())


def test_a_province_lists_its_own_branches_first(routing: Routing) -> None:
    assert [branch.id for branch in routing.branches_in("71")] == ["KC-MANADO", "KC-TONDANO"]
    assert {branch.id for branch in routing.branches_in("94")} == {"KC-BIAK-NUMFOR", "KC-WAMENA"}
