"""``bot.py import facilities`` takes a full list or refuses it with every bad line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli.import_facilities import command
from data.facility_list import load_facilities, read_facilities
from data.facts import load_facts
from data.table import Problems

DIRECTORY = """facility_code,type,level,name,address,regency_code
00010001,puskesmas,FKTP,Puskesmas  Uji Satu,"Jl. Uji, No. 1",7171
0001B001,klinik_pratama,FKTP,Klinik Uji,,9101
0001R001,rumah_sakit,FKRTL,RS Uji,,7171
"""
BAD = """code,name,type,regency_code
10001,Puskesmas Uji,puskesmas,7171
00010002,Puskesmas Uji,puskesmes,7171
00010003,,puskesmas,7171
00010004,Puskesmas Uji,puskesmas,7199
00010005,Puskesmas Uji,puskesmas
00010006,Puskesmas Uji,puskesmas,7171
00010006,Puskesmas Uji,puskesmas,7171
"""


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "var" / "facilities.csv"


def run(text: str, kept: Path, *arguments: str) -> tuple[int, str, str]:
    file = kept.parents[1] / "list.csv"
    file.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(command, [str(file), "--to", str(kept), *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_the_columns_of_the_public_directory_are_taken_as_they_are(kept: Path) -> None:
    code, told, _ = run(DIRECTORY, kept, "--json")
    assert code == 0
    assert json.loads(told) == {
        "file": str(kept.parents[1] / "list.csv"),
        "kept": 2,
        "types": {"puskesmas": 1, "klinik_pratama": 1},
        "left_out": {"rumah_sakit": 1},
        "written_to": str(kept),
        "problems": [],
    }
    assert kept.read_text() == (
        "code,name,type,regency_code\n"
        "00010001,Puskesmas Uji Satu,puskesmas,7171\n"
        "0001B001,Klinik Uji,klinik_pratama,9301\n"
    )


def test_what_was_imported_joins_the_shipped_sample(kept: Path) -> None:
    facts = load_facts()
    sample = len(load_facilities(facts, kept))
    run(DIRECTORY, kept)
    joined = {facility.code: facility for facility in load_facilities(facts, kept)}
    assert len(joined) == sample + 1  # 00010001 is in the sample too
    assert joined["00010001"].name == "Puskesmas Uji Satu"


def test_every_bad_line_is_told_and_nothing_is_changed(kept: Path) -> None:
    run(DIRECTORY, kept)
    before = kept.read_bytes()
    code, told, errors = run(BAD, kept)
    assert (code, told) == (1, "")
    assert errors.splitlines() == [
        "list.csv:2: code 10001 has not 8 letters and digits; keep the column as text, "
        "so that leading zeros stay",
        "list.csv:3: type puskesmes is not one of puskesmas, klinik_pratama, klinik_tni_polri, "
        "dokter_umum, dokter_gigi, klinik_utama, rumah_sakit, apotek; did you mean puskesmas?",
        "list.csv:4: name is empty; fill it in",
        "list.csv:5: regency_code 7199 is not known; see regencies.csv",
        "list.csv:6: 3 cells where the header has 4; put a cell that holds a comma in quotes",
        "list.csv:8: code 00010006 is in line 7 already; remove one",
        "list.csv: 6 problems; nothing was changed",
    ]
    assert kept.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "list.csv:1: no column code, name, type, regency_code"),
        ("code,name,type,regency_code\n", "list.csv: no first-level facility in it"),
        ("kode;nama\n", "list.csv:1: no column code"),
    ],
)
def test_an_empty_or_foreign_file_is_refused(kept: Path, text: str, told: str) -> None:
    code, _, errors = run(text, kept)
    assert code == 1
    assert told in errors
    assert not kept.exists()


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(command, [str(tmp_path / "none.csv"), "--to", str(tmp_path / "x")])
    assert result.exit_code == 1
    assert "none.csv: the file is missing" in result.stderr


def test_a_failed_write_keeps_the_old_list(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(DIRECTORY, kept)
    before = kept.read_bytes()

    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full_disk)
    code, _, _ = run(DIRECTORY.replace("Uji Satu", "Uji Dua"), kept)
    assert code != 0
    assert kept.read_bytes() == before
    assert [file.name for file in kept.parent.iterdir()] == ["facilities.csv"]


def test_who_is_reading_the_old_list_reads_it_to_the_end(kept: Path) -> None:
    run(DIRECTORY, kept)
    before = kept.read_text()
    with kept.open() as reader:
        run(DIRECTORY.replace("Uji Satu", "Uji Dua"), kept)
        assert reader.read() == before
    assert "Uji Dua" in kept.read_text()


def test_twenty_eight_thousand_lines_are_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    rows = (f"{number:08},Puskesmas Uji {number},puskesmas,7171" for number in range(28_000))
    file.write_text("code,name,type,regency_code\n" + "\n".join(rows))
    problems = Problems()
    assert len(read_facilities(file, load_facts(), problems).facilities) == 28_000
    assert problems.found == []
