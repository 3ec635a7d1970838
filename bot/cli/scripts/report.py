"""What a replay prints: each script, failures with a diff and the way on by hand, coverage."""

import difflib
import shlex
from collections.abc import Iterator, Sequence
from typing import Final

from bot.cli.scripts.coverage import Row
from bot.cli.scripts.outcome import Failure, Outcome
from bot.cli.scripts.script import Script
from bot.config.settings import variable

MOST_MISSING: Final = 8
"""Missing states and transitions that are named; the rest are counted."""


def told(outcome: Outcome) -> str:
    """One script on one channel."""
    script, failure = outcome.script, outcome.failure
    played = f"{outcome.channel} {outcome.way}".rstrip()
    if failure is None:
        count, milliseconds = len(script.steps), outcome.seconds * 1000
        return f"PASSED  {script.file}  {played}  {count} steps  {milliseconds:.0f} ms"
    where = f"step {failure.number} of {failure.count}"
    state = f"  (at {failure.state})" if failure.state else ""
    return "\n".join(
        [
            f"FAILED  {script.file}  {played}  {where}{state}",
            *(f"  {line}" for line in _problem(outcome, failure)),
        ]
    )


def left_out(script: Script, channel: str, why: str) -> str:
    """One script that is not played on a channel."""
    return f"LEFT    {script.file}  {channel}  {why}"


def _problem(outcome: Outcome, failure: Failure) -> Iterator[str]:
    yield f"{failure.place}: {failure.problem.why}"
    before = [one for one in outcome.spoken if one.who != "bot"]
    if before:
        yield f"{before[-1].who} > {before[-1].text}"
    yield from difference(failure.problem.expected, failure.problem.found)
    yield f"on from here by hand: {by_hand(outcome)}"
    if failure.problem.better and not outcome.way:
        yield f"to take what was said: python3 bot.py replay {failure.place.file} --update"


def difference(expected: str, found: str) -> Iterator[str]:
    """The two texts as a diff; where they share no line, one after the other."""
    yield from difflib.unified_diff(
        expected.splitlines(), found.splitlines(), "expected", "said", lineterm="", n=3
    )


def by_hand(outcome: Outcome) -> str:
    """A shell command that says all this again in the terminal chat and then listens."""
    lines = " ".join(shlex.quote(line) for line in outcome.typed)
    menu = outcome.script.head.menu
    setting = f"{variable(('chat', 'menu'))}={menu} " if menu else ""
    return f"(printf '%s\\n' {lines}; cat) | {setting}python3 bot.py chat"


def table(rows: Sequence[Row]) -> str:
    """The coverage of each machine, with what is missing."""
    width = max(len(f"{row.machine}  {row.title}") for row in rows)
    lines = [f"{'Coverage':{width}}  states          transitions      missing"]
    for row in rows:
        name = f"{row.machine}  {row.title}"
        states = _share(row.states - len(row.missing_states), row.states)
        moves = _share(row.transitions - len(row.missing_transitions), row.transitions)
        lines.append(f"{name:{width}}  {states:14}  {moves:15}  {', '.join(_missing(row))}")
    return "\n".join(line.rstrip() for line in lines)


def _share(done: int, of: int) -> str:
    return f"{done}/{of} ({done * 100 // of} %)"


def _missing(row: Row) -> list[str]:
    names = list(row.missing_states)
    names += [
        f"{source}→{dest}" if trigger == "next" else f"{trigger} ({source}→{dest})"
        for trigger, source, dest in row.missing_transitions
    ]
    rest = len(names) - MOST_MISSING
    return names if rest <= 0 else [*names[:MOST_MISSING], f"{rest} more (--json names them)"]
