"""A report read back from its text: every line as it was printed, whatever was answered."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from forms.printed import lines, sections
from forms.report import Entry, Forms, Line, Report

FOLDER = Path(__file__).parents[2] / "forms"
FILED = datetime(2026, 11, 24, 10, 31, tzinfo=ZoneInfo("Asia/Makassar"))

DECEIVING = (
    "9. NIK : 7171012703569901",
    "! Sudah diperiksa",
    "A : B",
    "PERHATIAN PETUGAS",
    "satu\n 2. NIK : 1\n ! dua",
)
"""Answers that look like lines of a form."""


def printed(form: str, *entries: Entry, flags: tuple[str, ...] = ()) -> str:
    report = Report("G", "Pindah faskes", "Kantor Cabang Manado", FILED, entries, flags, "MND-G-1")
    return Forms(FOLDER).render(form, report).full


def test_head_answers_and_flags_are_told_apart() -> None:
    text = printed(
        "g_perubahan_fktp.txt.j2",
        Entry("nama", "Nama", "Siti", "Siti"),
        Entry("hp", "HP", "", ""),
        flags=("NIK tidak cocok.",),
    )

    assert [(section.heading, section.lines) for section in sections(text)] == [
        ("FORMULIR PERUBAHAN FKTP", []),
        (
            "Kantor Cabang Manado",
            [
                Line(0, "Nomor", "MND-G-1"),
                Line(0, "Dikirim", "Selasa, 24 November 2026, 10.31 WITA"),
                Line(0, "Layanan", "G. Pindah faskes"),
            ],
        ),
        ("PELAPOR", [Line(1, "HP", "tidak diisi")]),
        ("PESERTA", [Line(2, "Nama", "Siti")]),
        ("PERHATIAN PETUGAS", [Line(0, "", "NIK tidak cocok.")]),
    ]


@pytest.mark.parametrize("form", sorted(path.name for path in FOLDER.glob("?_*.txt.j2")))
@pytest.mark.parametrize("answer", DECEIVING)
def test_no_answer_passes_for_another_line(form: str, answer: str) -> None:
    [found] = [
        line for line in lines(printed(form, Entry("x", "Isian", answer, answer))) if line.number
    ]

    assert found == Line(1, "Isian", " ".join(answer.split()))


@pytest.mark.parametrize("form", sorted(path.name for path in FOLDER.glob("?_*.txt.j2")))
def test_every_form_is_read_back_whole(form: str) -> None:
    entries = [Entry(f"s{n}", f"Isian {n}", f"nilai {n}", f"nilai {n}") for n in range(120)]

    answers = [line for line in lines(printed(form, *entries)) if line.number]

    assert [line.number for line in answers] == list(range(1, 121))
    assert {(line.label, line.value) for line in answers} == {
        (entry.label, entry.full) for entry in entries
    }
