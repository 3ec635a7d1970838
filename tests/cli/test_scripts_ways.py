"""Playing a script otherwise than it is written: what each way does, and that each can fail."""

from pathlib import Path

import pytest

from bot.cli.scripts.drivers import DRIVERS, engine
from bot.cli.scripts.outcome import Outcome
from bot.cli.scripts.run import play
from bot.cli.scripts.stage import Stage, Theatre
from bot.cli.scripts.ways import WAYS
from flows import drafts, leaving
from flows.talk import Talk
from tests.cli.scripts_help import FILED, TO_REVIEW, script

PRESSED = """\
  - user: halo
  - press: 1
  - press: G
  - press: Setuju
  - press: Saya sendiri
  - press: Ya
"""
DOUBTED = FILED.replace("- user: Manado\n", "- user: Manadu\n  - user: ya\n")
"""With a yes or no about what was written, which is not a question of the form itself."""
REPLIES = DOUBTED.count("- ") - 3
"""Answers of the form and KIRIM: what comes before is the menu and the consent."""


async def went(house: Theatre, folder: Path, steps: str, way: str) -> Outcome:
    return await play(house, script(folder, steps), "engine", way)


def said(outcome: Outcome) -> list[str]:
    """What the participant typed."""
    return [one.text for one in outcome.spoken if one.who != "bot"]


@pytest.mark.slow
@pytest.mark.many
@pytest.mark.parametrize("channel", DRIVERS)
@pytest.mark.parametrize("way", WAYS)
async def test_a_request_is_filed_every_way(
    house: Theatre, tmp_path: Path, way: str, channel: str
) -> None:
    pressed = FILED.replace("user: setuju", "press: Setuju")
    steps = pressed.replace("user: KIRIM", "press: Kirim sekarang") + (
        "  - bot: MND-G-0001\n"
        "  - expect: {request: {status: waiting, documents: 2}}\n"
        "  - officer: {name: rina, do: claim}\n"
        "  - bot: Rina\n"
    )

    outcome = await play(house, script(tmp_path, steps), channel, way)

    assert outcome.failure is None, outcome.failure


async def test_typing_presses_nothing(
    house: Theatre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise AssertionError("pressed")

    monkeypatch.setattr(engine.Engine, "press", broken)

    assert (await went(house, tmp_path, PRESSED, "")).failure is not None
    assert (await went(house, tmp_path, PRESSED, "typed")).failure is None


async def test_what_can_be_pressed_is_not_typed(house: Theatre, tmp_path: Path) -> None:
    steps = (
        TO_REVIEW.replace("setuju", "1") + "  - user: 1\n  - user: 0\n  - user: kirim sekarang\n"
    )

    texts = said(await went(house, tmp_path, steps, "pressed"))

    assert texts[:5] == ["G", "G", "[Setuju]", "[Saya sendiri]", "[Ya]"]
    assert texts[-3:] == ["1", "0", "[Kirim sekarang]"], "in the review 1 is a line"


async def test_the_program_starts_again_before_everything_that_happens(
    house: Theatre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    starts = 0
    restart = Stage.restart

    async def counted(stage: Stage) -> None:
        nonlocal starts
        starts += 1
        await restart(stage)

    monkeypatch.setattr(Stage, "restart", counted)
    await went(house, tmp_path, FILED, "restarted")

    assert starts == FILED.count("- ")


async def test_each_answer_is_interrupted_and_the_question_comes_again(
    house: Theatre, tmp_path: Path
) -> None:
    texts = said(await went(house, tmp_path, DOUBTED, "interrupted"))

    assert texts.count("MENU") == texts.count("LANJUT") == REPLIES
    assert texts[3:6] == ["MENU", "LANJUT", "saya sendiri"]
    assert texts.count("Manadu") == 2  # to have the yes or no about it again


async def test_each_answer_is_preceded_by_a_step_back(house: Theatre, tmp_path: Path) -> None:
    texts = said(await went(house, tmp_path, DOUBTED, "backward"))

    assert texts.count("0") == REPLIES
    assert texts[3:6] == [
        "0",
        "LANJUT",
        "saya sendiri",
    ]  # before the first question there is the menu
    assert texts.count("TETAP") == REPLIES - 2  # and from the yes or no its own question


async def test_an_answer_lost_on_the_way_is_noticed(
    house: Theatre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    park = drafts.park

    def losing(talk: Talk) -> None:
        if talk.session.journey is not None:
            talk.session.journey.answers.pop("nama", None)
        park(talk)

    monkeypatch.setattr(drafts, "park", losing)
    failure = (await went(house, tmp_path, FILED, "interrupted")).failure

    assert failure is not None
    assert failure.problem.why == "after a detour it stands otherwise"


async def test_a_step_back_that_goes_nowhere_is_noticed(
    house: Theatre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaving, "back", lambda talk: drafts.restart(talk, "G"))
    failure = (await went(house, tmp_path, FILED, "backward")).failure

    assert failure is not None


async def test_a_start_that_says_something_is_noticed(
    house: Theatre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    restart = Stage.restart

    async def chatty(stage: Stage) -> None:
        await restart(stage)
        stage.driver.phones.said += stage.driver.phones.said[-1:]

    monkeypatch.setattr(Stage, "restart", chatty)
    failure = (await went(house, tmp_path, FILED, "restarted")).failure

    assert failure is not None
    assert failure.problem.why == "something was said at a start"
