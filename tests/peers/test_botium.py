"""npm botium-core plays scripts of its own format over the HTTP bridge of a real ``serve``."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.bot.channels.bridge_seat import SECRET
from tests.conftest import Require
from tests.peers.servers import HERE, PEERS, has_botium
from tests.served import FILES, serving

pytestmark = pytest.mark.slow

REASON = "set CHIKA_PEERS to a folder with botium-core, as .ci/run makes it"
BOTIUM = HERE / "botium"
SCRIPTS = sorted(path.name for path in (BOTIUM / "convos").glob("*.convo.txt"))


def test_botium_walks_to_a_ticket_up_the_ladder_and_asks_for_the_status(
    require: Require, tmp_path: Path
) -> None:
    require("peers", has_botium(), REASON)
    with playing(tmp_path) as botium, serving(tmp_path) as start:
        port = botium.stdout.readline().removeprefix("listening ").strip()
        served = start(
            CHIKA_BRIDGE_SECRET=SECRET,
            CHIKA_BRIDGE_CALLBACK_URL=f"http://127.0.0.1:{port}/pesan",
        ).ready()
        assert "/bridge/events" in served.told
        told, complaints = botium.communicate(f"{served.url}\n", timeout=300)
        assert botium.returncode == 0, complaints
        played = [json.loads(line) for line in told.splitlines()]
        assert len(played) == len(SCRIPTS) == 3
        assert [one["problem"] for one in played] == [""] * 3
        assert SECRET not in served.complained + served.told


@contextmanager
def playing(folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Botium as a process; it waits for the address of the bot."""
    process = subprocess.Popen(
        ["node", str(BOTIUM / "run.cjs")],
        cwd=folder,
        env={
            **os.environ,
            "CHIKA_PEERS": str(PEERS),
            "BRIDGE_SECRET": SECRET,
            "CONVOS": str(BOTIUM / "convos"),
            "FILES": str(FILES),
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
