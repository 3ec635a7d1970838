"""The benchmarks go with the product: whoever changes it learns here that they must follow."""

from importlib import import_module
from pathlib import Path

import pytest

from benchmarks.goals import GOALS, together
from benchmarks.load import Task

CONTENDERS = Path(__file__).parents[1] / "benchmarks" / "contenders"
NAMES = sorted(path.stem for path in CONTENDERS.glob("[a-z]*.py"))
LIGHT = ("ours", "understand", "raw_sqlite")
"""Contenders that need neither peers nor a store that is filled first."""


@pytest.mark.parametrize("name", NAMES)
def test_every_contender_can_be_imported(name: str) -> None:
    assert import_module(f"benchmarks.contenders.{name}")


@pytest.mark.parametrize("name", LIGHT)
async def test_what_needs_little_can_be_played(name: str, tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path / 'store.db'}"
    task = Task(folder=str(tmp_path), concurrent=2, seconds=0.2, store=store)

    sample = await import_module(f"benchmarks.contenders.{name}").play(task)

    assert sample.rate > 0


def test_what_goals_set_beside_each_other_runs_together() -> None:
    names = {name: None for goal in GOALS for name in (goal.ours, goal.beside) if name}
    groups = together([*names, "of no goal"])

    assert sorted(name for group in groups for name in group) == sorted([*names, "of no goal"])
    for goal in GOALS:
        assert not goal.beside or any({goal.ours, goal.beside} <= {*group} for group in groups)
    assert ["of no goal"] in groups and ["first line"] in groups
