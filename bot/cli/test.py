"""``test``: the test suite, without the slow tests unless asked for."""

import subprocess
import sys

import click

from bot.cli import DONE, FAILED, MISUSE, ROOT

PYTEST_MISUSE = 4

ON_ALL_CORES = ["-n", "auto", "--dist", "loadgroup"]


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.option("--all", "everything", is_flag=True, help="Also kills, browsers, peers and races.")
@click.pass_context
def command(context: click.Context, everything: bool) -> None:
    """Run pytest; whatever else is given goes to it (-k WORDS, paths, -x)."""
    chosen = ON_ALL_CORES if everything else ["-m", "not slow", *ON_ALL_CORES]
    pytest = [sys.executable, "-m", "pytest", *chosen, *context.args]
    code = subprocess.run(pytest, cwd=ROOT, check=False).returncode
    raise SystemExit({DONE: DONE, PYTEST_MISUSE: MISUSE}.get(code, FAILED))
