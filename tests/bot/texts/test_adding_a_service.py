"""The service that docs/adding-a-service.md builds step by step really works."""

import re
from datetime import UTC, datetime
from pathlib import Path

from bot.texts import lint, written
from flows.journey import Journeys
from flows.load import load_all
from forms.report import Entry, Forms, Report

ROOT = Path(__file__).parents[3]


def example(language: str) -> str:
    text = (ROOT / "docs" / "adding-a-service.md").read_text("utf-8")
    found = re.search(rf"```{language}\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_example_of_the_guide_loads_and_keeps_the_rules(tmp_path: Path) -> None:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "z_cek_kartu_anak.yaml").write_text(example("yaml"))

    service = Journeys(load_all(tmp_path / "flows")).services["Z"]

    assert list(service.states) == ["nama", "tgl_lahir", "dewasa", "kota", "cabang", "foto_kk"]
    assert lint.lint(list(written.flows(tmp_path))) == []


def test_the_form_of_the_guide_prints_every_answer(tmp_path: Path) -> None:
    for name in ("report.txt.j2", "section.txt.j2"):
        (tmp_path / name).write_text((ROOT / "forms" / name).read_text("utf-8"))
    (tmp_path / "z_cek_kartu_anak.txt.j2").write_text(example("jinja"))
    entries = [Entry(name, name, f"<{name}>", f"<{name}>") for name in ("nama", "cabang", "kota")]
    filed = datetime(2026, 11, 24, 8, tzinfo=UTC)

    text = Forms(tmp_path).render(
        "z_cek_kartu_anak.txt.j2", Report("Z", "Cek kartu anak", "KC Manado", filed, entries)
    )

    assert "LAIN-LAIN" not in text.full
    assert all(entry.full in text.full for entry in entries)
