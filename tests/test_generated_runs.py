"""The scripts of every service, played in all ways that nobody wrote.

For each service the shortest script that files a request is always played; all others, and the
other channels, are slow.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.scripts import report
from bot.cli.scripts.run import channels_of, play
from bot.cli.scripts.script import Script, load
from bot.cli.scripts.stage import Theatre
from bot.cli.scripts.steps import Press, User
from bot.cli.scripts.ways import WAYS
from bot.config.settings import ROOT
from flows.load import load_all

CODES = [code for code, flow in load_all(ROOT / "flows").items() if flow.steps]
SCRIPTS = load([Path(__file__).with_name("conversations")])


def files(script: Script, code: str) -> bool:
    """Whether *script* files a request of the service *code*, which its name tells."""
    sends = any(
        isinstance(step, User | Press) and "kirim" in getattr(step, "text", "what").lower()
        for step in script.steps
    )
    return sends and script.file.stem.startswith(f"{code.lower()}_")


def shortest(code: str) -> Script:
    return min((one for one in SCRIPTS if files(one, code)), key=lambda one: len(one.steps))


def runs() -> Iterator[object]:
    """Every script, channel and way, the slow ones marked."""
    always = {shortest(code).file for code in CODES}
    for script in SCRIPTS:
        for channel in channels_of(script):
            for way in WAYS:
                slow = channel != "engine" or script.file not in always
                yield pytest.param(
                    script,
                    channel,
                    way,
                    marks=[pytest.mark.slow] if slow else [],
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
