"""Reports as officers read them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.config.settings import ROOT
from flows.journey import Journeys
from forms.fields import Document
from forms.report import Forms, Rendered
from services.queue import Attached
from services.reference import load_reference
from services.reports import Reports, documents
from tests.declared import JOURNEYS
from tests.desk import MANADO, NIK, WEEK

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


PAGES = [Document(letter * 64, "image/jpeg", 1000) for letter in "abc"]


@pytest.fixture(scope="module")
def journeys() -> Journeys:
    return JOURNEYS


@pytest.fixture(scope="module")
def reports(journeys: Journeys) -> Reports:
    reference = load_reference(WEEK, Path("no list of our own"))
    return Reports(journeys, reference, Forms(ROOT / "forms"))


def test_flags_are_told_in_sentences(reports: Reports) -> None:
    answers = {"siapa": "saya", "nama": "Siti Aminah"}
    flags = (
        "skipped:faskes_lama",
        "skipped:anggota.nik_anggota",
        "later:foto_kk",
        "unclear:foto_kartu",
        "tni_polri",
        "language:en",
    )
    report = reports.render(
        "G", answers, number="MND-G-0001", branch=MANADO, now=NOW, flags=flags
    ).full
    warned = report.partition("PERHATIAN PETUGAS")[2].split("\n ! ")[1:]
    assert [line.strip() for line in warned] == [
        "Belum dijawab: Faskes lama.",
        "Belum dijawab: NIK anggota.",
        "Menyusul: Foto KK.",
        "Foto kurang jelas: Foto kartu JKN.",
        "Koordinasikan dengan TNI atau Polri.",
        "Pelapor membaca bahasa Inggris.",
    ]


def test_a_flag_of_an_older_flow_stands_as_it_was(reports: Reports) -> None:
    flags = ("skipped:gone", "gone")
    report = reports.render(
        "G", {"nama": "Siti"}, number="", branch=MANADO, now=NOW, flags=flags
    ).full
    assert " ! skipped:gone\n ! gone\n" in report


def rendered(reports: Reports, service: str, **answers: Any) -> Rendered:
    return reports.render(service, answers, number="X-1", branch=MANADO, now=NOW, flags=())


def line(report: str, label: str) -> str:
    """What stands behind a label."""
    [found] = [row for row in report.splitlines() if f" {label} " in row]
    return found.partition(": ")[2]


def test_identity_numbers_are_whole_for_the_officer_and_masked_otherwise(
    reports: Reports,
) -> None:
    both = rendered(reports, "G", nama="Siti Aminah", nik=NIK)
    assert line(both.full, "NIK") == NIK
    assert line(both.masked, "NIK") == "••••••••••••9901"
    assert line(both.masked, "Nama") == "Siti Aminah"


def test_a_promised_document_and_an_unclear_one_stand_in_the_report(reports: Reports) -> None:
    unclear = msgspec.to_builtins(msgspec.structs.replace(PAGES[0], doubt="blurred"))
    report = rendered(reports, "G", foto_kk={"later": "2026-12-04"}, foto_kartu=[unclear]).full

    assert line(report, "Foto KK") == "menyusul, paling lambat 4 Desember 2026"
    assert line(report, "Foto kartu JKN") == "1 foto (kurang jelas)"


def test_the_instant_is_told_on_the_branchs_clock(reports: Reports) -> None:
    assert "Jumat, 20 November 2026, 10.00 WITA" in rendered(reports, "G", nama="Siti").full


def test_an_answer_that_was_left_out_is_told_as_such(reports: Reports) -> None:
    report = rendered(reports, "G", nama={"skipped": True}, nik=NIK).full
    assert line(report, "Nama") == "tidak diisi"


def test_answers_of_a_group_are_numbered_from_one(reports: Reports) -> None:
    changes = [
        {"atribut": "nik", "nik_lama": NIK},
        {"atribut": "nama", "nama_lama": "Siti Amina"},
    ]
    report = rendered(reports, "E", nama="Siti Aminah", perubahan=changes).full
    assert report.index("PERUBAHAN KE-1") < report.index(NIK) < report.index("PERUBAHAN KE-2")
    assert report.index("PERUBAHAN KE-2") < report.index("Siti Amina\n")


def test_questions_that_were_not_put_are_not_in_the_report(reports: Reports) -> None:
    assert "NIK" not in rendered(reports, "G", nama="Siti Aminah").full


def test_documents_are_found_by_step_and_page(journeys: Journeys) -> None:
    first, second, third = PAGES
    answers = {
        "foto_kk": msgspec.to_builtins([first, second]),
        "foto_kartu": msgspec.to_builtins([third]),
        "foto_surat_tugas": {"skipped": True},
        "nama": "Siti",
    }
    assert documents(journeys.services["G"], answers) == [
        Attached("foto_kk", 1, first),
        Attached("foto_kk", 2, second),
        Attached("foto_kartu", 1, third),
    ]
    assert documents(journeys.services["G"], {}) == []
