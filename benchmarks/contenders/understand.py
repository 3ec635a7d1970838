"""The router over labelled messages, cold: no word is remembered from the message before."""

import csv
import time

from benchmarks.load import Sample, Task, sample
from benchmarks.rounds import ROOT
from flows.load import load_all
from flows.understanding.router import Router

MESSAGES = ROOT / "tests" / "flows" / "messages.csv"


async def play(task: Task) -> Sample:
    router = Router(load_all(ROOT / "flows"))
    with MESSAGES.open(encoding="utf-8", newline="") as rows:
        texts = [row["text"] for row in csv.DictReader(rows)]
    took: list[float] = []
    cpu, began = time.process_time(), time.perf_counter()
    while time.perf_counter() - began < task.seconds:
        for text in texts:
            router.lexicon.meaning.cache_clear()
            at = time.perf_counter()
            router.understand(text)
            took.append(time.perf_counter() - at)
    return sample(took, time.perf_counter() - began, time.process_time() - cpu)
