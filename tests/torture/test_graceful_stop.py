"""A stop on request: what runs is ended, what is in flight arrives, nothing is repeated."""

import os
import signal

import pytest

from tests.torture.victim import Victim

IN_FLIGHT = 100
STOPS = 5

pytestmark = pytest.mark.slow


async def test_a_stop_in_the_middle_of_a_hundred_turns_loses_and_repeats_nothing(
    victim: Victim,
) -> None:
    for _ in range(STOPS):
        life = victim.begin(IN_FLIGHT, batch=IN_FLIGHT)
        victim.wait_until_delivered()
        os.kill(life, signal.SIGTERM)
        assert victim.end() == 0
    assert victim.live() == 0

    assert await victim.violations() == []
    assert await victim.repeats() == 0
