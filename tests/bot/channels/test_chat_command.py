"""``bot.py chat``: the whole product in a pipe."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

NOT_FOR_CHAT = {
    *("aiogram", "telegram", "httpx", "starlette", "uvicorn", "uvloop"),
    *("sqlalchemy", "alembic", "asyncpg", "structlog", "rich", "pygments"),
    *("holidays", "PIL", "pymupdf_fonts", "reportlab", "segno", "xlsxwriter", "argon2"),
}
"""Packages that the first answer in a terminal does not wait for."""


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


def test_a_greeting_is_answered_without_what_only_others_need(tmp_path: Path) -> None:
    program = (
        "import atexit, sys; from bot.cli import main\n"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
        f"main(['chat', '--store', 'sqlite:///{tmp_path}/chat.db'])"
    )
    chat("", tmp_path)  # a new store is made with what an old one does not need
    told = subprocess.run(
        [sys.executable, "-c", program],
        input="halo\n",
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "CHIKA_DOCUMENTS_FOLDER": str(tmp_path / "documents")},
    )
    assert "Saya CHIKA" in told.stdout
    imported = {name.partition(".")[0] for name in told.stderr.split()}
    assert imported & NOT_FOR_CHAT == set()
