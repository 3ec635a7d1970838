"""Which channels a script runs on, and one run of it from the first step to the last."""

import time

from bot.cli.scripts.drivers import DRIVERS, driver
from bot.cli.scripts.outcome import Outcome
from bot.cli.scripts.playing import Play
from bot.cli.scripts.script import Script
from bot.cli.scripts.stage import Stage, Theatre
from bot.runtime.turns import Observe


def channels_of(script: Script, only: str = "") -> list[str]:
    """The channels on which *script* runs: those it names, or all that can play every step."""
    named = script.head.channels or tuple(DRIVERS)
    return [
        name
        for name in DRIVERS
        if name in named and only in ("", name) and (script.head.channels or _plays(script, name))
    ]


def _plays(script: Script, channel: str) -> bool:
    people = driver(channel)
    return not any(people.lacks(step) for step in script.steps)


async def play(theatre: Theatre, script: Script, channel: str) -> Outcome:
    """Play *script* once, on a stage of its own."""
    outcome = Outcome(script, channel)
    started = time.perf_counter()
    observe: Observe = outcome.moves.extend
    stage = Stage(
        theatre.with_memory(),
        await theatre.blank_store(),
        driver(channel),
        script.head.at,
        observe,
    )
    await stage.open()
    try:
        await Play(stage, script, outcome).run()
    finally:
        await stage.close()
    outcome.seconds = time.perf_counter() - started
    return outcome
