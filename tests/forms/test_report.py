"""Report forms: what a branch reads of a filed request."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from forms.report import Entry, FormErrors, Forms, Report

FOLDER = Path(__file__).parents[2] / "forms"
NIK = "7171012703569901"

ENTRIES = (
    Entry("pelapor", "Data milik", "Orang tua", "Orang tua"),
    Entry("nama_pelapor", "Nama pelapor", "Budi", "Budi"),
    Entry("nama", "Nama", "Siti Aminah", "Siti Aminah"),
    Entry("nik", "NIK", "••••••••••••9901", NIK),
    Entry("atribut", "Yang diubah", "Nama", "Nama", item=1),
    Entry("nama_lama", "Nama yang tercatat", "", "", item=1),
    Entry("atribut", "Yang diubah", "Nomor HP", "Nomor HP", item=2),
    Entry("hp_baru", "Nomor HP baru", "0812-0000-0142", "+6281200000142", item=2),
    Entry("foto_ktp", "Foto KTP", "1 foto", "1 foto"),
)


def report(**changes: object) -> Report:
    values = {
        "service": "E",
        "title": "Ubah data identitas",
        "branch": "Kantor Cabang Manado",
        "filed": datetime(2026, 11, 24, 10, 31, tzinfo=ZoneInfo("Asia/Makassar")),
        "entries": ENTRIES,
    }
    return Report(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def forms() -> Forms:
    return Forms(FOLDER)


def test_a_form_has_letterhead_sections_and_numbered_lines(forms: Forms) -> None:
    text = forms.render("e_perubahan_identitas.txt.j2", report(number="MND-E-0034")).full

    assert text == (Path(__file__).parent / "report_e.txt").read_text("utf-8")


def test_the_masked_variant_never_shows_an_identity_number(forms: Forms) -> None:
    rendered = forms.render("e_perubahan_identitas.txt.j2", report())

    assert NIK in rendered.full
    assert NIK not in rendered.masked
    assert "••••••••••••9901" in rendered.masked
    assert (
        rendered.masked.replace("••••••••••••9901", NIK).replace("0812-0000-0142", "+6281200000142")
        == rendered.full
    )


def test_a_report_without_a_number_has_no_line_for_it(forms: Forms) -> None:
    assert "Nomor   :" not in forms.render("e_perubahan_identitas.txt.j2", report()).full


def test_an_answer_that_no_section_names_is_printed_at_the_end(forms: Forms) -> None:
    new = Entry("langkah_baru", "Langkah baru", "isi", "isi")
    again = Entry("langkah_baru", "Langkah baru", "isi kedua", "isi kedua", item=1)

    text = forms.render("g_perubahan_fktp.txt.j2", report(entries=(*ENTRIES, new, again))).full

    tail = text.partition("LAIN-LAIN")[2]
    assert "isi\n" in tail
    assert "isi kedua" in tail


@pytest.mark.parametrize("form", sorted(path.name for path in FOLDER.glob("?_*.txt.j2")))
def test_every_answer_is_printed_exactly_once_whatever_the_form(forms: Forms, form: str) -> None:
    entries = [Entry(f"s{n}", f"L{n}", f"nilai-{n}-", f"nilai-{n}-") for n in range(30)]

    text = forms.render(form, report(entries=[*ENTRIES, *entries])).full

    for entry in entries:
        assert text.count(entry.full) == 1
    assert text.count(NIK) == 1


def test_flags_stand_at_the_end_for_the_officer(forms: Forms) -> None:
    text = forms.render("c_bayi_baru_lahir.txt.j2", report(flags=["Bayi masih dirawat."])).full

    assert text.endswith("PERHATIAN PETUGAS\n ! Bayi masih dirawat.\n")


def test_an_answer_cannot_forge_a_line_of_the_report(forms: Forms) -> None:
    nasty = Entry("nama", "Nama", "A\n 9. NIK : 1\u202e", "A\n 9. NIK : 1\u202e")

    lines = forms.render("e_perubahan_identitas.txt.j2", report(entries=[nasty])).full.splitlines()

    assert " 1. Nama : A 9. NIK : 1" in lines


def test_a_form_that_names_what_a_report_lacks_fails_loudly(tmp_path: Path) -> None:
    (tmp_path / "z.txt.j2").write_text("{{ report.color }}")

    with pytest.raises(UndefinedError):
        Forms(tmp_path).render("z.txt.j2", report())


def test_an_unknown_form_is_refused(forms: Forms) -> None:
    with pytest.raises(TemplateNotFound):
        forms.render("missing.txt.j2", report())


def test_all_broken_forms_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "x.txt.j2").write_text("{% if %}")
    (tmp_path / "y.txt.j2").write_text("whole")
    (tmp_path / "z.txt.j2").write_text("{{ report.title }}\n{% bold %}")

    with pytest.raises(FormErrors) as refused:
        Forms(tmp_path).warm()

    told = [problem.split(": ")[0] for problem in refused.value.problems]
    assert told == ["forms/x.txt.j2:1", "forms/z.txt.j2:2"]


def test_warm_forms_read_no_file_any_more(tmp_path: Path) -> None:
    (tmp_path / "z.txt.j2").write_text("{{ report.title }}")
    forms = Forms(tmp_path)
    forms.warm()
    (tmp_path / "z.txt.j2").unlink()

    assert forms.render("z.txt.j2", report()).full == "Ubah data identitas\n"
