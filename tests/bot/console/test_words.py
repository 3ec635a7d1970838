"""The words of the console: nothing that a service says lacks them."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.console import words
from data.instants import from_us, to_us
from services.linking import FOLLOWED
from services.unsent import TAKEN_BACK

ROOT = Path(__file__).resolve().parents[3]
SOURCES = [
    path.read_text(encoding="utf-8")
    for folder in ("services", "bot/console")
    for path in (ROOT / folder).glob("*.py")
]


def found(pattern: str) -> set[str]:
    return {match for text in SOURCES for match in re.findall(pattern, text, re.MULTILINE)}


def test_every_action_of_a_trail_has_its_label() -> None:
    recorded = found(r'record\(\s*tx,\s*\w+,\s*[\w.]+,\s*"(\w+)"')
    noted = found(r'action="(\w+)"') | found(r'_note\(tx, .*"(\w+)", now\)')
    noted |= found(r'_record\(tx, \w+, "(\w+)"')

    assert {"claimed", "replied", "revealed", "lapsed"} <= recorded
    assert {"calendar_changed", "exported"} <= noted
    elsewhere = {"finished", "refused", TAKEN_BACK, FOLLOWED}
    assert recorded | noted | elsewhere == set(words._labels()["actions"])


def test_a_report_becomes_warnings_then_headings_labels_and_values() -> None:
    report = (
        "FORMULIR\n\nNomor   : MND-G-0001\n\nPESERTA\n 1. Nama  : A : B\n\n"
        "PERHATIAN PETUGAS\n ! Cek NIK\n"
    )

    assert words.report_lines(report) == [
        ("PERHATIAN PETUGAS", ""),
        ("", "Cek NIK"),
        ("FORMULIR", ""),
        ("Nomor", "MND-G-0001"),
        ("PESERTA", ""),
        ("Nama", "A : B"),
    ]


def test_sizes_are_told_in_kilobytes() -> None:
    assert (words.weight(10), words.weight(48_610)) == ("1 KB", "49 KB")


def test_instants_are_told_with_the_zone_of_the_branch() -> None:
    us = to_us(datetime(2026, 11, 23, 16, 30, tzinfo=UTC))
    manado, jakarta = ZoneInfo("Asia/Makassar"), ZoneInfo("Asia/Jakarta")

    assert words.moment(us, manado) == "24 Nov 00.30 WITA"
    assert words.moment(us, jakarta) == "23 Nov 23.30 WIB"
    assert words.until(us, jakarta) == "23.30 WIB"
    assert words.tomorrow(from_us(us), manado) == "2026-11-25"
