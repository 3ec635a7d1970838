"""``bot.py admin reset-totp``: forget the second step of an officer."""

import json as json_text
from datetime import datetime

import click

from bot.cli.in_store import in_store
from bot.config import load
from data.store import Tx
from services import staff


@click.command
@click.argument("officer", help="Login name.")
@click.option("--json", is_flag=True, help="One JSON object.")
def command(officer: str, json: bool) -> None:
    """For somebody who lost phone and recovery codes; every session ends.

    Example: python3 bot.py admin reset-totp benny.mnd
    """

    async def reset(tx: Tx, now: datetime) -> None:
        await staff.reset_second_step(tx, staff.HOST, officer, now=now)

    in_store(load(), reset, missing=f"no officer {officer}")
    told = f"{officer} has no second step any more"
    click.echo(json_text.dumps({"officer": officer, "second_step": False}) if json else told)
