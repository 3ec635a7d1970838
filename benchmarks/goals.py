"""The goals: which figure is set beside which, and how far it must and should come."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.load import Sample
from benchmarks.rounds import Samples

Figure = Callable[[Sample], float]


def rate(sample: Sample) -> float:
    """Turns in a second."""
    return sample.rate


def cost(sample: Sample) -> float:
    """Seconds for each turn."""
    return 1 / sample.rate


def p99(sample: Sample) -> float:
    return sample.p99


def memory(sample: Sample) -> float:
    return sample.memory


def part(name: str) -> Figure:
    """The part of that name."""
    return lambda sample: sample.parts[name]


@dataclass(frozen=True)
class Goal:
    """*figure* of contender *ours*, divided by that of *beside* where one is named.

    *floor* must be reached and *target* should be; where *small*, less is better.
    """

    title: str
    ours: str
    floor: float
    target: float
    beside: str = ""
    figure: Figure = rate
    small: bool = False
    unit: str = "x"


@dataclass(frozen=True)
class Result:
    """A goal's value, the median of all rounds, with the lowest and highest of them."""

    goal: Goal
    value: float
    lowest: float
    highest: float

    @property
    def verdict(self) -> str:
        """``target``, ``floor`` (reached, but not the target) or ``MISSED``."""
        goal = self.goal
        if self._within(goal.target):
            return "target"
        return "floor" if self._within(goal.floor) else "MISSED"

    def _within(self, limit: float) -> bool:
        return self.value <= limit if self.goal.small else self.value >= limit


GOALS = (
    Goal("16 chats / aiogram FSM, memory", "sqlite 16", 3, 5, "aiogram memory"),
    Goal("16 chats / aiogram FSM, SQLite storage", "sqlite 16", 12, 25, "aiogram sqlite"),
    Goal("16 chats / python-telegram-bot, nothing kept", "sqlite 16", 1.2, 2, "ptb"),
    Goal("1 chat / python-telegram-bot, flushed", "sqlite 1", 20, 40, "ptb flushed"),
    Goal("16 chats / raw sqlite3 loop, 32 a commit", "sqlite 16", 0.3, 0.5, "raw sqlite"),
    Goal("PostgreSQL / plain asyncpg, both 16 chats", "postgres 16", 2.5, 4, "asyncpg plain"),
    Goal("p99 with 16 chats", "sqlite 16", 40, 20, figure=p99, small=True, unit=" ms"),
    Goal(
        "memory, 1,000,000 / 50,000 chats stored",
        "stored 1000000",
        1.2,
        1.05,
        "stored 50000",
        figure=memory,
        small=True,
    ),
    Goal(
        "cost of a turn, 1,000,000 / 50,000 stored",
        "stored 1000000",
        1.4,
        1.2,
        "stored 50000",
        figure=cost,
        small=True,
    ),
    Goal(
        "cost of a claim, 100,000 / 1,000 queued",
        "claims 100000",
        1.5,
        1.2,
        "claims 1000",
        figure=cost,
        small=True,
    ),
    Goal(
        "cost of a claim, 1,000,000 / 10,000 queued",
        "claims 1000000",
        2,
        1.2,
        "claims 10000",
        figure=cost,
        small=True,
    ),
    Goal(
        "queue page, first byte, p95, 50 officers",
        "console",
        50,
        25,
        figure=part("page, p95"),
        small=True,
        unit=" ms",
    ),
    Goal(
        "claim meanwhile, p95",
        "console",
        20,
        10,
        figure=part("claim, p95"),
        small=True,
        unit=" ms",
    ),
    Goal(
        "new request on all 50 pages, p95",
        "console",
        1000,
        500,
        figure=part("seen, p95"),
        small=True,
        unit=" ms",
    ),
    Goal(
        "inbox with all it loads, compressed",
        "console",
        30,
        25,
        figure=part("inbox"),
        small=True,
        unit=" kB",
    ),
    Goal("chat: first line", "first line", 1, 1, figure=cost, small=True, unit=" s"),
    Goal("plain words", "understand", 0.002, 0.001, figure=cost, small=True, unit=" s"),
)


def together(names: Iterable[str], goals: Sequence[Goal] = GOALS) -> list[list[str]]:
    """*names* of contenders in groups: what a goal sets beside each other is in one."""
    groups = {name: [name] for name in names}
    for goal in goals:
        ours, beside = groups.get(goal.ours), groups.get(goal.beside)
        if ours and beside and ours is not beside:
            ours += beside
            groups |= dict.fromkeys(beside, ours)
    return list({id(group): group for group in groups.values()}.values())


def judged(samples: Samples, goals: Sequence[Goal] = GOALS) -> list[Result]:
    """Every goal whose contenders have run. A ratio is taken within one round."""
    return [
        _result(goal, samples)
        for goal in goals
        if goal.ours in samples and (not goal.beside or goal.beside in samples)
    ]


def _result(goal: Goal, samples: Samples) -> Result:
    values = [goal.figure(sample) for sample in samples[goal.ours]]
    if goal.beside:
        peers = [goal.figure(sample) for sample in samples[goal.beside]]
        values = [value / peer for value, peer in zip(values, peers, strict=True)]
    return Result(goal, median(values), min(values), max(values))
