"""``bot.py import holidays`` shows first, tells every problem at once, and is heard by others."""

import json
from pathlib import Path

import click
import pytest
import time_machine
from click.testing import CliRunner

from bot.cli import hours, import_holidays

HEAD = "date,kind,name\n"
COMMANDS = click.Group(commands={"holidays": import_holidays.command, "hours": hours.command})


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHIKA_STORE_URL", f"sqlite:///{tmp_path}/chika.db")


def run(*arguments: str) -> tuple[int, list[str], list[str]]:
    """Exit code, lines on stdout, lines on stderr; it is November 2026."""
    with time_machine.travel("2026-11-23T02:00Z", tick=True):
        result = CliRunner().invoke(COMMANDS, list(arguments))
    return result.exit_code, result.stdout.splitlines(), result.stderr.splitlines()


def decree(folder: Path, *lines: str, head: str = HEAD) -> str:
    file = folder / "skb.csv"
    file.write_text(head + "".join(f"{line}\n" for line in lines), "utf-8")
    return str(file)


def reason(day: str) -> str:
    """What ``bot.py hours`` says of a day at ten."""
    _, lines, _ = run("hours", f"{day}T10:00+08:00", "--branch", "KC-MANADO", "--json")
    return str(json.loads(lines[0])["reason"])


def test_a_decree_is_shown_first_and_saved_when_that_is_wanted(tmp_path: Path) -> None:
    file = decree(tmp_path, "2026-12-09,public,Pilkada", "2026-12-24,none,Natal")

    code, lines, _ = run("holidays", file)
    assert code == 0
    assert lines == [
        "Rabu 9 Des 2026 jadi libur di semua cabang (libur nasional: Pilkada).",
        "Kamis 24 Des 2026 jadi hari kerja.",
        "Tidak ada peserta yang perlu dikabari.",
        "Nothing was changed yet; add --save.",
    ]
    assert reason("2026-12-09") == "dalam jam layanan"

    code, lines, _ = run("holidays", file, "--save", "--reason", "SKB 1/2026")
    assert (code, lines[-1]) == (0, "Saved: 2 days.")
    assert reason("2026-12-09") == "libur nasional: Pilkada"
    assert reason("2026-12-24") == "dalam jam layanan"


def test_what_the_calendar_says_already_is_no_change(tmp_path: Path) -> None:
    file = decree(tmp_path, "2026-12-25,public,Hari Raya Natal")
    _, lines, _ = run("holidays", file, "--save")

    assert lines[-1] == "The calendar says so already; nothing was changed."


def test_every_problem_is_told_with_its_line_and_nothing_is_changed(tmp_path: Path) -> None:
    file = decree(
        tmp_path,
        "2026-12-09,libur,Pilkada",
        "9 Desember,public,Pilkada",
        "2026-12-10,public,Satu",
        "2026-12-10,public,Dua",
    )

    code, lines, problems = run("holidays", file, "--save")

    assert (code, lines) == (1, [])
    assert [problem.partition(" ")[0] for problem in problems] == [
        *("skb.csv:2:", "skb.csv:3:", "skb.csv:5:", "skb.csv:"),
    ]
    assert reason("2026-12-10") == "dalam jam layanan"


@pytest.mark.parametrize(("head", "told"), [(HEAD, "no day in it"), ("date\n", "no column kind")])
def test_a_file_without_days_is_refused(tmp_path: Path, head: str, told: str) -> None:
    code, _, problems = run("holidays", decree(tmp_path, head=head))

    assert code == 1
    assert told in problems[0]


def test_a_complete_decree_strikes_what_was_only_reckoned(tmp_path: Path) -> None:
    file = decree(tmp_path, "2028-01-01,public,Tahun Baru Masehi", "2028-02-28,public,Idul Fitri")

    _, lines, _ = run("holidays", file)
    assert any("(perkiraan) is not in the file" in line for line in lines)

    _, lines, _ = run("holidays", file, "--complete")
    assert not any("is not in the file" in line for line in lines)
    assert "Jumat 25 Agu 2028 jadi hari kerja." not in lines
    assert sum("jadi hari kerja" in line for line in lines) > 10
