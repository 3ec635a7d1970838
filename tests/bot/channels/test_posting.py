"""Posts to somebody else's program: a yes counts, whatever becomes of the rest of the answer."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.channels import posting


class Stalled(httpx.AsyncByteStream):
    """The body of an answer that never ends."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()


async def test_a_yes_whose_rest_never_comes_is_a_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECONDS_TO_SEND", "SECONDS_TO_READ"):
        monkeypatch.setattr(posting, name, 0.05, raising=False)
    transport = httpx.MockTransport(lambda request: httpx.Response(200, stream=Stalled()))
    async with posting.client(transport) as client:
        answer = await posting.post(client, "http://127.0.0.1/", b"{}", {}, channel="bridge")
    assert answer == b""
