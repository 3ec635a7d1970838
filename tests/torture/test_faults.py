"""The torture has teeth: with a guard taken out it finds what the guard prevents."""

import pytest

from tests.torture.faults import ACKNOWLEDGES_FIRST
from tests.torture.victim import CHATS_TO_THE_END, KILLED, Victim

BRIEF = 8.0
"""Seconds for a life that cannot come to its end, because of its fault."""

pytestmark = pytest.mark.slow


@pytest.fixture
def address(sqlite_address: str) -> str:
    """The faults are planted into the embedded store."""
    return sqlite_address


@pytest.mark.parametrize(
    ("fault", "point", "kinds"),
    [
        ("no dedupe", "before the acknowledgement", {"doubled"}),
        ("done in a commit of its own", "turn committed", {"doubled", "replay"}),
        ("sending is not marked", "provider called", {"doubled", "order"}),
        ("sending is never recovered", "provider called", {"lost"}),
        (ACKNOWLEDGES_FIRST, "turn begun", {"lost"}),
    ],
)
async def test_without_this_guard_the_same_kills_leave_violations(
    victim: Victim, fault: str, point: str, kinds: set[str]
) -> None:
    for arrival in (2, 3):
        assert victim.live(CHATS_TO_THE_END, point=point, arrival=arrival, fault=fault) == KILLED
    victim.live(fault=fault, patience=BRIEF)

    found = {violation.partition(":")[0] for violation in await victim.violations()}

    assert found & kinds, found
