"""The process is killed from outside at random, while messages pour in."""

import random

import pytest

from bot.runtime.turns import CAREFUL_TURNS
from tests.torture.victim import CHATS_TO_THE_END, KILLED, Victim

KILLS = 170
"""With the kills at chosen points more than 200 on each engine."""
MOST_TOLD = 20_000
"""Bytes that a life may tell before it ends, some sixty messages."""
EARLY = 0.3
"""The share of lives that end before they told anything, within `SOON`."""
SOON = 0.15
AT_ONCE = 0.004
"""Seconds that decide where within its work a life ends."""

pytestmark = pytest.mark.slow


async def test_random_kills_under_load_lose_nothing_and_run_no_turn_twice(victim: Victim) -> None:
    chance = random.Random(20261121)
    while victim.kills < KILLS:
        waiting = victim.limit - victim.acknowledged()
        more = CHATS_TO_THE_END if waiting < CHATS_TO_THE_END // 2 else 0
        life = victim.begin(more, careful=chance.choice((0, CAREFUL_TURNS)))
        early = chance.random() < EARLY
        told = 0 if early else chance.randrange(1, MOST_TOLD)
        ended = victim.kill_when(life, told, chance.uniform(0, SOON if early else AT_ONCE))
        assert ended in (0, KILLED)
    assert victim.live() == 0

    assert await victim.violations() == []
    assert victim.limit >= 10 * CHATS_TO_THE_END
