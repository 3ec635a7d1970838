"""The process is killed at every point of a message's way, at several arrivals."""

from pathlib import Path

import pytest

from tests.torture.points import ARRIVALS, AT_ONCE, POINTS
from tests.torture.victim import CHATS_TO_THE_END, KILLED, Victim

STATEMENTS_OF_A_MIGRATION = (1, 2, 5, 11, 30)
REPEATING = ("provider called", "about to record")
"""After these points the provider has what the product does not know it has."""

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("point", POINTS)
async def test_a_kill_at_any_point_loses_nothing_and_runs_no_turn_twice(
    victim: Victim, point: str
) -> None:
    for arrival in ARRIVALS:
        assert victim.live(CHATS_TO_THE_END, point=point, arrival=arrival) == KILLED
    assert victim.live() == 0

    assert await victim.violations() == []
    if point in REPEATING:
        assert await victim.repeats() > 0


@pytest.mark.parametrize("point", AT_ONCE)
async def test_a_kill_of_turns_at_once_loses_nothing_and_runs_no_turn_twice(
    victim: Victim, point: str
) -> None:
    for arrival in ARRIVALS:
        more = CHATS_TO_THE_END
        assert victim.live(more, point=point, arrival=arrival, careful=0) == KILLED
    assert victim.live() == 0

    assert await victim.violations() == []
    if point in REPEATING:
        assert await victim.repeats() > 0


async def test_a_kill_when_messages_of_a_dead_process_are_claimed_loses_none(
    victim: Victim,
) -> None:
    for arrival in ARRIVALS:
        more = CHATS_TO_THE_END
        assert victim.live(more, point="provider called", arrival=arrival) == KILLED
        assert victim.live(point="sending marked", arrival=1) == KILLED
    assert victim.live() == 0

    assert await victim.violations() == []


async def test_a_kill_within_a_migration_leaves_a_database_that_the_next_start_completes(
    empty: str, tmp_path: Path
) -> None:
    with Victim(empty, tmp_path) as victim:
        for arrival in STATEMENTS_OF_A_MIGRATION:
            assert victim.live(point="migrating", arrival=arrival) == KILLED
        assert victim.live(CHATS_TO_THE_END) == 0

        assert await victim.violations() == []
