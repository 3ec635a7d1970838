"""``bot.py bench``: the runtime measured beside its peers, all in one run."""

import click

from bot.cli import FAILED
from bot.cli.compiled import keep_compiled


@click.command
@click.option("--gate", is_flag=True, help="Exit 1 when a floor is not reached.")
@click.option("--quick", is_flag=True, help="A short look over fewer rows.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, no table.")
def command(gate: bool, quick: bool, as_json: bool) -> None:
    """Print goals, contenders and what a turn's time goes into. Example: bench --gate"""
    from benchmarks import harness, table

    keep_compiled()
    effort = harness.QUICK if quick else harness.FULL
    report = harness.measure(effort, lambda line: click.echo(line, err=True))
    click.echo(table.as_json(report) if as_json else table.as_text(report))
    if gate and not report.passed:
        raise SystemExit(FAILED)
