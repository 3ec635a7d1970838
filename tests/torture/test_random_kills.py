"""The process is killed from outside at random, while messages pour in."""

import random

import pytest

from tests.torture.victim import CHATS_TO_THE_END, KILLED, Victim

KILLS = 170
"""With the kills at chosen points more than 200 on each engine."""
SHORTEST = 0.02
LONGEST = {"sqlite": 0.45, "postgres": 1.2}
"""Seconds of a life: from before its first turn to deep in its work."""
FEWER = CHATS_TO_THE_END // 2

pytestmark = pytest.mark.slow


async def test_random_kills_under_load_lose_nothing_and_run_no_turn_twice(victim: Victim) -> None:
    chance = random.Random(20261121)
    longest = LONGEST[victim.address.partition(":")[0].removesuffix("ql")]
    while victim.kills < KILLS:
        waiting = victim.limit - victim.acknowledged()
        life = victim.begin(more=CHATS_TO_THE_END if waiting < FEWER else 0)
        ended = victim.kill_after(life, chance.uniform(SHORTEST, longest))
        assert ended in (0, KILLED)
    assert victim.live() == 0

    assert await victim.violations() == []
    assert victim.limit >= 5 * CHATS_TO_THE_END
