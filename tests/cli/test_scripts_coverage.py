"""Coverage: what was taken is counted once, what is missing is named, too little is refused."""

from bot.cli.scripts import report
from bot.cli.scripts.coverage import LEAST_TRANSITIONS, Row, rows
from flows.journey import Move
from tests.declared import JOURNEYS


def every_move(code: str) -> list[Move]:
    return [Move(code, *one) for one in JOURNEYS.coverage()[code][1]]


def row(moves: list[Move], machine: str = "G") -> Row:
    return next(one for one in rows(JOURNEYS, moves) if one.machine == machine)


def test_nothing_played_covers_nothing() -> None:
    nothing = row([])

    assert nothing.states_share == 0
    assert nothing.transitions_share == 0
    assert not nothing.enough


def test_every_move_covers_everything_however_often_it_is_taken() -> None:
    moves = every_move("G")

    assert row(moves) == row(moves * 2)
    assert row(moves).enough
    assert row(moves).missing_transitions == ()


def test_a_missing_move_is_named_and_a_twentieth_may_be_missing() -> None:
    moves = every_move("G")
    edits = [move for move in moves if move.trigger.startswith("edit_")]
    allowed = int(len(moves) * (1 - LEAST_TRANSITIONS))

    few = row([move for move in moves if move not in edits[:allowed]])
    many = row([move for move in moves if move not in edits[: allowed + 1]])

    assert few.missing_transitions == tuple(move[1:] for move in edits[:allowed])
    assert few.enough
    assert not many.enough
    assert edits[0].trigger in report.table([few])


def test_a_missing_state_is_too_little_even_when_most_moves_were_taken() -> None:
    moves = [move for move in every_move("G") if "tunggu" not in (move.source, move.dest)]

    found = row(moves)

    assert found.missing_states == ("tunggu",)
    assert found.transitions_share >= LEAST_TRANSITIONS
    assert not found.enough


def test_moves_of_one_machine_do_not_count_for_another() -> None:
    session = [Move("session", "choose", "menu", "consent")]

    assert row(session, "G").states_share == 0
    assert row(session, "session").transitions_share > 0
    assert row(every_move("G"), "E").states_share == 0
