"""``python3 bot.py chat`` in a pipe: from the start of the process to the bot's first line."""

import asyncio
import sys
import time

from benchmarks.load import Sample, Task, memory
from benchmarks.rounds import ROOT

SPEAKER = b"bot"


async def play(task: Task) -> Sample:
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(ROOT / "bot.py"), "chat", "--store", task.store),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin and process.stdout
    process.stdin.write(b"halo\n")
    process.stdin.close()
    line = b""
    while not line.startswith(SPEAKER):
        line = await process.stdout.readline()
        if not line:
            raise EOFError("the chat said nothing")
    seconds = time.perf_counter() - began
    await process.communicate()
    each = seconds * 1e3
    return Sample(rate=1 / seconds, cpu=0.0, p50=each, p99=each, memory=memory())
