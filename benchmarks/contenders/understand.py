"""The router over labelled messages, cold: no word is remembered from the message before."""

import time

from benchmarks.load import Sample, Task, sample
from benchmarks.rounds import ROOT
from flows.load import load_all
from flows.understanding.messages import read_messages
from flows.understanding.router import Router


async def play(task: Task) -> Sample:
    router, messages = Router(load_all(ROOT / "flows")), read_messages()
    took: list[float] = []
    cpu, began = time.process_time(), time.perf_counter()
    while time.perf_counter() - began < task.seconds:
        for _, text in messages:
            router.lexicon.meaning.cache_clear()
            at = time.perf_counter()
            router.understand(text)
            took.append(time.perf_counter() - at)
    return sample(took, time.perf_counter() - began, time.process_time() - cpu)
