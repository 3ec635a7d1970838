"""The words of the console: nothing that a service says lacks them."""

import re
from pathlib import Path

import pytest

from bot.console import words

ROOT = Path(__file__).resolve().parents[3]
SOURCES = [
    path.read_text(encoding="utf-8")
    for folder in ("services", "bot/console")
    for path in (ROOT / folder).glob("*.py")
]
ON_THE_COMMAND_LINE = {"petugas.nama_terpakai"}


def found(pattern: str) -> set[str]:
    return {match for text in SOURCES for match in re.findall(pattern, text)}


def test_every_refusal_has_its_sentence() -> None:
    raised = found(r'Refused\(\s*"([^"]+)"')

    assert raised - ON_THE_COMMAND_LINE == set(words._labels()["refusals"])


def test_every_action_of_a_trail_has_its_label() -> None:
    recorded = found(r'record\(\s*tx,\s*\w+,\s*[\w.]+,\s*"(\w+)"')

    assert {"claimed", "replied", "revealed", "lapsed"} <= recorded
    assert recorded | {"finished", "refused"} == set(words._labels()["actions"])


def test_a_report_becomes_labels_values_headings_and_warnings() -> None:
    report = "FORMULIR\n\nNomor   : MND-G-0001\n\nPESERTA\n 1. Nama  : A : B\n ! Cek NIK\n"

    assert words.report_lines(report) == [
        ("FORMULIR", ""),
        ("Nomor", "MND-G-0001"),
        ("PESERTA", ""),
        ("Nama", "A : B"),
        ("", "Cek NIK"),
    ]


@pytest.mark.parametrize(
    ("seconds", "told"), [(12, "12 detik lalu"), (185, "3 menit lalu"), (7300, "2 jam lalu")]
)
def test_how_long_ago_is_told_in_the_fitting_unit(seconds: int, told: str) -> None:
    assert words.ago(seconds) == told


def test_sizes_are_told_in_kilobytes() -> None:
    assert (words.weight(10), words.weight(48_610)) == ("1 KB", "49 KB")
