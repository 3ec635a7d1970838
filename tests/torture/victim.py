"""The parent's side: starts lives, ends them, and knows how they ended."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from bot.bootstrap import Product
from tests.torture import audit
from tests.torture.child import Order, Place, product_in
from tests.torture.script import AT_ONCE, CHANNEL, STEPS

ROOT = Path(__file__).resolve().parents[2]
LOOK = 0.002
KILLED = -signal.SIGKILL
CHATS_TO_THE_END = AT_ONCE * len(STEPS)
"""Updates after which `AT_ONCE` chats have said everything."""


class Victim:
    """A world whose product dies again and again."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.folder = folder
        self.limit = 0
        self.lives = 0
        self.kills = 0
        self.product: Product = product_in(folder)
        place = msgspec.json.encode(Place(address, str(folder))).decode()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.child", place],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=60)
        self._process.stdout.close()

    def begin(self, more: int = 0, **how: object) -> int:
        """Start a life that works on *more* updates than there were; its process id."""
        assert self._process.stdin
        self.limit += more
        order = msgspec.convert(
            {"number": self.lives, "limit": self.limit, **how}, Order, strict=True
        )
        self.lives += 1
        self._process.stdin.write(msgspec.json.encode(order).decode() + "\n")
        self._process.stdin.flush()
        return int(self._line())

    def end(self) -> int:
        """How the life ended: 0, or minus the signal."""
        code = int(self._line())
        self.kills += code == KILLED
        return code

    def live(self, more: int = 0, **how: object) -> int:
        """A life from its beginning to its end."""
        self.begin(more, **how)
        return self.end()

    def kill_when(self, pid: int, told: int, seconds: float) -> int:
        """End the life from outside, *seconds* after the provider got *told* bytes from it."""
        aim = self._told() + told
        while self._told() < aim:
            if self._ended_within(LOOK):
                return self.end()
        if not self._ended_within(seconds):
            os.kill(pid, signal.SIGKILL)
        return self.end()

    def _ended_within(self, seconds: float) -> bool:
        assert self._process.stdout
        ended, _, _ = select.select([self._process.stdout], [], [], seconds)
        return bool(ended)

    def _told(self) -> int:
        path = self.folder / "told"
        return path.stat().st_size if path.exists() else 0

    def wait_until_delivered(self) -> None:
        """Wait until the product has acknowledged every update."""
        while self.acknowledged() < self.limit:
            assert not self._ended_within(0), "the life ended before everything was acknowledged"
            os.sched_yield()

    def acknowledged(self) -> int:
        """How many updates the provider may forget."""
        path = self.folder / "acked"
        return int(path.read_bytes() or b"0") if path.exists() else 0

    async def violations(self, channel: str = CHANNEL) -> list[str]:
        """Every broken invariant, now that a life came to its end; updates came by *channel*."""
        world = (self.address, self.folder, self.product, self.limit)
        return await audit.violations(*world, channel)

    async def repeats(self) -> int:
        """How many messages arrived more often than they were said."""
        found = await audit.tables(self.address)
        said = {row["id"]: row["out_seq"] for row in found["chat"]}
        return audit.repeats(audit.told_by(self.folder), said)

    def _line(self) -> str:
        # unbuffered reading of whole lines: the program writes them one at a time
        assert self._process.stdout
        line = self._process.stdout.readline()
        assert line, "the program that is to be killed has ended by itself"
        return line
