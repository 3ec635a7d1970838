"""``bot.py seed``: enrol invented officers, and play weeks of a branch, so that it can be tried."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from bot.bootstrap import read_product
from bot.cli import FAILED, MISUSE
from bot.config import Config, load
from data.facts import load_facts
from data.instants import SystemClock
from data.opening import open_store
from data.places import Branch
from data.store import Store, Tx
from data.table import nearest
from services import officers, quick_replies, sign_in
from services.officers import Officer
from services.refusals import Refused

PEOPLE = (
    ("rina", "Rina Contoh", "officer"),
    ("dimas", "Dimas Contoh", "officer"),
    ("benny", "Benny Contoh", "supervisor"),
)
"""Login name before the branch's ticket code, name, role: nobody real."""


class RealRequests(RuntimeError):
    """The store has requests of real people."""


@click.command
@click.option("--branch", multiple=True, help="A branch office; may be given again.")
@click.option(
    "--requests",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="So many requests of invented people, with their histories.",
)
@click.option(
    "--seed", type=int, default=7, show_default=True, help="The same seed plays the same weeks."
)
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M", "%Y-%m-%d"]),
    metavar="INSTANT",
    help="When the weeks end, in UTC: 2026-11-23T02:00:00. Without it now.",
)
@click.option("--force", is_flag=True, help="Also into a store that has real requests.")
def command(
    branch: Sequence[str], requests: int, seed: int, at: datetime | None, force: bool
) -> None:
    """Enrol two officers and a head for each branch and print their links; safe to repeat.

    With --requests also the last four weeks of each branch. Example:
    python3 bot.py seed --requests 200 --seed 7
    """
    known = load_facts().branches
    wanted = [name.upper() for name in branch or ("KC-MANADO",)]
    for name in wanted:
        if name not in known:
            click.echo(f"no branch {name}{nearest(name, known)}", err=True)
            raise SystemExit(MISUSE)
    end = at.replace(tzinfo=UTC) if at else SystemClock().now()
    branches = [known[name] for name in wanted]
    try:
        lines = asyncio.run(fill(load(), branches, requests, seed, end, force=force))
    except RealRequests:
        click.echo("the store has requests of real people; --force adds invented ones", err=True)
        raise SystemExit(FAILED) from None
    for line in lines:
        click.echo(line)


async def fill(
    config: Config, branches: list[Branch], requests: int, seed: int, end: datetime, *, force: bool
) -> list[str]:
    """One line for each officer, who it is and the link that signs in once, and what was filed.

    Raises `RealRequests`.
    """
    store = open_store(config.store.url)
    await store.open()
    try:
        told = []
        if requests:
            for branch in branches:
                told.append(await _weeks(config, store, branch, requests, seed, end, force))
        links = [
            await _link(store, config, officer) for branch in branches for officer in cast(branch)
        ]
        return [*told, *links]
    finally:
        await store.close()


def cast(branch: Branch) -> list[Officer]:
    """The invented officers of *branch*."""
    code = branch.ticket_code.lower()
    return [Officer(f"{login}.{code}", name, branch.id, role) for login, name, role in PEOPLE]


async def _weeks(
    config: Config,
    store: Store,
    branch: Branch,
    requests: int,
    seed: int,
    end: datetime,
    force: bool,
) -> str:
    """Play the weeks unless they were played before."""
    from bot.cli.demo import weeks  # what draws pictures is imported only when it is needed

    invented = weeks.chats_of(branch, seed)
    async with store.read() as tx:
        row = await tx.one(
            "demo_requests", invented=f"{invented}%", all_invented=f"{weeks.INVENTED}%"
        )
    assert row is not None  # sums always come back
    if row["invented"]:
        return f"{branch.id}: filled before with seed {seed}, {row['invented']} requests"
    if row["others"] and not force:
        raise RealRequests
    for officer in cast(branch):
        await _enrol(store, officer, end - weeks.LENGTH)
    product = read_product(config)
    await weeks.play_weeks(
        product, store, branch, cast(branch), requests=requests, seed=seed, end=end
    )
    return f"{branch.id}: {requests} requests of invented people, seed {seed}"


async def _enrol(store: Store, officer: Officer, now: datetime) -> None:
    """Enrol *officer*; who may arrange things begins with the examples of quick replies."""

    async def enrol(tx: Tx) -> None:
        await officers.add(tx, officer, now=now)
        if officer.may("arrange"):
            await quick_replies.add_examples(tx, officer, now=now)

    with contextlib.suppress(Refused):  # enrolled by an earlier run
        await store.write(enrol)


async def _link(store: Store, config: Config, officer: Officer) -> str:
    now = SystemClock().now()
    await _enrol(store, officer, now)

    async def make(tx: Tx) -> str:
        return await sign_in.make_link(tx, officer.id, now=now)

    link = sign_in.address(config.web.url, await store.write(make))
    return f"{officer.id:12} {officer.role:10} {officer.branch:14} {link}"
