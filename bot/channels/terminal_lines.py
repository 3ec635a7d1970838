"""Lines from a file descriptor without blocking the loop: a keyboard, a pipe or a plain file."""

import asyncio
import contextlib
import os
import threading
from collections.abc import AsyncGenerator

CHUNK = 65536


async def lines(descriptor: int) -> AsyncGenerator[str, None]:
    """Each line without its end, until the input ends."""
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[str | None] = asyncio.Queue()

    def hand_over(line: str | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended; nobody listens any more
            loop.call_soon_threadsafe(arrived.put_nowait, line)

    def read() -> None:
        # Bare reads: a buffered stdin that waits in a thread breaks the interpreter's exit.
        rest = b""
        while chunk := os.read(descriptor, CHUNK):
            *whole, rest = (rest + chunk).split(b"\n")
            for line in whole:
                hand_over(line.decode(errors="replace").rstrip("\r"))
        if rest:
            hand_over(rest.decode(errors="replace"))
        hand_over(None)

    threading.Thread(target=read, name="terminal input", daemon=True).start()
    while (line := await arrived.get()) is not None:
        yield line
