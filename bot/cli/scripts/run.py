"""Which channels a script runs on, and one run of it from the first step to the last."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

from bot.cli.scripts.drivers import DRIVERS, driver
from bot.cli.scripts.outcome import Outcome
from bot.cli.scripts.playing import Play
from bot.cli.scripts.script import Script
from bot.cli.scripts.stage import Stage, Theatre
from bot.cli.scripts.steps import Again, Bot, Clock, Press, Send, User
from bot.cli.scripts.ways import WAYS
from services.windows import RULES

LATE: Final = "says nothing so long after somebody's last words"


def channels_of(script: Script, only: str = "") -> list[str]:
    """The channels on which *script* runs: those it names, or all that can play every step."""
    return [name for name in DRIVERS if only in ("", name) and not left_out(script, name)]


def left_out(script: Script, channel: str) -> str:
    """Why *script* does not run on *channel*: what it needs, or that channel lacks; '' if it does.

    A script that names its channels knows what it does there.
    """
    head = script.head
    if head.channels:
        return "" if channel in head.channels else f"needs {head.needs or 'another channel'}"
    rule = RULES.get(channel)
    if rule and _speaks_late(script, rule.length):
        return LATE
    people = driver(channel)
    return next((lack for step in script.steps if (lack := people.lacks(step))), "")


def _speaks_late(script: Script, length: timedelta) -> bool:
    """Whether the bot is to speak so long after a participant's last word: then it may not."""
    now = heard = script.head.at
    for step in script.steps:
        match step:
            case Clock(at=at, by=by):
                now = at or now + by
            case User() | Press() | Send() | Again():
                heard = now
            case Bot() if now - heard >= length:
                return True
    return False


async def play(theatre: Theatre, script: Script, channel: str, way: str = "") -> Outcome:
    """Play *script* once, on a stage of its own; *way* is one of `WAYS`, '' as it is written."""
    async with played(theatre, script, channel, way) as (outcome, _):
        return outcome


@asynccontextmanager
async def played(
    theatre: Theatre, script: Script, channel: str, way: str = ""
) -> AsyncIterator[tuple[Outcome, Stage]]:
    """The same, with the stage as it stands at the end."""
    outcome = Outcome(script, channel, way)
    started = time.perf_counter()
    store, observe = await theatre.blank_store(), outcome.moves.extend
    product = theatre.with_memory(script.head.menu)
    stage = Stage(product, store, driver(channel), script.head.at, observe)
    await stage.open()
    try:
        await WAYS.get(way, Play)(stage, script, outcome).run()
        outcome.seconds = time.perf_counter() - started
        yield outcome, stage
    finally:
        await stage.close()
