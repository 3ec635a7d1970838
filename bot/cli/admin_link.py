"""``bot.py admin link``: print a one-time link to choose a password."""

from datetime import datetime

import click

from bot.bootstrap import account_rules
from bot.cli.in_store import in_store
from bot.config import load
from data.store import Tx
from services import sign_in, staff


@click.command
@click.option(
    "--officer",
    default=sign_in.FIRST_ADMIN.id,
    show_default=True,
    help="Login name of the officer; without it the first admin.",
)
def command(officer: str) -> None:
    """Make the link; it works once, within a day, and older ones no more.

    Example: python3 bot.py admin link --officer rina.mnd
    """
    config = load()

    async def make(tx: Tx, now: datetime) -> str:
        first = officer == sign_in.FIRST_ADMIN.id and await sign_in.first_link(tx, now=now)
        rules = account_rules(config)
        return first or await staff.link(tx, staff.HOST, officer, now=now, rules=rules)

    token = in_store(config, make, missing=f"no officer {officer} may sign in")
    click.echo(sign_in.invitation(config.web.url, token))
