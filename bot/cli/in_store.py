"""One transaction from the command line: the store is opened for it and closed again."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, TypeVar

import click

from bot.cli import MISUSE
from bot.config import Config
from bot.config.settings import ROOT
from bot.texts.catalogue import Catalogue, shared_sentences
from data.instants import SystemClock
from data.opening import open_store
from data.store import Tx
from services.refusals import NotFound, Refused

T = TypeVar("T")
Verb = Callable[[Tx, datetime], Coroutine[Any, Any, T]]


def in_store(config: Config, verb: Verb[T], *, missing: str) -> T:
    """Run *verb* now; ends the command with *missing*, or with the reason of a refusal."""
    try:
        return asyncio.run(_in_store(config, verb))
    except NotFound:
        click.echo(missing, err=True)
    except Refused as refused:
        texts = Catalogue({"id": shared_sentences(ROOT / "bot" / "texts" / "id.yaml")})
        click.echo(texts.render(refused.key, refused.values), err=True)
    raise SystemExit(MISUSE)


async def _in_store(config: Config, verb: Verb[T]) -> T:
    now = SystemClock().now()
    store = open_store(config.store.url)
    await store.open()
    try:
        return await store.write(lambda tx: verb(tx, now))
    finally:
        await store.close()
