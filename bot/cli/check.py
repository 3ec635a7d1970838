"""``check``: tools and project checks, one after the other, every failure told at the end."""

import json
import pkgutil
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

import click
import msgspec

from bot.cli import FAILED, MISUSE, ROOT, checks

TOOLS = {
    "format": ["-m", "ruff", "format", "--check", "--quiet"],
    "lint": ["-m", "ruff", "check", "--quiet"],
    "types": ["-m", "mypy", "--no-error-summary"],
    "launcher": ["-m", "mypy", "--no-error-summary", "bot.py"],
    "imports": [
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
        "--no-logo",
    ],
}


class Check(msgspec.Struct, frozen=True):
    """A named check; *problems* gives one text for each thing that is wrong.

    *table* are the figures that it looked at, to be asked for after the problems.
    """

    name: str
    problems: Callable[[], list[str]]
    table: Callable[[], str] = str


@click.command
@click.argument("only", nargs=-1, metavar="[CHECK]...", help="Just these checks.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
def command(only: Sequence[str], as_json: bool) -> None:
    """Run the checks in order; exit 1 when any of them found a problem."""
    known = list(all_checks())
    unknown = set(only) - {check.name for check in known}
    if unknown:
        names = ", ".join(check.name for check in known)
        click.echo(f"No check named {', '.join(sorted(unknown))}; there are: {names}", err=True)
        raise SystemExit(MISUSE)
    found = {}
    for check in known:
        if not only or check.name in only:
            found[check.name] = check.problems()
            if not as_json:
                click.echo(f"{'FAILED' if found[check.name] else 'ok':8}{check.name}")
                for line in check.table().splitlines():
                    click.echo(f"        {line}")
    failed = {name: problems for name, problems in found.items() if problems}
    if as_json:
        click.echo(json.dumps({"ok": not failed, "problems": found}, ensure_ascii=False))
    else:
        for name, problems in failed.items():
            click.echo("\n".join(["", f"{name}:", *problems]))
        click.echo(f"\n{len(found) - len(failed)} passed, {len(failed)} failed")
    if failed:
        raise SystemExit(FAILED)


def all_checks() -> Iterator[Check]:
    """The tools, then what lives in ``bot.cli.checks``."""
    for name, tool in TOOLS.items():
        yield Check(name, partial(run_tool, tool))
    for module in sorted(pkgutil.iter_modules(checks.__path__), key=lambda found: found.name):
        name = module.name
        yield Check(name, partial(run_project_check, name), partial(project_table, name))


def run_project_check(name: str, root: Path = ROOT) -> list[str]:
    """The problems of one module of checks; one that breaks is a problem, and the others go on."""
    try:
        problems: list[str] = import_module(f"{checks.__name__}.{name}").check(root)
    except Exception:
        return [traceback.format_exc()]
    return problems


def project_table(name: str, root: Path = ROOT) -> str:
    """The figures of one module of checks, '' where it has none."""
    module = import_module(f"{checks.__name__}.{name}")
    if not hasattr(module, "table"):
        return ""
    try:
        made: str = module.table(root)
    except Exception as error:  # the problems tell it in full
        return f"no figures: {type(error).__name__}"
    return made


def run_tool(tool: list[str]) -> list[str]:
    """The tool's own words when it fails; run as a module, so that a moved .venv works."""
    told = subprocess.run(
        [sys.executable, *tool],
        cwd=ROOT,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    return [told.stdout.strip() or f"exit code {told.returncode}"] if told.returncode else []
