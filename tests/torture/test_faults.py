"""The torture has teeth: with a guard taken out it finds what the guard prevents."""

import pytest

from bot.runtime.turns import CAREFUL_TURNS
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
    ("fault", "point", "careful", "kinds"),
    [
        ("no dedupe", "before the acknowledgement", 0, {"doubled"}),
        ("done in a commit of its own", "turn committed", CAREFUL_TURNS, {"doubled", "replay"}),
        ("sending is not marked", "provider called", 0, {"doubled", "order"}),
        ("sending is never recovered", "provider called", 0, {"lost"}),
        (ACKNOWLEDGES_FIRST, "turn begun", 0, {"lost"}),
    ],
)
async def test_without_this_guard_the_same_kills_leave_violations(
    victim: Victim, fault: str, point: str, careful: int, kinds: set[str]
) -> None:
    how = {"fault": fault, "careful": careful}
    for arrival in (2, 3):
        assert victim.live(CHATS_TO_THE_END, point=point, arrival=arrival, **how) == KILLED
    victim.live(patience=BRIEF, **how)

    found = {violation.partition(":")[0] for violation in await victim.violations()}

    assert found & kinds, found
