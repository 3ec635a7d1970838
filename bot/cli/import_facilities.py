"""``bot.py import facilities``: load a full list of health facilities from a CSV file."""

import json as json_text
from collections import Counter
from pathlib import Path

import click

from bot.cli import FAILED, ROOT
from data.facility_list import FULL_LIST, read_facilities, write_facilities
from data.facts import load_facts
from data.table import Problems


@click.command
@click.argument(
    "file",
    type=click.Path(path_type=Path),
    help="UTF-8 CSV with the columns code (or facility_code), name, type, regency_code.",
)
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    help="Where the list is kept.",
    show_default="var/facilities.csv",
)
@click.option("--json", is_flag=True, help="One JSON object.")
def command(file: Path, to: Path | None, json: bool) -> None:
    """Check every line; the list is replaced only when all of them are good."""
    to = to or ROOT / FULL_LIST
    problems = Problems()
    found = read_facilities(file, load_facts(), problems)
    kept = [] if problems.found else list(found.facilities.values())
    if not (kept or problems.found):
        problems.add(file, 0, "no first-level facility in it; nothing was changed")
    if kept:
        write_facilities(to, kept)
    by_type = Counter(facility.type for facility in kept)
    if json:
        told = {
            "file": str(file),
            "kept": len(kept),
            "types": dict(by_type),
            "left_out": dict(found.left_out),
            "written_to": str(to) if kept else None,
            "problems": problems.found,
        }
        click.echo(json_text.dumps(told, ensure_ascii=False))
    else:
        _tell(file, to, by_type, found.left_out, problems)
    if problems.found:
        raise SystemExit(FAILED)


def _tell(
    file: Path, to: Path, kept: Counter[str], left_out: Counter[str], problems: Problems
) -> None:
    for problem in problems.found:
        click.echo(problem, err=True)
    if problems.found:
        click.echo(f"{file.name}: {len(problems.found)} problems; nothing was changed", err=True)
        return
    click.echo(f"{kept.total()} facilities written to {to}: {_counts(kept)}")
    if left_out:
        click.echo(f"{left_out.total()} left out, not first level: {_counts(left_out)}")


def _counts(types: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in types.most_common())
