"""``bot.py seed``: enrol invented officers, so that the console can be tried."""

import asyncio
import contextlib
from typing import Annotated

import typer

from bot.cli import MISUSE
from bot.config import Config, load
from data.facts import load_facts
from data.instants import SystemClock
from data.opening import open_store
from data.places import Branch
from data.store import Store, Tx
from data.table import nearest
from services import officers, sign_in
from services.officers import Officer
from services.refusals import Refused

PEOPLE = (
    ("rina", "Rina Contoh", "officer"),
    ("dimas", "Dimas Contoh", "officer"),
    ("benny", "Benny Contoh", "supervisor"),
)
"""Login name before the branch's ticket code, name, role: nobody real."""


def command(
    branch: Annotated[
        list[str] | None, typer.Option(help="A branch office; may be given again.")
    ] = None,
) -> None:
    """Enrol two officers and a head for each branch and print their links; safe to repeat."""
    known = load_facts().branches
    wanted = [name.upper() for name in branch or ["KC-MANADO"]]
    for name in wanted:
        if name not in known:
            typer.echo(f"no branch {name}{nearest(name, known)}", err=True)
            raise typer.Exit(MISUSE)
    for line in asyncio.run(seed(load(), [known[name] for name in wanted])):
        typer.echo(line)


async def seed(config: Config, branches: list[Branch]) -> list[str]:
    """One line for each officer: who it is and the link that signs in once."""
    store = open_store(config.store.url)
    await store.open()
    try:
        return [
            await _enrol(store, config, officer)
            for branch in branches
            for officer in invented(branch)
        ]
    finally:
        await store.close()


def invented(branch: Branch) -> list[Officer]:
    """The invented officers of *branch*."""
    code = branch.ticket_code.lower()
    return [Officer(f"{login}.{code}", name, branch.id, role) for login, name, role in PEOPLE]


async def _enrol(store: Store, config: Config, officer: Officer) -> str:
    now = SystemClock().now()

    async def enrol(tx: Tx) -> str:
        with contextlib.suppress(Refused):  # enrolled by an earlier run
            await officers.add(tx, officer, now=now)
        return await sign_in.make_link(tx, officer.id, now=now)

    link = sign_in.address(config.web.url, await store.write(enrol))
    return f"{officer.id:12} {officer.role:10} {officer.branch:14} {link}"
