"""Reports on paper: complete, the same every time, and nothing typed is ever a command."""

import io
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from forms.pdf import pdf
from forms.pdf_fonts import MISSING, drawable

ROOT = Path(__file__).parents[2]
REPORT = (Path(__file__).parent / "report_e.txt").read_text("utf-8")
FILED = datetime(2026, 11, 24, 10, 31, tzinfo=ZoneInfo("Asia/Makassar"))
AGAIN = "import sys; from tests.forms.test_pdf import made; sys.stdout.buffer.write(made())"


def made(report: str = REPORT, *, masked: bool = False) -> bytes:
    return pdf(report, number="MND-E-0034", masked=masked, filed=FILED)


def pages(file: bytes) -> list[str]:
    """The text of each page, with single spaces."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(file)).pages]


def with_answer(value: str) -> str:
    return f"FORMULIR\nKantor Cabang Manado\nNomor : MND-E-0034\n\nPESERTA\n 1. Nama : {value}\n"


def family(members: int, lines: int) -> str:
    text = "FORMULIR\nKantor Cabang Manado\nNomor : MND-A-0001\n"
    for member in range(1, members + 1):
        text += f"\nANGGOTA KE-{member}\n"
        first = (member - 1) * lines + 1
        text += "".join(f"{n}. Isian {n} : nilai-{n}-\n" for n in range(first, first + lines))
    return text


def test_every_line_of_the_form_is_on_the_paper_in_its_order() -> None:
    [page] = pages(made())

    at = 0
    for line in REPORT.splitlines():
        for part in line.split(" : "):
            words = " ".join(part.split())
            at = page.find(words, 0 if line.startswith(("FORMULIR", "Kantor")) else at)
            assert at >= 0, (words, page)


def test_what_the_officer_must_look_at_comes_first() -> None:
    flagged = family(10, 12) + "\nPERHATIAN PETUGAS\n ! NIK tidak cocok.\n"

    first, *others = pages(made(flagged))

    assert "PERHATIAN PETUGAS ! NIK tidak cocok. ANGGOTA KE-1" in first
    assert not any("NIK tidak cocok" in page for page in others)


def test_every_page_says_which_ticket_and_variant_and_how_many_pages() -> None:
    text = family(10, 12)
    found = pages(made(text, masked=True))

    assert len(found) > 2
    for n, page in enumerate(found, 1):
        assert f"Halaman {n} dari {len(found)}" in page
        assert "MND-E-0034 · Nomor identitas disamarkan" in page
        assert "bukan surat resmi BPJS Kesehatan" in page
    assert "MND-E-0034 · Data lengkap" in pages(made())[0]


def test_no_member_of_a_family_is_parted_over_two_pages() -> None:
    found = pages(made(family(10, 12)))

    for member in range(10):
        on = {
            n
            for n, page in enumerate(found)
            for line in range(member * 12 + 1, member * 12 + 13)
            if f"nilai-{line}-" in page
        }
        assert len(on) == 1, f"member {member + 1} is on pages {on}"


def test_the_last_section_is_never_alone_on_a_page() -> None:
    end = "\nBERKAS\n 1. Foto KK : 1 foto\n\nLAYANAN\n 2. Kantor : Manado\n 3. Faskes : Sario\n"
    for lines in range(35, 45):
        *_, last = pages(made(family(1, lines) + end))
        assert ("BERKAS" in last) is ("LAYANAN" in last), f"{lines} lines"


def test_a_long_section_goes_on_under_its_heading_on_the_next_page() -> None:
    first, second = pages(made(family(1, 60)))

    assert "ANGGOTA KE-1" in first
    assert second.partition("Halaman 2 dari 2 ")[2].startswith("ANGGOTA KE-1")
    assert all(f"nilai-{n}-" in first + second for n in range(1, 61))


@pytest.mark.parametrize(("part", "times"), [("kata ", 800), ("Q", 4000)])
def test_an_answer_may_be_longer_than_a_page(part: str, times: int) -> None:
    found = pages(made(with_answer(part * times)))

    assert len(found) > 1
    assert "".join(found).count(part.strip()) == times


def test_what_was_typed_is_never_markup() -> None:
    typed = "<b>tebal</b> & <para><font color='[1][0]'>&#60;</font><img src='/etc/passwd'/>"

    assert typed.replace(" ", "") in pages(made(with_answer(typed)))[0].replace(" ", "")


def test_the_same_report_is_the_same_file_in_every_process_and_thread() -> None:
    environment = {**os.environ, "PYTHONHASHSEED": "77", "TZ": "America/Lima"}
    command = [sys.executable, "-c", AGAIN]
    elsewhere = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    with ThreadPoolExecutor(4) as threads:
        files = set(threads.map(lambda _: made(), range(8)))

    assert files == {elsewhere.stdout}


def test_the_file_is_of_the_day_of_filing_and_names_nobody() -> None:
    about = PdfReader(io.BytesIO(made())).metadata

    assert about is not None
    assert about.creation_date == FILED
    assert about.title == "MND-E-0034 FORMULIR PERUBAHAN IDENTITAS PESERTA"
    assert not any("Siti" in str(value) for value in about.values())


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("Đặng Ngọc Ánh, Łukasz, José", "Đặng Ngọc Ánh, Łukasz, José"),
        ("Жуков Ωmega ••••9901", "Жуков Ωmega ••••9901"),
        ("𝐒𝐢𝐭𝐢 Ａｍｉｎａｈ", "Siti Aminah"),
        ("王小明 dan 😀", f"{MISSING} dan {MISSING}"),
        ("محمد", MISSING),
    ],
)
def test_letters_that_the_font_lacks_are_marked(typed: str, drawn: str) -> None:
    assert drawable(typed) == drawn


def test_a_report_with_a_missing_sign_says_what_the_mark_means() -> None:
    assert "tidak bisa dicetak" in pages(made(with_answer("王小明")))[0]
    assert "tidak bisa dicetak" not in pages(made(with_answer("Siti")))[0]
