"""``test``: the test suite, without the slow tests unless asked for."""

import os
import subprocess
import sys

import click

from bot.cli import DONE, FAILED, MISUSE, ROOT
from bot.cli.compiled import keep_compiled

PYTEST_MISUSE = 4

GROUPED = ["--dist", "loadgroup"]


def quick() -> list[str]:
    """What the short run is told.

    Its tests wait a third of their time, for disks, servers and each other: there is work for more
    processes than cores. Slow ones fill their core, and are disturbed by others.
    """
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return ["-m", "not slow", "-n", str(cores + cores // 2)]


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.option("--all", "everything", is_flag=True, help="Also kills, browsers, peers and races.")
@click.pass_context
def command(context: click.Context, everything: bool) -> None:
    """Run pytest; whatever else is given goes to it (-k WORDS, paths, -x)."""
    keep_compiled()
    chosen = ["-n", "auto"] if everything else quick()
    pytest = [sys.executable, "-m", "pytest", *chosen, *GROUPED, *context.args]
    code = subprocess.run(pytest, cwd=ROOT, check=False).returncode
    raise SystemExit({DONE: DONE, PYTEST_MISUSE: MISUSE}.get(code, FAILED))
