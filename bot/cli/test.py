"""``test``: the test suite, without the slow tests unless asked for."""

import subprocess
import sys

import typer

from bot.cli import DONE, FAILED, MISUSE, ROOT

SETTINGS = {"ignore_unknown_options": True, "allow_extra_args": True}
PYTEST_MISUSE, NOTHING_CHOSEN = 4, 5

QUICK = ["-m", "not slow", "-n", "auto", "--dist", "worksteal"]
SLOW = ["-m", "slow"]
"""They fill the machine by themselves."""


def command(
    context: typer.Context,
    everything: bool = typer.Option(False, "--all", help="Also kills, browsers, peers and races."),
) -> None:
    """Run pytest; whatever else is given goes to it (-k WORDS, paths, -x)."""
    codes = [_run(QUICK, context.args)]
    if everything:
        codes.append(_run(SLOW, context.args))
    if PYTEST_MISUSE in codes:
        raise typer.Exit(MISUSE)
    good = DONE in codes and set(codes) <= {DONE, NOTHING_CHOSEN}
    raise typer.Exit(DONE if good else FAILED)


def _run(chosen: list[str], given: list[str]) -> int:
    pytest = [sys.executable, "-m", "pytest", *chosen, *given]
    return subprocess.run(pytest, cwd=ROOT, check=False).returncode
