"""Every move of a request's life that is not listed is refused."""

import itertools

import pytest

from services.refusals import Refused
from services.request_life import MOVES, STATUSES, move

LISTED = {(status, verb): target for verb, sources, target in MOVES for status in sources}
VERBS = sorted({verb for verb, _, _ in MOVES})


@pytest.mark.parametrize(("status", "verb"), list(itertools.product(STATUSES, VERBS)))
def test_a_move_is_carried_out_only_when_it_is_listed(status: str, verb: str) -> None:
    if (status, verb) in LISTED:
        assert move(status, verb) == LISTED[status, verb]
        return
    with pytest.raises(Refused) as refusal:
        move(status, verb)
    assert refusal.value.key == "petugas.tidak_bisa"
    assert refusal.value.values == {"status": status}


def test_the_moves_of_the_queue_are_these_and_no_others() -> None:
    assert {(status, target) for (status, _), target in LISTED.items()} == {
        ("waiting", "claimed"),
        ("waiting", "waiting"),
        ("waiting", "withdrawn"),
        ("claimed", "claimed"),
        ("claimed", "waiting"),
        ("claimed", "needs_correction"),
        ("claimed", "done"),
        ("claimed", "refused"),
        ("claimed", "withdrawn"),
        ("needs_correction", "needs_correction"),
        ("needs_correction", "claimed"),
        ("needs_correction", "waiting"),
        ("needs_correction", "withdrawn"),
        ("needs_correction", "expired"),
        ("done", "waiting"),
        ("refused", "waiting"),
        ("expired", "waiting"),
    }


def test_a_withdrawn_request_never_moves_again() -> None:
    assert not any(status == "withdrawn" for status, _ in LISTED)


def test_every_status_can_be_reached_from_waiting() -> None:
    reached = {"waiting"}
    while True:
        more = {target for (status, _), target in LISTED.items() if status in reached} | reached
        if more == reached:
            break
        reached = more
    assert reached == set(STATUSES)
