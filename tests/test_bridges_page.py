"""What docs/bridges.md shows works as it stands there."""

import json
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which

import pytest

from bot.config.settings import ROOT
from tests.bot.channels.bridge_seat import SECRET
from tests.bot.channels.waha_seat import KEY
from tests.bot.channels.waha_seat import SECRET as WAHA_SECRET
from tests.conftest import Require
from tests.served import serving, wait_for

pytestmark = pytest.mark.slow

BASH = re.compile(r"```bash\n(.*?)```", re.DOTALL)


def test_the_calls_of_the_page_are_answered(require: Require, tmp_path: Path) -> None:
    require("curl", which("curl") and which("openssl"), "install curl and openssl")
    bridge_call, waha_call = BASH.findall((ROOT / "docs" / "bridges.md").read_text())
    with hearing() as (port, heard), serving(tmp_path) as start:
        served = start(
            CHIKA_BRIDGE_SECRET=SECRET,
            CHIKA_BRIDGE_CALLBACK_URL=f"http://127.0.0.1:{port}/pesan",
            CHIKA_WAHA_SECRET=WAHA_SECRET,
            CHIKA_WAHA_API_KEY=KEY,
            CHIKA_WAHA_URL=f"http://127.0.0.1:{port}",
        ).ready()
        assert "unofficial" in served.told

        def called(script: str) -> dict[str, object]:
            env = {
                "PATH": "/usr/bin:/bin",
                "CHIKA": served.url,
                "CHIKA_BRIDGE_SECRET": SECRET,
                "CHIKA_WAHA_SECRET": WAHA_SECRET,
            }
            told = subprocess.run(
                ["bash", "-c", script], env=env, capture_output=True, text=True, check=True
            )
            found: dict[str, object] = json.loads(told.stdout)
            return found

        assert called(bridge_call) == {"results": [{"id": "m1", "outcome": "stored"}]}
        assert called(bridge_call) == {"results": [{"id": "m1", "outcome": "known"}]}
        assert called(waha_call) == {"outcome": "taken"}
        wait_for(lambda: {path for path, _ in heard} == {"/pesan", "/api/sendText"})
        [message] = [call for path, call in heard if path == "/pesan"]
        assert message["user"] == "u1"
        [text] = [call for path, call in heard if path == "/api/sendText"]
        assert text["chatId"] == "6281200000142@c.us"
        assert "1. Urus administrasi" in str(text["text"])


@contextmanager
def hearing() -> Iterator[tuple[int, list[tuple[str, dict[str, object]]]]]:
    """A program that takes everything, by its port; and what it was told."""
    heard: list[tuple[str, dict[str, object]]] = []

    class Takes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((self.path, json.loads(body)))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Takes)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_address[1], heard
    finally:
        server.shutdown()
        server.server_close()
