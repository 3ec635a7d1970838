"""``bot.py audit head``: print the end of every chain, to be kept where nobody here can write."""

import asyncio

import click

from bot.config import load
from data.opening import open_store
from services import audit_chain
from services.audit_chain import Head

ALL = "*"
"""How the chain of officers of all branches is called, whose branch is ''."""


@click.command
def command() -> None:
    """One line for each chain. Example: python3 bot.py audit head >> /elsewhere/heads.txt"""
    for head in asyncio.run(_heads(str(load().store.url))):
        click.echo(line_of(head))


def line_of(head: Head) -> str:
    """``KC-MANADO 1234 <hash>``."""
    return f"{head.branch or ALL} {head.id} {head.hash}"


def head_of(line: str) -> Head:
    """The head of a line that was kept; raises ValueError for anything else."""
    branch, number, sealed = line.split()
    return Head("" if branch == ALL else branch, int(number), sealed)


async def _heads(url: str) -> list[Head]:
    store = open_store(url)
    await store.open()
    try:
        return [head async for head in audit_chain.heads(store)]
    finally:
        await store.close()
