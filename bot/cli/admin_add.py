"""``bot.py admin add``: enrol an officer."""

import json as json_text
from datetime import datetime

import click

from bot.bootstrap import account_rules
from bot.cli import MISUSE
from bot.cli.in_store import in_store
from bot.config import load
from data.facts import load_facts
from data.store import Tx
from data.table import nearest
from services import sign_in, staff
from services.officers import ALL_BRANCHES, ROLES, Officer


@click.command
@click.argument("officer", help="Login name: rina.mnd")
@click.option("--name", required=True, help="Name that participants and colleagues read.")
@click.option("--role", default="officer", show_default=True, help=f"One of {', '.join(ROLES)}.")
@click.option("--branch", default="", help="Of officers and supervisors: KC-MANADO")
@click.option("--region", default="", help="Of the role region: KW-10")
@click.option("--json", is_flag=True, help="One JSON object.")
def command(officer: str, name: str, role: str, branch: str, region: str, json: bool) -> None:
    """Enrol an officer and print the link to choose a password.

    Example: python3 bot.py admin add rina.mnd --name "Rina K." --branch KC-MANADO
    """
    config, facts = load(), load_facts()
    for given, known in ((branch, facts.branches), (region, facts.regions)):
        if given and given not in known:
            click.echo(f"no place {given}{nearest(given, known)}", err=True)
            raise SystemExit(MISUSE)
    new = Officer(officer, name, branch or ALL_BRANCHES, role, region, facts.branches_of(region))

    async def add(tx: Tx, now: datetime) -> str:
        rules = account_rules(config)
        return await staff.invite(tx, staff.HOST, new, now=now, rules=rules)

    token = in_store(config, add, missing="")
    link = sign_in.invitation(config.web.url, token)
    made = {"officer": officer, "role": role, "branch": branch, "region": region, "link": link}
    click.echo(json_text.dumps(made, ensure_ascii=False) if json else link)
