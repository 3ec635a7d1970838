"""The scripts, played in all ways that nobody wrote.

For each service the shortest script that files a request is always played on the engine, typed. All
the others are slow: every script on every channel by typing only and by buttons; those that file in
the other ways too, on the other channels only the shortest.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from bot.cli.scripts import report
from bot.cli.scripts.run import channels_of, play
from bot.cli.scripts.script import Script, load
from bot.cli.scripts.stage import Theatre
from bot.cli.scripts.steps import Bot
from bot.cli.scripts.ways import WAYS
from tests.declared import FLOWS

CODES = list(FLOWS)
SCRIPTS = load([Path(__file__).with_name("conversations")])
TYPED = "typed"
EVERYWHERE = (TYPED, "pressed")
"""Ways in which everything can be done on every channel."""


def files(script: Script, code: str) -> bool:
    """Whether *script* waits for a ticket of the service *code*, such as ``MND-G-0001``."""
    patterns = [p for step in script.steps if isinstance(step, Bot) for p in step.patterns]
    return any(f"-{code}-" in pattern for pattern in patterns)


def shortest(code: str) -> Script:
    return min((one for one in SCRIPTS if files(one, code)), key=lambda one: len(one.steps))


FILING = {one.file for one in SCRIPTS if any(files(one, code) for code in CODES)}
SHORTEST = {shortest(code).file for code in CODES}


def ways(script: Script, channel: str) -> Iterable[str]:
    """How *script* is played on *channel*."""
    wide = script.file in SHORTEST or (channel == "engine" and script.file in FILING)
    return WAYS if wide else EVERYWHERE


def runs() -> Iterator[object]:
    for script in SCRIPTS:
        for channel in channels_of(script):
            for way in ways(script, channel):
                quick = channel == "engine" and script.file in SHORTEST and way == TYPED
                yield pytest.param(
                    script,
                    channel,
                    way,
                    marks=[] if quick else [pytest.mark.slow, pytest.mark.many],
                    id=f"{script.file.stem}-{channel}-{way}",
                )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Theatre:
    return Theatre(tmp_path_factory.mktemp("theatre"))


@pytest.mark.parametrize(("script", "channel", "way"), list(runs()))
async def test_a_conversation_goes_well_in_every_way(
    house: Theatre, script: Script, channel: str, way: str
) -> None:
    went = await play(house, script, channel, way)

    assert went.failure is None, report.told(went)


@pytest.mark.parametrize("code", CODES)
def test_every_service_has_a_script_that_files(code: str) -> None:
    assert any(files(script, code) for script in SCRIPTS)
