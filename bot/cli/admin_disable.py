"""``bot.py admin disable``: let an officer in no more."""

import json as json_text
from datetime import datetime

import click

from bot.cli.in_store import in_store
from bot.config import load
from data.store import Tx
from services import staff


@click.command
@click.argument("officer", help="Login name.")
@click.option("--undo", is_flag=True, help="Let the officer in again.")
@click.option("--json", is_flag=True, help="One JSON object.")
def command(officer: str, undo: bool, json: bool) -> None:
    """End every session and link of an officer, and refuse new ones.

    Example: python3 bot.py admin disable rina.mnd
    """
    verb = staff.enable if undo else staff.disable

    async def change(tx: Tx, now: datetime) -> None:
        await verb(tx, staff.HOST, officer, now=now)

    in_store(load(), change, missing=f"no officer {officer}")
    told = f"{officer} may sign in again" if undo else f"{officer} is signed out and may not return"
    click.echo(json_text.dumps({"officer": officer, "disabled": not undo}) if json else told)
