"""``bot.py bench``: the runtime measured beside its peers, all in one run."""

from typing import Annotated

import typer

from bot.cli import FAILED


def command(
    gate: Annotated[bool, typer.Option(help="Exit 1 when a floor is not reached.")] = False,
    quick: Annotated[bool, typer.Option(help="A short look over fewer rows.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, no table.")] = False,
) -> None:
    """Print goals, contenders and what a turn's time goes into. Example: bench --gate"""
    from benchmarks import harness, table

    effort = harness.QUICK if quick else harness.FULL
    report = harness.measure(effort, lambda line: typer.echo(line, err=True))
    typer.echo(table.as_json(report) if as_json else table.as_text(report))
    if gate and not report.passed:
        raise typer.Exit(FAILED)
