"""The phases of a chat: every move that is listed works, every other is refused."""

from itertools import product

import pytest
from transitions import MachineError

from flows.session import DECODER, ENCODER, MACHINE, MOVES, PHASES, Session, shift

TRIGGERS = sorted({trigger for trigger, _, _ in MOVES})


@pytest.mark.parametrize(("trigger", "phase"), list(product(TRIGGERS, PHASES)))
def test_a_phase_is_left_only_by_its_own_moves(trigger: str, phase: str) -> None:
    session = Session(phase=phase)
    listed = [dest for name, source, dest in MOVES if (name, source) == (trigger, phase)]

    if listed:
        assert shift(session, trigger).dest == listed[0] == session.phase
    else:
        with pytest.raises(MachineError):
            shift(session, trigger)
        assert session.phase == phase


def test_there_are_no_moves_beside_the_listed_ones() -> None:
    found = {
        (trigger, source, move.dest)
        for trigger, event in MACHINE.events.items()
        for source, moves in event.transitions.items()
        for move in moves
    }

    assert found == set(MOVES)


def test_a_new_session_is_two_characters_in_the_store() -> None:
    assert ENCODER.encode(Session()) == b"{}"
    assert DECODER.decode(b"{}") == Session()
