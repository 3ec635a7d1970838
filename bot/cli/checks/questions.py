"""Scripts reach every early result, and no service asks or says too much on the way to a ticket."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import msgspec

from bot.cli.scripts.filings import Filing, filings
from bot.cli.scripts.limits import load_limits
from bot.cli.scripts.measures import HEADING, Measure, measure, row, too_much
from bot.cli.scripts.run import channels_of, played
from bot.cli.scripts.script import load
from bot.cli.scripts.stage import theatre
from flows.journey import Journeys, Move


class Seen(msgspec.Struct, frozen=True):
    """What all scripts together filed and did."""

    journeys: Journeys
    filings: Sequence[Filing]
    moves: Sequence[Move]
    failed: Sequence[str]


def check(root: Path) -> list[str]:
    """Scripts that fail, results that none reaches, and what is over the limits."""
    seen, limits = _seen(root), load_limits()
    return [
        *(f"{script}: fails; look with python3 bot.py replay {script}" for script in seen.failed),
        *unreached(seen.journeys, seen.moves),
        *(
            f"{code}: {problem}"
            for code, measures in _measures(seen).items()
            for problem in too_much(code, measures, limits)
        ),
    ]


def table(root: Path) -> str:
    """The figures of every service that some script files."""
    limits = load_limits()
    found = _measures(_seen(root)).items()
    return "\n".join(
        [HEADING, *(row(code, measures, limits) for code, measures in found if measures)]
    )


def unreached(journeys: Journeys, moves: Iterable[Move]) -> Iterator[str]:
    """Early results that no script ever leads to."""
    reached = {(move.machine, move.dest) for move in moves}
    for code, service in journeys.services.items():
        for name in service.states:
            if service.is_result(name) and (code, name) not in reached:
                yield f"{code}: no script reaches the result {name}"


def _measures(seen: Seen) -> dict[str, list[Measure]]:
    limits = load_limits()
    return {
        code: measure(service, (one for one in seen.filings if one.service == code), limits)
        for code, service in seen.journeys.services.items()
    }


@cache
def _seen(root: Path) -> Seen:
    return asyncio.run(_play(root))


async def _play(root: Path) -> Seen:
    """Play every script once, on the first channel that can."""
    found: list[Filing] = []
    moves: list[Move] = []
    failed: list[str] = []
    async with theatre() as house:
        for script in load([root / "tests" / "conversations"]):
            channel = channels_of(script)[0]
            async with played(house, script, channel) as (outcome, stage):
                if outcome.failure:
                    failed.append(str(script.file.relative_to(root)))
                found += await filings(stage)
                moves += outcome.moves
        return Seen(house.product.journeys, found, moves, failed)
