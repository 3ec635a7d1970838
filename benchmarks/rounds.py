"""Rounds: every contender once in each, in shuffled order, each in a fresh process.

What is set beside each other runs one after the other: a machine's speed changes within a minute.
"""

import random
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from pathlib import Path

import msgspec

from benchmarks.load import Sample, Task

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 300
"""Seconds after which a contender counts as stuck."""

Samples = dict[str, list[Sample]]
"""What each contender gave, one sample for each round."""


class ContenderFailed(RuntimeError):
    """A contender ended without a sample; says which and with what words."""


class Contender(msgspec.Struct, frozen=True):
    """A line of the table: the module of `benchmarks.contenders` and what it is told."""

    title: str
    module: str
    task: Task


def run(contender: Contender, seconds: float) -> Sample:
    """One run in a process of its own. Raises `ContenderFailed`."""
    task = msgspec.structs.replace(contender.task, seconds=seconds)
    command = [sys.executable, "-m", "benchmarks.one", contender.module]
    try:
        ended = subprocess.run(
            [*command, msgspec.json.encode(task).decode()],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
            timeout=LONGEST,
        )
    except subprocess.CalledProcessError as error:
        raise ContenderFailed(f"{contender.title}: {error.stderr[-2000:]}") from error
    return msgspec.json.decode(ended.stdout.splitlines()[-1], type=Sample)


def interleaved(
    contenders: Mapping[str, Contender],
    groups: Sequence[Sequence[str]],
    *,
    rounds: int,
    seconds: float,
    told: Callable[[str], None],
) -> Samples:
    """All samples of *rounds* rounds; the order of *groups* and in them is another one in each."""
    samples: Samples = {name: [] for name in contenders}
    for number in range(rounds):
        chance = random.Random(number)
        shuffled = [chance.sample(group, len(group)) for group in groups]
        for name in chain.from_iterable(chance.sample(shuffled, len(shuffled))):
            told(f"round {number + 1} of {rounds}: {contenders[name].title}")
            samples[name].append(run(contenders[name], seconds))
    return samples
