"""The body of an answer that begins and never ends."""

import asyncio
from collections.abc import AsyncIterator

import httpx


class Stalled(httpx.AsyncByteStream):
    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()
