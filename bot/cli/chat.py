"""``bot.py chat``: talk with the bot in this terminal, or from a pipe."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.bootstrap import CAPITAL_ZONE, App, read_product, running
from bot.channels.terminal import CHAT, Look, Terminal
from bot.channels.terminal_clock import MovableClock
from bot.channels.terminal_lines import lines
from bot.cli.logs import configure
from bot.cli.options import settings
from bot.config import Config
from data.instants import SystemClock, to_us

WORDS = ":bantuan  :keluar"
GLANCE = 0.005
"""Seconds between two looks at the store: another process may be the one that answers."""


@click.command
@click.option("--store", default="", help="Where to keep it: sqlite:///PATH or postgresql://...")
@click.option(
    "--record",
    type=click.Path(path_type=Path),
    help="Write a script of it, identity numbers replaced.",
)
def command(store: str, record: Path | None) -> None:
    """Talk until the input ends or :keluar. Example: echo halo | python3 bot.py chat"""
    config = settings(store)
    configure(config.log)
    asyncio.run(chat(config, record))
    if record:
        click.echo(f"{record}: names and dates stand there as typed; replay it after a look")


async def chat(config: Config, record: Path | None = None) -> None:
    """One participant's conversation, kept in the store like every other; *record* is a script."""
    clock = MovableClock(SystemClock(), ZoneInfo(CAPITAL_ZONE))
    apps: list[App] = []

    async def settled() -> None:
        await everything_said(apps[0])

    async def moved() -> None:
        apps[0].runtime.wake()
        await settled()

    keyboard = sys.stdin.isatty()
    typed: AsyncIterator[str] = lines(sys.stdin.fileno())
    build: Callable[..., Terminal] = Terminal
    if record:
        from bot.cli.scripts.record import RecordedTerminal, Recorder  # and all of the scripts

        recorder = Recorder(record, lambda: clock.now().astimezone(ZoneInfo(CAPITAL_ZONE)))
        typed, build = recorder.listen(typed), partial(RecordedTerminal, recorder=recorder)
    terminal = build(
        typed,
        sys.stdout,
        clock,
        settled=settled,
        tools=clock.tools(moved),
        look=Look(echo=not keyboard, bold=keyboard and sys.stdout.isatty()),
        largest_file=config.documents.max_bytes,
    )
    if keyboard:
        click.echo(f"CHIKA (terminal)  {WORDS}")
    async with running(read_product(config), [terminal], clock) as app:
        apps.append(app)
        await terminal.ended()


async def everything_said(app: App) -> None:
    """Wait until this chat has no event that is due and no message under way."""
    while True:
        async with app.store.read() as tx:
            now = to_us(app.clock.now())
            if await tx.one("terminal_waiting", chat=CHAT, now=now) is None:
                return
        await asyncio.sleep(GLANCE)
