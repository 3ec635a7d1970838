"""``test``: the test suite, without the slow tests unless asked for."""

import subprocess
import sys

import typer

from bot.cli import DONE, FAILED, MISUSE, ROOT

SETTINGS = {"ignore_unknown_options": True, "allow_extra_args": True}
PYTEST_MISUSE = 4

ON_ALL_CORES = ["-n", "auto", "--dist", "loadgroup"]


def command(
    context: typer.Context,
    everything: bool = typer.Option(False, "--all", help="Also kills, browsers, peers and races."),
) -> None:
    """Run pytest; whatever else is given goes to it (-k WORDS, paths, -x)."""
    chosen = ON_ALL_CORES if everything else ["-m", "not slow", *ON_ALL_CORES]
    pytest = [sys.executable, "-m", "pytest", *chosen, *context.args]
    code = subprocess.run(pytest, cwd=ROOT, check=False).returncode
    raise typer.Exit({DONE: DONE, PYTEST_MISUSE: MISUSE}.get(code, FAILED))
