"""Moves that no conversation can take are not counted among a service's moves."""

import pytest

from flows.follows import can_follow
from tests.declared import FLOWS


@pytest.mark.parametrize(
    ("code", "source", "dest", "possible"),
    [
        # two kinds of change exclude each other
        ("E", "perubahan.atribut", "perubahan.email_baru", True),
        ("E", "perubahan.nama_lama", "perubahan.email_baru", False),
        ("E", "perubahan.hp_lama", "perubahan.hp_baru", True),
        # every kind of change has its question
        ("E", "perubahan.atribut", "perubahan.more", False),
        ("E", "perubahan.email_baru", "perubahan.more", True),
        # a group that is left without its loop question is full: every kind of change was named
        ("E", "perubahan.email_baru", "pendukung", True),
        ("E", "perubahan.email_baru", "hp", False),
        ("E", "perubahan.more", "pendukung", True),
        ("E", "perubahan.more", "perubahan.atribut", True),
        ("E", "perubahan.more", "hp", True),
        # a result that looks into a group is reached from that very question
        ("B", "anggota.bayi_anggota", "anggota_bayi", True),
        ("B", "anggota.lahir_anggota", "anggota_bayi", False),
        # what a result needs was not asked
        ("C", "tgl_lahir", "ditunda", False),
        ("C", "iuran_mundur", "ditunda", True),
        ("C", "tgl_lahir", "hrd", False),
        ("C", "bayi.nik_bayi", "bayi.cek_lahir", True),
        # no autodebit, then the bank; otherwise neither
        ("C", "autodebit", "bank", True),
        ("C", "autodebit", "rekening", False),
        ("C", "penolong", "bank", False),
        ("C", "penolong", "hp", True),
        ("C", "foto_kk", "review", True),
        # soldiers are not asked for a reason
        ("G", "tni_polri", "alasan", False),
        ("G", "tni_polri", "nama", True),
        ("G", "sejak", "nama", False),
        ("G", "foto_surat_pindah", "foto_surat_tugas", False),
        ("G", "anggota.nik_anggota", "anggota.more", True),
        ("G", "anggota.nik_anggota", "hp", True),
        # many choices lie between; what was reported decides
        ("H", "segmen", "kk_baru", False),
        ("H", "segmen", "sebab", True),
        ("H", "anggota.nik_anggota", "foto_kematian", False),
        ("H", "cek_lahir", "sebab", False),
        # either answer asks for another date, so neither leads on
        ("H", "cek_tanggal", "surat_dari", False),
    ],
)
def test_a_move_is_possible_when_some_answers_lead_that_way(
    code: str, source: str, dest: str, possible: bool
) -> None:
    assert can_follow(FLOWS[code], source, dest) is possible
