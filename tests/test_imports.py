"""Imports go downwards, and a command that needs no Telegram does not pay for its libraries."""

import subprocess
import sys

import pytest

from bot.cli import COMMANDS, ROOT, Command
from bot.cli.check import TOOLS, run_tool

WITH_TELEGRAM = {"serve", "bench"}
PROBE = """
import sys
from importlib import import_module
import_module({module!r}).command
heavy = {{name.split(".")[0] for name in sys.modules}} & {{"aiogram", "telegram"}}
sys.exit(f"imported: {{heavy}}" if heavy else 0)
"""


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_imports_go_downwards_only() -> None:
    assert run_tool(TOOLS["imports"]) == []


@pytest.mark.parametrize(
    "command",
    [command for command in COMMANDS if command.words not in WITH_TELEGRAM],
    ids=lambda command: command.words,
)
def test_a_command_without_telegram_imports_none_of_it(command: Command) -> None:
    probed = python("-c", PROBE.format(module=command.module))
    assert probed.returncode == 0, probed.stderr


def test_an_answer_about_hours_imports_no_telegram() -> None:
    asked = ["hours", "2026-12-24T16:59:59+07:00", "--branch", "KC-MANADO", "--json"]
    ran = python("-X", "importtime", "bot.py", *asked)
    assert ran.returncode == 0, ran.stderr
    assert "services.hours" in ran.stderr
    assert "aiogram" not in ran.stderr
