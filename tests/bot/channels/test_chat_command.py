"""``bot.py chat``: the whole product in a pipe."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def chat(typed: str, folder: Path) -> str:
    """What the command prints; its store and documents are in *folder*."""
    told = subprocess.run(
        [sys.executable, str(ROOT / "bot.py"), "chat", "--store", f"sqlite:///{folder}/chat.db"],
        input=typed,
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
        env={**os.environ, "CHIKA_NO_BOOTSTRAP": "1"},
        timeout=60,
    )
    return told.stdout


def test_every_line_is_answered_before_the_next_is_read(tmp_path: Path) -> None:
    transcript = chat("halo\n1\n", tmp_path)
    places = [
        transcript.index(words)
        for words in ("anda > halo", "Saya CHIKA", "1. Urus administrasi", "anda > 1", "G. Pindah")
    ]
    assert places == sorted(places)


def test_what_was_begun_goes_on_after_a_new_start(tmp_path: Path) -> None:
    chat("halo\n1\n", tmp_path)
    assert "Pindah faskes" in chat("G\n", tmp_path)


def test_the_clock_moves_when_it_is_told_to(tmp_path: Path) -> None:
    first, second = (
        line for line in chat(":jam\n:maju 24j\n", tmp_path).splitlines() if "WIB" in line
    )
    assert first.partition(",")[0] != second.partition(",")[0]


def test_the_command_never_imports_aiogram() -> None:
    program = "import sys, bot.cli.chat; print('aiogram' in sys.modules)"
    command = [sys.executable, "-c", program]
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.strip() == "False"
