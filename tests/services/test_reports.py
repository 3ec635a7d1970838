"""Reports as officers read them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.config.settings import ROOT
from flows.journey import Journeys
from flows.load import load_all
from forms.report import Forms
from services.reference import load_reference
from services.reports import Reports
from tests.desk import MANADO, WEEK

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def reports() -> Reports:
    journeys = Journeys(load_all(ROOT / "flows"))
    reference = load_reference(WEEK, Path("no list of our own"))
    return Reports(journeys, reference, Forms(ROOT / "forms"))


def test_flags_are_told_in_sentences(reports: Reports) -> None:
    answers = {"siapa": "saya", "nama": "Siti Aminah"}
    flags = ("skipped:faskes_lama", "skipped:anggota.nik_anggota", "tni_polri")
    report = reports.render(
        "G", answers, number="MND-G-0001", branch=MANADO, now=NOW, flags=flags
    ).full
    warned = report.partition("PERHATIAN PETUGAS")[2].split("\n ! ")[1:]
    assert [line.strip() for line in warned] == [
        "Belum dijawab: Faskes lama.",
        "Belum dijawab: NIK anggota.",
        "Koordinasikan dengan TNI atau Polri.",
    ]
