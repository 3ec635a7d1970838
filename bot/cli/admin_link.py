"""``bot.py admin link``: print a one-time link that signs an officer in."""

import asyncio
from datetime import datetime
from functools import partial
from typing import Annotated

import typer

from bot.cli import MISUSE
from bot.config import Config, load
from data.instants import SystemClock
from data.opening import open_store
from data.store import Tx
from services import sign_in
from services.refusals import NotFound


def command(
    officer: Annotated[
        str, typer.Option(help="Login name of the officer; without it the first admin.")
    ] = sign_in.FIRST_ADMIN.id,
) -> None:
    """Make the link; it works once, within a day. Older links stay as they are."""
    try:
        link = asyncio.run(make_link(load(), officer))
    except NotFound:
        typer.echo(f"no officer {officer} may sign in", err=True)
        raise typer.Exit(MISUSE) from None
    typer.echo(link)


async def make_link(config: Config, officer: str) -> str:
    """The address that signs *officer* in; the first admin is enrolled when nobody is yet."""
    now = SystemClock().now()
    store = open_store(config.store.url)
    await store.open()
    try:
        token = await store.write(partial(_token, officer=officer, now=now))
    finally:
        await store.close()
    return sign_in.address(config.web.url, token)


async def _token(tx: Tx, officer: str, now: datetime) -> str:
    first = officer == sign_in.FIRST_ADMIN.id and await sign_in.first_link(tx, now=now)
    return first or await sign_in.make_link(tx, officer, now=now)
