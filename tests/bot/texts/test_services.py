"""The declared services: how long they are, and where their rules lead."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.cli.checks import declarations
from flows.journey import At
from tests.declared import JOURNEYS

ROOT = Path(__file__).parents[3]
TODAY = date(2026, 11, 20)


class NoFacts:
    """Knows no facility."""

    def facility_name(self, code: str) -> str:
        return ""


COMMON: dict[str, Any] = {
    "nik": "7171012703569901",
    "tgl_lahir": "1956-03-27",
    "cabang": "KC-MANADO",
}
MYSELF = {**COMMON, "pelapor": "saya"}
DEATH = {
    "nik_almarhum": "7171012703569901",
    "lahir_almarhum": "1956-03-27",
    "tgl_meninggal": "2026-11-15",
}
ABROAD = {"perkara": "luar_negeri", "segmen": "mandiri", "lama": "ya", "iuran_lunas": "ya"}
PAID = {"segmen": "mandiri", "sudah_bayar": "ya"}
THIRTY_DAYS = {"tgl_daftar": "2026-10-21"}
LATELY = {"tgl_daftar": "2026-11-01", "kelas_lama": "1", "kelas_baru": "3"}
IDENTITY = {**MYSELF, "segmen": "mandiri", "dokumen_benar": "ya"}
FACILITY = {**COMMON, "siapa": "saya", "tni_polri": "tidak", "sejak": "2026-09-20"}
NEWBORN = {
    "pelapor": "ibu",
    "segmen": "negara",
    "tgl_lahir": "2026-11-10",
    "terdaftar": "tidak",
    "dirawat": "tidak",
}

LEAVER = {
    **COMMON,
    "tujuan": "mandiri",
    "asal": "swasta",
    "alasan": "berhenti",
    "nonaktif": "sudah",
    "tgl_nonaktif": "2026-10-20",
    "siapa": "keluarga",
}
ALONE = {
    **MYSELF,
    "segmen": "mandiri",
    "pernah": "belum",
    "setuju_bayar": "ya",
    "bersama": "tidak",
    "milik": "sendiri",
    "alamat_sama": "ya",
}
EMPLOYEE = {**ALONE, "segmen": "negara", "bersama": "ya", "angkat": "tidak"}
FOREIGNER = {**ALONE, "segmen": "wna", "kerja_wna": "sendiri", "masuk": "2026-05-20"}
JOINING = {
    **MYSELF,
    "segmen": "mandiri",
    "siapa": "keluarga",
    "setuju_bayar": "ya",
    "autodebit": "tidak",
}
ONE_PERCENT = {"segmen": "negara", "siapa": "tambahan", "setuju_potong": "ya"}
CHILD = {
    "nik_tanggungan": "7171012011059901",
    "lahir_tanggungan": "2005-11-20",
    "hubungan_tanggungan": "anak_1",
}
STUDENT = {**COMMON, "sebab": "kuliah", "tgl_lahir": "2005-11-20", "siapa": "keluarga"}


def journey(code: str, answers: dict[str, Any], changes: list[dict[str, Any]]) -> list[str]:
    """The states that somebody with these answers passes; other questions get some text."""
    service = JOURNEYS.services[code]
    given: dict[str, Any] = {}
    passed: list[str] = []
    while True:
        at = At(service, given, TODAY, NoFacts())  # type: ignore[arg-type]
        service.walk(at)
        passed.append(at.state)
        state = service.states.get(at.state)
        if state is None or service.is_result(at.state):
            return passed
        if state.is_more:
            given[at.state] = "tidak"
        elif state.group is not None:
            items = given.setdefault(state.group.name, [{}])
            items[0][state.entry.name] = changes[0].get(state.entry.name, "isi")
        else:
            given[at.state] = answers.get(at.state, "isi")


def typed_questions(code: str, states: list[str]) -> int:
    """How many questions want typing: choices, photos and confirmations take a tap."""
    service = JOURNEYS.services[code]
    kinds = Counter(
        step.type for name in states if (step := getattr(service.states.get(name), "step", None))
    )
    tapped = ("choice", "yes_no", "photo", "branch")
    return sum(n for kind, n in kinds.items() if kind not in tapped)


@pytest.mark.parametrize(
    ("code", "answers", "most_typed", "most_questions"),
    [
        ("A", ALONE, 9, 20),
        ("A", {**EMPLOYEE, "bersama": "tidak"}, 10, 17),
        ("A", FOREIGNER, 9, 21),
        ("B", JOINING, 10, 20),
        ("B", {**JOINING, "segmen": "negara"}, 9, 17),
        ("E", IDENTITY, 7, 13),
        ("F", {"segmen": "pns", "perubahan": "golongan", **MYSELF}, 9, 16),
        ("F", {"segmen": "tni", "perubahan": "golongan", **MYSELF}, 10, 14),
        ("F", {"segmen": "polri", "perubahan": "gaji", **MYSELF}, 10, 14),
        ("H", {"perkara": "meninggal", "segmen": "mandiri", **DEATH}, 8, 13),
        ("H", {"perkara": "kk", "segmen": "mandiri", "sebab": "nikah", "kk_baru": "ya"}, 5, 11),
        ("I", {"masalah": "dua_kartu", "satu_orang": "ya", **MYSELF}, 7, 12),
        ("KR", {"segmen": "mandiri", "sudah_bayar": "tidak", **MYSELF, **LATELY}, 7, 13),
        ("NP", {"pernah_bayar": "tidak", "tgl_daftar": "2026-10-01", **MYSELF}, 9, 12),
        ("G", {**FACILITY, "alasan": "pindah"}, 9, 13),
        ("D", LEAVER, 7, 18),
        ("J", STUDENT, 6, 13),
        ("C", NEWBORN, 10, 18),
        ("C", {**NEWBORN, "segmen": "mandiri", "autodebit": "tidak"}, 12, 21),
    ],
)
def test_the_usual_way_is_short(
    code: str, answers: dict[str, Any], most_typed: int, most_questions: int
) -> None:
    states = journey(code, answers, [{"atribut": "nama"}])
    questions = [name for name in states if "foto_" not in name and name != "review"]

    assert states[-1] == "review"
    assert typed_questions(code, states) <= most_typed
    assert len(questions) <= most_questions


@pytest.mark.parametrize(
    ("code", "answers", "end"),
    [
        ("A", {**ALONE, "segmen": "swasta"}, "hrd"),
        ("A", {**ALONE, "segmen": "pbi"}, "dinsos"),
        ("A", {**ALONE, "segmen": "bayi"}, "bayi"),
        ("A", {**ALONE, "pernah": "pindah"}, "ganti"),
        ("A", {**EMPLOYEE, "pernah": "pindah"}, "ganti_pegawai"),
        ("A", {**ALONE, "pernah": "mati"}, "aktifkan"),
        ("A", {**ALONE, "setuju_bayar": "tidak"}, "ditunda"),
        ("A", FOREIGNER, "review"),
        ("A", {**FOREIGNER, "masuk": "2026-05-21"}, "belum_cukup"),
        ("A", {**FOREIGNER, "kerja_wna": "perusahaan"}, "hrd_wna"),
        ("B", {**JOINING, "segmen": "swasta"}, "hrd"),
        ("B", {**JOINING, "segmen": "pbi"}, "dinsos"),
        ("B", {**JOINING, "siapa": "bayi"}, "bayi"),
        ("B", {**JOINING, "segmen": "pensiunan", "siapa": "tambahan"}, "tambahan_pensiunan"),
        ("B", {**JOINING, **ONE_PERCENT}, "review"),
        ("B", {**JOINING, **ONE_PERCENT, "setuju_potong": "tidak"}, "tidak_potong"),
        ("E", {**IDENTITY, "segmen": "swasta"}, "hrd"),
        ("E", {**IDENTITY, "dokumen_benar": "tidak"}, "dukcapil"),
        ("E", {**IDENTITY, "segmen": "belum_tahu"}, "review"),
        ("G", {**FACILITY, "sejak": "2026-08-20"}, "mobile_jkn"),
        ("G", {**FACILITY, "sejak": "2026-08-21", "alasan": "biasa"}, "tunggu"),
        ("G", {**FACILITY, "sejak": "2026-08-21", "alasan": "pindah"}, "review"),
        ("G", {**FACILITY, "sejak": "2020-01-01", "tni_polri": "ya"}, "review"),
        ("G", {**FACILITY, "alasan": "redistribusi"}, "review"),
        (
            "D",
            {**LEAVER, "alasan": "phk", "bukti_phk": "bersama", "tgl_phk": "2026-05-20"},
            "review",
        ),
        ("D", {**LEAVER, "nonaktif": "belum"}, "lapor_dulu"),
        ("H", {**DEATH, "perkara": "meninggal", "segmen": "pbi"}, "review"),
        ("H", {**DEATH, "perkara": "meninggal", "lahir_almarhum": "2026-11-15"}, "review"),
        ("H", {"perkara": "kk", "segmen": "pbi"}, "dinas_sosial"),
        ("H", {"perkara": "meninggal", "segmen": "swasta"}, "hrd"),
        ("H", {**ABROAD, "berangkat": "2026-11-30"}, "review"),
        ("H", {**ABROAD, "berangkat": "2026-12-01"}, "bulan_berangkat"),
        ("KR", {**PAID, "sejak": "2025-11-20"}, "mobile_jkn"),
        ("KR", {**PAID, "sejak": "2025-11-21"}, "tunggu"),
        ("KR", {**PAID, **MYSELF, **LATELY, "sudah_bayar": "tidak"}, "review"),
        ("KR", {**PAID, "sudah_bayar": "tidak", "tgl_daftar": "2026-10-20"}, "nomor_lewat"),
        ("KR", {**PAID, **MYSELF, **LATELY, "sudah_bayar": "tidak", **THIRTY_DAYS}, "review"),
        ("NP", {"pernah_bayar": "tidak", **THIRTY_DAYS}, "masih_berlaku"),
        ("NP", {**MYSELF, "pernah_bayar": "tidak", "tgl_daftar": "2026-10-20"}, "review"),
        ("J", STUDENT, "review"),
        ("J", {**STUDENT, "tgl_lahir": "2005-11-21"}, "belum_dewasa"),
        ("J", {**STUDENT, "tgl_lahir": "2001-11-21"}, "review"),
        ("J", {**STUDENT, "tgl_lahir": "2001-11-20"}, "lewat_usia"),
        ("J", {**STUDENT, "sebab": "lansia", "tgl_lahir": "1936-11-20"}, "review"),
        ("J", {**STUDENT, "sebab": "lansia", "tgl_lahir": "1936-11-21"}, "belum_lansia"),
        ("C", {**NEWBORN, "segmen": "belum"}, "belum_peserta"),
        ("C", {**NEWBORN, "segmen": "swasta", "tgl_lahir": "2026-10-23"}, "review"),
        ("C", {**NEWBORN, "segmen": "swasta", "tgl_lahir": "2026-10-22"}, "hrd"),
        ("C", {**NEWBORN, "terdaftar": "ya", "tgl_lahir": "2026-10-22"}, "lengkapi_data"),
        ("C", {**NEWBORN, "segmen": "mandiri", "tgl_lahir": "2026-10-23"}, "review"),
        (
            "C",
            {**NEWBORN, "segmen": "mandiri", "tgl_lahir": "2026-10-22", "iuran_mundur": "tidak"},
            "ditunda",
        ),
        ("C", {**NEWBORN, "tgl_lahir": "2026-08-20", "ada_nik": "tidak"}, "review"),
        ("C", {**NEWBORN, "tgl_lahir": "2026-08-19", "ada_nik": "tidak"}, "urus_nik"),
        ("C", {**NEWBORN, "tgl_lahir": "2025-11-21"}, "review"),
        ("C", {**NEWBORN, "tgl_lahir": "2025-11-20"}, "sudah_besar"),
    ],
)
def test_the_rules_lead_where_the_sources_say(code: str, answers: dict[str, Any], end: str) -> None:
    assert journey(code, answers, [{"atribut": "nama"}])[-1] == end


@pytest.mark.parametrize(
    ("born", "asked"),
    [
        ("2005-11-21", []),
        ("2005-11-20", ["kuliah"]),
        ("2001-11-21", ["kuliah"]),
        ("2001-11-20", ["lewat_umur"]),
    ],
)
def test_children_of_a_wage_are_asked_about_at_21_and_leave_at_25(
    born: str, asked: list[str]
) -> None:
    child = {**CHILD, "lahir_tanggungan": born, "cek_tanggungan": "benar", "kuliah": "ya"}

    for code, answers in (("A", EMPLOYEE), ("B", {**JOINING, "segmen": "negara"})):
        states = journey(code, answers, [child])
        inside = [name.partition(".")[2] for name in states if name.startswith("tanggungan.")]
        assert [name for name in inside if name in ("kuliah", "lewat_umur")] == asked
        assert ("foto_sekolah" in states) is (asked == ["kuliah"])


def test_a_wife_is_never_asked_whether_she_studies() -> None:
    wife = {**CHILD, "hubungan_tanggungan": "istri"}

    assert "tanggungan.kuliah" not in journey("A", EMPLOYEE, [wife])


def test_the_first_payment_is_told_from_the_14th_to_the_30th_day() -> None:
    at = At(JOURNEYS.services["A"], {}, TODAY, NoFacts())  # type: ignore[arg-type]

    assert at.value("bayar_mulai") == date(2026, 12, 4)
    assert at.value("bayar_sampai") == date(2026, 12, 20)


@pytest.mark.parametrize(
    ("ended", "asked"),
    [("2026-10-20", "lanjut_langsung"), ("2026-10-19", "lanjut_tunggu")],
)
def test_within_a_month_after_the_employer_nobody_waits(ended: str, asked: str) -> None:
    states = journey("D", {**LEAVER, "tgl_nonaktif": ended}, [])

    assert [name for name in states if name.startswith("lanjut_")] == [asked]


@pytest.mark.parametrize(("laid_off", "offered"), [("2026-05-20", True), ("2026-05-19", False)])
def test_the_guarantee_after_a_lay_off_lasts_six_months(laid_off: str, offered: bool) -> None:
    proven = {**LEAVER, "alasan": "phk", "bukti_phk": "disnaker", "tgl_phk": laid_off}

    assert ("jalur" in journey("D", proven, [])) is offered


@pytest.mark.parametrize(
    ("left", "asked"), [("2026-05-10", "lanjut_lama"), ("2026-05-11", "lanjut_singkat")]
)
def test_six_months_abroad_decide_since_when_contributions_are_owed(left: str, asked: str) -> None:
    away = {**STUDENT, "sebab": "luar_negeri", "tgl_pergi": left, "tgl_pulang": "2026-11-10"}
    states = journey("J", away, [])

    assert [name for name in states if name.startswith("lanjut_")] == [asked]


@pytest.mark.parametrize(
    ("reason", "letter"),
    [
        ("pindah", "foto_surat_pindah"),
        ("dinas", "foto_surat_tugas"),
        ("kuliah", "foto_surat_kuliah"),
        ("didaftarkan", None),
        ("redistribusi", None),
    ],
)
def test_each_reason_to_move_early_asks_for_its_own_letter(reason: str, letter: str | None) -> None:
    states = journey("G", {**FACILITY, "alasan": reason}, [])

    assert [name for name in states if name.startswith("foto_surat")] == [letter] * bool(letter)


@pytest.mark.parametrize(
    ("attribute", "asked"),
    [
        ("nama", ["nama_lama"]),
        ("nik", ["nik_lama"]),
        ("kk", ["kk_baru"]),
        ("tgl_lahir", ["tgl_lama"]),
        ("kelamin", ["kelamin_baru"]),
        ("alamat", ["alamat_baru"]),
        ("hp", ["hp_lama", "hp_baru"]),
        ("email", ["email_baru"]),
    ],
)
def test_each_attribute_asks_only_for_what_it_needs(attribute: str, asked: list[str]) -> None:
    states = journey("E", IDENTITY, [{"atribut": attribute, "kelamin_baru": "L"}])

    inside = [name.partition(".")[2] for name in states if name.startswith("perubahan.")]
    assert inside == ["atribut", *asked, "more"]


def test_a_birth_date_that_disagrees_with_the_nik_is_asked_back() -> None:
    assert "cek_lahir" not in journey("E", IDENTITY, [{"atribut": "nama"}])
    other = {**IDENTITY, "tgl_lahir": "1956-03-28", "cek_lahir": "benar"}
    assert "cek_lahir" in journey("E", other, [{"atribut": "nama"}])


def test_village_endorsement_is_asked_of_aided_members_only() -> None:
    asked = {
        kind: "foto_pengesahan" in journey("E", {**IDENTITY, "segmen": kind}, [{"atribut": "nama"}])
        for kind in ("pbi", "mandiri", "negara", "pensiunan")
    }

    assert asked == {"pbi": True, "mandiri": False, "negara": False, "pensiunan": False}


def test_a_new_telephone_number_needs_no_village_endorsement() -> None:
    aided = {**IDENTITY, "segmen": "pbi"}

    assert "foto_pengesahan" not in journey("E", aided, [{"atribut": "hp"}])


def test_papers_of_the_bank_are_asked_only_without_autodebit() -> None:
    payer = {**NEWBORN, "segmen": "mandiri"}

    assert "rekening" not in journey("C", {**payer, "autodebit": "ya"}, [{}])
    assert "rekening" not in journey("C", NEWBORN, [{}])
    without = {**payer, "autodebit": "tidak"}
    asked = {"rekening", "pemilik_rekening", "foto_rekening", "foto_autodebit"}
    assert asked <= set(journey("C", {**without, "bank": "panin"}, [{}]))
    assert not asked & set(journey("C", {**without, "bank": "lain"}, [{}]))


def test_the_menu_has_every_letter_once_and_in_order() -> None:
    assert list(JOURNEYS.flows) == [*"ABCDEFGHIJ", "KR", "NP"]


def test_services_name_their_sources_and_help_at_every_question() -> None:
    assert declarations.check(ROOT) == []


def test_an_unnamed_source_and_a_question_without_help_are_told(tmp_path: Path) -> None:
    for folder in ("flows", "forms", "docs"):
        (tmp_path / folder).mkdir()
    (tmp_path / "docs" / "domain.md").write_text("| key | source |\n|---|---|\n| S3 | x |\n")
    (tmp_path / "forms" / "z_coba.txt.j2").write_text(
        '{{ sheet.lines("nama", "nik", "hp", "kota") }}'
    )
    (tmp_path / "flows" / "z_coba.yaml").write_text(
        "code: Z\ntitle: Coba\nmenu: {order: 99, row: Coba}\n"
        "source: {key: S3, date: 2024}\n"
        "rules: {n: {value: 1, source: S9, date: 2024}}\n"
        "documents: {kk: {name: KK, source: S3, date: 2024}}\n"
        "steps:\n"
        "  nama: {type: name, ask: Nama, label: Nama, help: Tulis nama.}\n"
        "  nik: {type: nik, ask: NIK, label: NIK, help: Tulis NIK., again: Lihat KTP.}\n"
        "  hp: {type: phone, ask: HP, label: HP, help: Tulis HP., hint: Angkanya.}\n"
        "  kota: {type: regency, ask: Kota, label: Kota}\n"
        "  cabang: {type: branch, from: kota, ask: Kantor, label: Kantor, help: Pilih.}\n"
        "report: z_coba.txt.j2\n"
    )

    told = [text for text in declarations.check(tmp_path) if text.startswith("flows: ")]

    assert told == [
        "flows: Z: rule n: source 'S9' is not in docs/domain.md",
        "flows: Z: rule n: no condition and no sentence uses it",
        "flows: Z: document kk: no step asks for it",
        "flows: Z: step nama: a second error would only repeat the question; no hint, no again",
        "flows: Z: step kota: no help",
        "flows: Z: step kota: a second error would only repeat the question; no hint, no again",
        "flows: Z: report z_coba.txt.j2: step cabang has no place in it",
    ]


def test_a_flow_file_that_cannot_be_read_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "domain.md").write_text("")
    (tmp_path / "flows" / "z_coba.yaml").write_text("code: Z\ntitel: Coba\n")

    problems = declarations.check(tmp_path)

    assert any(problem.startswith("flows/z_coba.yaml:2: ") for problem in problems)
