"""The report as text for people and as JSON for machines."""

import json
from collections.abc import Iterator
from statistics import median

from benchmarks.goals import Result
from benchmarks.harness import Report
from benchmarks.load import Sample


def as_text(report: Report) -> str:
    """Goals first, then every contender, then where the time of a turn goes."""
    return "\n".join([*_goals(report), "", *_contenders(report), "", *_parts(report)])


def as_json(report: Report) -> str:
    """One object: ``passed``, ``goals``, ``contenders`` with all samples, ``parts``."""
    return json.dumps(
        {
            "passed": report.passed,
            "goals": [_goal(result) for result in report.results],
            "contenders": {
                name: [_sample(sample) for sample in samples]
                for name, samples in report.samples.items()
            },
            "parts": {name: round(value, 1) for name, value in report.parts.items()},
        }
    )


def _goals(report: Report) -> Iterator[str]:
    yield f"{'goal':46}{'median (lo..hi)':>26}{'floor':>9}{'target':>9}  verdict"
    for result in report.results:
        goal = result.goal
        spread = f"{result.value:.2f} ({result.lowest:.2f}..{result.highest:.2f})"
        limits = "".join(f"{limit:g}{goal.unit}".rjust(9) for limit in (goal.floor, goal.target))
        yield f"{goal.title:46}{spread:>26}{limits}  {result.verdict}"


def _contenders(report: Report) -> Iterator[str]:
    head = ("turns/s (lo..hi)", "p50 ms", "p99 ms", "CPU us", "MiB")
    yield f"{'contender':40}{head[0]:>26}" + "".join(f"{word:>9}" for word in head[1:])
    for name, samples in report.samples.items():
        rates = [sample.rate for sample in samples]
        spread = f"{median(rates):,.1f} ({min(rates):,.0f}..{max(rates):,.0f})"
        others = [
            median(getattr(sample, figure) for sample in samples)
            for figure in ("p50", "p99", "cpu", "memory")
        ]
        figures = "".join(f"{value:9,.1f}" for value in others)
        yield f"{report.titles[name]:40}{spread:>26}{figures}"


def _parts(report: Report) -> Iterator[str]:
    yield "where the time of a turn goes (SQLite, 16 chats, us of CPU; brackets: other units)"
    for name, value in report.parts.items():
        yield f"  {name:54}{value:8.1f}"


def _goal(result: Result) -> dict[str, object]:
    return {
        "goal": result.goal.title,
        "value": round(result.value, 3),
        "lowest": round(result.lowest, 3),
        "highest": round(result.highest, 3),
        "floor": result.goal.floor,
        "target": result.goal.target,
        "verdict": result.verdict,
    }


def _sample(sample: Sample) -> dict[str, float]:
    return {
        figure: round(getattr(sample, figure), 2)
        for figure in ("rate", "cpu", "p50", "p99", "memory")
    }
