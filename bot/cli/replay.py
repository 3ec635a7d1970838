"""``bot.py replay``: play scripted conversations, print what failed and what they cover."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from bot.cli import FAILED, MISUSE
from bot.cli.scripts import coverage, report
from bot.cli.scripts.drivers import DRIVERS
from bot.cli.scripts.outcome import Outcome
from bot.cli.scripts.page import page
from bot.cli.scripts.run import channels_of, left_out, play
from bot.cli.scripts.script import Script, ScriptErrors, load
from bot.cli.scripts.stage import theatre
from bot.cli.scripts.update import rewrite
from bot.cli.scripts.ways import WAYS
from data.table import nearest

Left = tuple[Script, str, str]
"""A script, a channel on which it is not played, and why."""


@click.command
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help="Scripts, or folders of them.",
)
@click.option("--channel", default="", help=f"Only this one of {', '.join(DRIVERS)}.")
@click.option("--way", default="", help=f"Play them {', '.join(WAYS)}.")
@click.option("--update", is_flag=True, help="Write what was said into the scripts.")
@click.option(
    "--report",
    "html",
    type=click.Path(path_type=Path),
    help="Write the conversations as one page.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead.")
def command(
    paths: Sequence[Path], channel: str, way: str, update: bool, html: Path | None, as_json: bool
) -> None:
    """Play scripts. Example: python3 bot.py replay tests/conversations --channel terminal

    A folder must also cover every state and 95 % of the transitions of each service.
    """
    for kind, name, known in (("channel", channel, DRIVERS), ("way", way, WAYS)):
        if name and name not in known:
            click.echo(f"no {kind} {name}{nearest(name, known)}", err=True)
            raise SystemExit(MISUSE)
    if way and update:
        click.echo("--update writes what was said to a script as it is written", err=True)
        raise SystemExit(MISUSE)
    try:
        scripts = load(paths)
    except ScriptErrors as errors:
        click.echo(str(errors), err=True)
        raise SystemExit(MISUSE) from None
    quiet = as_json
    left = [
        (script, name, why)
        for script in scripts
        for name in ([channel] if channel else DRIVERS)
        if (why := left_out(script, name))
    ]
    outcomes, rows = asyncio.run(replay(scripts, channel, way, update=update, quiet=quiet))
    whole = any(path.is_dir() for path in paths)
    failed = sum(outcome.failure is not None for outcome in outcomes)
    short = [row.machine for row in rows if whole and row.machine != "session" and not row.enough]
    if html:
        html.write_text(page(outcomes, rows), "utf-8")
    if as_json:
        click.echo(json.dumps(_as_json(outcomes, rows, left), ensure_ascii=False))
    else:
        for one in left:
            click.echo(report.left_out(*one))
        click.echo(report.table(rows))
        if short:
            click.echo(f"too little covered: {', '.join(short)}")
        click.echo(f"{len(outcomes) - failed} passed, {failed} failed")
    if failed or short:
        raise SystemExit(FAILED)


async def replay(
    scripts: Sequence[Script],
    channel: str = "",
    way: str = "",
    *,
    update: bool = False,
    quiet: bool = False,
) -> tuple[list[Outcome], list[coverage.Row]]:
    """Play *scripts* on their channels; how each went, and what all of them cover."""
    outcomes: list[Outcome] = []
    async with theatre() as house:
        for script in scripts:
            for name in channels_of(script, channel):
                outcome = await play(house, script, name, way)
                while update and outcome.failure and rewrite(outcome.failure):
                    [changed] = load([script.file])
                    outcome = await play(house, changed, name)
                outcomes.append(outcome)
                if not quiet:
                    click.echo(report.told(outcome))
        moves = (move for outcome in outcomes for move in outcome.moves)
        rows = coverage.rows(house.product.journeys, moves)
    return outcomes, rows


def _as_json(
    outcomes: Sequence[Outcome], rows: Sequence[coverage.Row], left: Sequence[Left]
) -> dict[str, Any]:
    return {
        "passed": sum(outcome.failure is None for outcome in outcomes),
        "failed": sum(outcome.failure is not None for outcome in outcomes),
        "scripts": [_outcome(outcome) for outcome in outcomes],
        "left_out": [
            {"file": str(script.file), "channel": name, "why": why} for script, name, why in left
        ],
        "coverage": {
            row.machine: {
                "states": row.states_share,
                "transitions": row.transitions_share,
                "missing_states": row.missing_states,
                "missing_transitions": row.missing_transitions,
            }
            for row in rows
        },
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    told: dict[str, Any] = {
        "file": str(outcome.script.file),
        "name": outcome.script.head.name,
        "channel": outcome.channel,
        "way": outcome.way,
        "passed": outcome.failure is None,
        "milliseconds": round(outcome.seconds * 1000),
    }
    if outcome.failure:
        problem = outcome.failure.problem
        told |= {
            "place": str(outcome.failure.place),
            "why": problem.why,
            "expected": problem.expected,
            "said": problem.found,
        }
    return told
