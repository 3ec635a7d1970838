"""Turns that kill or raise every time: given up, answered with an apology, and passed over."""

import pytest

from tests.torture import audit
from tests.torture.victim import CHATS_TO_THE_END, KILLED, Victim

SPOILED = 30
"""An update with a free answer, in the middle of its chat's form."""
ATTEMPTS = 3
UNCOUNTED = 1
"""A first kill in the middle of a batch is nobody's fault; only careful starts count."""

pytestmark = pytest.mark.slow


async def given_up(victim: Victim) -> dict[str, object]:
    """The one dead letter, and that everything else had its turn."""
    events = (await audit.tables(victim.address))["event"]
    assert {row["status"] for row in events} == {"done", "dead"}
    letters = [row for row in events if row["status"] == "dead"]
    assert len(letters) == 1, [
        {name: row[name] for name in ("provider_id", "channel", "attempts", "error")}
        for row in letters
    ]
    return letters[0]


def apologies(victim: Victim) -> int:
    """How often a chat was told the apology."""
    sorry = victim.product.catalogue.render("gangguan", {}).split("\n")[0].encode()[:20]
    told = audit.told_by(victim.folder)
    return sum(sorry in message.body for messages in told.values() for message in messages)


async def test_an_event_that_kills_the_process_three_times_is_given_up_and_others_go_on(
    victim: Victim,
) -> None:
    kills = 0
    while victim.live(CHATS_TO_THE_END if not kills else 0, poison=SPOILED) == KILLED:
        kills += 1
        assert kills <= ATTEMPTS + UNCOUNTED

    assert kills >= ATTEMPTS
    letter = await given_up(victim)
    assert letter["provider_id"] == str(SPOILED)
    assert apologies(victim) == 1


async def test_a_turn_that_raises_three_times_is_given_up_and_others_go_on(victim: Victim) -> None:
    assert victim.live(CHATS_TO_THE_END, broken=SPOILED) == 0

    letter = await given_up(victim)
    assert letter["provider_id"] == str(SPOILED)
    assert apologies(victim) == 1
