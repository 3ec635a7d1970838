"""``doctor --online`` asks the bridges, and tells what has to be mended and how."""

import json

import httpx
import pytest
from msgspec.structs import replace

from bot.cli.doctor_bridges import examine
from bot.config import Config, Secret
from bot.config.settings import Bridge, Waha
from tests.bot.channels.bridge_seat import SECRET, signed
from tests.bot.channels.openapi import check

CONFIG = replace(
    Config(),
    bridge=Bridge(callback_url="http://127.0.0.1:9/pesan", secret=Secret(SECRET)),
    waha=Waha(url="http://127.0.0.1:9", secret=Secret("w" * 32), api_key=Secret("kunci-rahasia")),
)


def asked(bridge: httpx.Response, waha: httpx.Response) -> list[str]:
    """What is told when the two programs answer so; NOBODY stands for none."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/pesan":
            check("Ping", json.loads(request.content))
            proof = signed(request.content, int(request.headers["X-Chika-Timestamp"]))
            assert request.headers["X-Chika-Signature"] == proof["X-Chika-Signature"]
            found = bridge
        else:
            assert request.url.path == "/api/sessions/default"
            assert request.headers["X-Api-Key"] == "kunci-rahasia"
            found = waha
        if found.status_code == 599:
            raise httpx.ConnectError("no")
        return found

    told = list(examine(CONFIG, transport=httpx.MockTransport(answer)))
    assert SECRET not in str(told)
    assert "kunci-rahasia" not in str(told)
    return told


FINE = httpx.Response(200, json={"name": "default", "status": "WORKING"})
NOBODY = httpx.Response(599)


def test_nothing_is_told_when_both_hear_us() -> None:
    assert asked(httpx.Response(204), FINE) == []


def test_nobody_is_asked_where_nothing_is_on() -> None:
    assert list(examine(Config())) == []


@pytest.mark.parametrize(
    ("bridge", "words"),
    [
        (NOBODY, "bridge.callback_url: no answer from 127.0.0.1:9"),
        (httpx.Response(401), "CHIKA_BRIDGE_SECRET"),
        (httpx.Response(404), "bridge.callback_url: HTTP 404"),
        (httpx.Response(302, headers={"Location": "http://x.example"}), "HTTP 302"),
    ],
)
def test_what_is_wrong_with_the_bridge_is_told(bridge: httpx.Response, words: str) -> None:
    [told] = asked(bridge, FINE)
    assert words in told


@pytest.mark.parametrize(
    ("waha", "words"),
    [
        (NOBODY, "waha.url: no answer"),
        (httpx.Response(401), "CHIKA_WAHA_API_KEY"),
        (httpx.Response(404), "waha.session"),
        (httpx.Response(200, json={"status": "SCAN_QR_CODE"}), "scan the QR code"),
        (httpx.Response(200, content=b"<html>"), "unknown (HTTP 200)"),
    ],
)
def test_what_is_wrong_with_waha_is_told(waha: httpx.Response, words: str) -> None:
    [told] = asked(httpx.Response(200), waha)
    assert words in told
