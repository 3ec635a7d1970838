"""The process is killed while Meta delivers batches, shuffled, repeated and twice at a time."""

import random
from pathlib import Path

import pytest

from tests.torture.audit import tables
from tests.torture.meta import CHATS_TO_THE_END, UNSORTED
from tests.torture.points import ARRIVALS
from tests.torture.victim import KILLED, Victim
from tests.torture.vocabularies import VOCABULARIES

POINTS = (
    "received",
    "before the acknowledgement",
    "acknowledged",
    "turn written",
    "provider called",
    "about to record",
    "recorded",
    "fetching",
    "file fetched",
)
KILLS = 40
MOST_TOLD = 20_000
AT_ONCE = 0.004

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("network", VOCABULARIES)]


@pytest.mark.parametrize("point", POINTS)
async def test_a_kill_at_any_point_loses_and_doubles_nothing(
    victim: Victim, network: str, point: str
) -> None:
    for arrival in ARRIVALS[:3]:
        more = CHATS_TO_THE_END
        life = {"point": point, "arrival": arrival, "careful": 0, "network": network}
        assert victim.live(more, **life) == KILLED
    assert victim.live(network=network) == 0

    assert await victim.violations(network) == []


async def test_random_kills_lose_and_double_nothing(victim: Victim, network: str) -> None:
    chance = random.Random(20261130)
    while victim.kills < KILLS:
        waiting = victim.limit - victim.acknowledged()
        more = CHATS_TO_THE_END if waiting < CHATS_TO_THE_END // 2 else 0
        life = victim.begin(more, careful=0, network=network)
        told = chance.randrange(1, MOST_TOLD)
        assert victim.kill_when(life, told, chance.uniform(0, AT_ONCE)) in (0, KILLED)
    assert victim.live(network=network) == 0

    assert await victim.violations(network) == []
    found = await tables(victim.address)
    assert len(found["request"]) == len(found["chat"]) > 12
    names = {row["chat"] for row in found["event"]}
    assert all(name.startswith(f"{network}:") and "?" not in name for name in names)


@pytest.mark.parametrize(("fault", "kind"), [("no dedupe", "doubled"), (UNSORTED, "order")])
async def test_the_same_finds_a_guard_that_is_taken_out(
    sqlite_address: str, tmp_path: Path, network: str, fault: str, kind: str
) -> None:
    with Victim(sqlite_address, tmp_path) as victim:
        assert victim.live(CHATS_TO_THE_END, fault=fault, network=network) == 0

        found = await victim.violations(network)
    assert any(line.startswith(kind) for line in found), found
