"""Run one contender in this process: ``python -m benchmarks.one NAME '{"seconds": 1, ...}'``.

Prints its `benchmarks.load.Sample` as one line of JSON.
"""

import asyncio
import logging
import sys
from importlib import import_module

import msgspec
import uvloop

from benchmarks.load import Sample, Task

OURS = frozenset({"ours", "stored", "claims", "console", "anatomy"})
"""Contenders that are the product: they run on the event loop that serves it."""


def main() -> None:
    logging.disable(logging.WARNING)
    name, task = sys.argv[1], msgspec.json.decode(sys.argv[2], type=Task)
    play = import_module(f"benchmarks.contenders.{name}").play
    run = uvloop.run if name in OURS else asyncio.run
    measured: Sample = run(play(task))
    sys.stdout.write(msgspec.json.encode(measured).decode() + "\n")


if __name__ == "__main__":
    main()
