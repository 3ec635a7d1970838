"""What ``doctor --online`` asks bridges: does anybody hear us, and do the secrets agree?"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from bot.channels.bridge.signing import sign
from bot.channels.bridge.wire import Ping
from bot.channels.waha.channel import KEY_HEADER
from bot.config import Config, variable
from bot.config.settings import Bridge, Key, Waha

PATIENCE = 3.0
"""Seconds for each question."""


def examine(config: Config, *, transport: httpx.BaseTransport | None = None) -> Iterator[str]:
    """What has to be mended, each with how. *transport* stands in for the network."""
    with httpx.Client(timeout=PATIENCE, trust_env=False, transport=transport) as client:
        if config.bridge.enabled:
            yield from _bridge(config.bridge, client)
        if config.waha.enabled:
            yield from _waha(config.waha, client)


def _bridge(bridge: Bridge, client: httpx.Client) -> Iterator[str]:
    body = msgspec.json.encode(Ping())
    headers = {"Content-Type": "application/json"}
    headers |= sign(bridge.secret or "", body, datetime.now(UTC))
    answer = _ask(client, "POST", bridge.callback_url, headers, body)
    if isinstance(answer, str):
        yield f"bridge.callback_url: {answer}; start that program, or correct the address"
    elif answer.status_code in (401, 403):
        yield (
            "bridge: that program refuses our signature; give both sides the same"
            f" {variable(('bridge', 'secret'))}, and see that both clocks are right"
        )
    elif not answer.is_success:
        yield (
            f"bridge.callback_url: HTTP {answer.status_code} to a ping; write the whole address,"
            " with its path, and let that program answer 2xx (docs/bridges.md)"
        )


def _waha(waha: Waha, client: httpx.Client) -> Iterator[str]:
    key: Key = ("waha", "api_key")
    url = f"{waha.url.rstrip('/')}/api/sessions/{waha.session}"
    answer = _ask(client, "GET", url, {KEY_HEADER: waha.api_key or ""})
    if isinstance(answer, str):
        yield f"waha.url: {answer}; start WAHA, or correct the address"
    elif answer.status_code in (401, 403):
        yield f"waha: the server refuses our key; {variable(key)} must be the key of its API"
    elif answer.status_code == 404:
        yield f"waha.session: the server has no session {waha.session}; make it, or correct it"
    elif (state := _state(answer)) != "WORKING":
        yield (
            f"waha: the session is {state}, not WORKING; open WAHA's dashboard, start the session"
            " and scan the QR code"
        )


def _state(answer: httpx.Response) -> str:
    try:
        said: Any = answer.json()
    except ValueError:
        said = None
    found = said.get("status") if isinstance(said, dict) else None
    return found[:40] if isinstance(found, str) else f"unknown (HTTP {answer.status_code})"


def _ask(
    client: httpx.Client, method: str, url: str, headers: dict[str, str], body: bytes = b""
) -> httpx.Response | str:
    try:
        return client.request(method, url, headers=headers, content=body)
    except httpx.HTTPError as problem:
        return f"no answer from {urlsplit(url).netloc}: {type(problem).__name__}"
