"""Every scripted conversation on every channel that can play it, and what they cover together."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.scripts import coverage, report
from bot.cli.scripts.drivers import DRIVERS
from bot.cli.scripts.outcome import Outcome
from bot.cli.scripts.run import LATE, channels_of, left_out, play
from bot.cli.scripts.script import Script, load
from bot.cli.scripts.stage import Theatre

FOLDER = Path(__file__).with_name("conversations")
SCRIPTS = load([FOLDER])
PLAYS = [(script, channel) for script in SCRIPTS for channel in channels_of(script)]
OF_A_SERVICE = re.compile(r"(?:[a-j]|kr|np)_")
SLOW = {"whatsapp", "web", "messenger"}
ENGINE = pytest.mark.xdist_group("engine")
"""Plays that one process keeps in mind, so that coverage need not play them again."""

LEFT_OUT = {
    LATE: {
        "whatsapp messenger": (
            "christmas_and_joint_leave",
            "d_contract_ends_this_month",
            "friday_evening",
            "h_father_died_reported_after_hours",
            "reminder_and_end_of_a_draft",
        ),
    },
    "has no albums": {"terminal whatsapp": ("album_of_three_photos",)},
    "sends no contact of another person": {"terminal messenger": ("contact_of_another_person",)},
    "sends photos and files only": {
        "web": ("contact_of_another_person", "voice_sticker_location"),
    },
    "only what is offered now can be pressed": {
        "terminal": ("sent_twice_files_once", "stale_buttons"),
    },
    "needs a button that says something twice": {"terminal web": ("reopened_within_its_time",)},
    "needs a button that says something twice, and news after days": {
        "terminal whatsapp web messenger": ("g_elderly_participant_after_hours",),
    },
    "needs templates, for news after the window": {
        "engine terminal telegram web messenger": (
            "whatsapp_correction_outside_the_window",
            "whatsapp_over_a_holiday",
            "whatsapp_result_in_english",
        ),
    },
    "needs links and commands as Telegram has them": {
        "engine terminal whatsapp web messenger": ("telegram_link_names_branch_and_service",),
    },
}
"""Why a script is not played on a channel: what it needs, or what the channel lacks."""

Played = dict[tuple[Path, str], Outcome]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    yield Theatre(tmp_path_factory.mktemp("theatre"))


@pytest.fixture(scope="module")
def played() -> Played:
    """What was played so far, so that coverage need not play it again."""
    return {}


async def outcome(house: Theatre, played: Played, script: Script, channel: str) -> Outcome:
    if (script.file, channel) not in played:
        played[script.file, channel] = await play(house, script, channel)
    return played[script.file, channel]


def marks(script: Script, channel: str) -> list[pytest.MarkDecorator]:
    """Every script is always played on the engine, those about no one service on quick channels.

    The others play in the short run what is written for them.
    """
    if channel == "engine":
        return [ENGINE]
    unusual = channel in SLOW and not script.head.channels
    long = unusual or OF_A_SERVICE.match(script.file.stem)
    return [pytest.mark.slow, pytest.mark.many] if long else []


@pytest.mark.parametrize(
    ("script", "channel"),
    [
        pytest.param(script, name, marks=marks(script, name), id=f"{script.file.stem}-{name}")
        for script, name in PLAYS
    ],
)
async def test_a_conversation_goes_as_its_script_says(
    house: Theatre, played: Played, script: Script, channel: str
) -> None:
    went = await outcome(house, played, script, channel)

    assert went.failure is None, report.told(went)


@ENGINE
async def test_the_conversations_cover_every_state_and_nearly_every_move(
    house: Theatre, played: Played
) -> None:
    moves = [
        move
        for script, channel in PLAYS
        if channel == "engine"
        for move in (await outcome(house, played, script, channel)).moves
    ]

    rows = coverage.rows(house.product.journeys, moves)

    short = [row for row in rows if not row.enough]
    assert not short, report.table(short)
    assert {row.machine for row in rows} == {*house.product.journeys.services, coverage.SESSION}


def test_what_is_not_played_on_a_channel_is_declared_with_what_it_needs() -> None:
    found = {
        (script.file.stem, channel): why
        for script in SCRIPTS
        for channel in DRIVERS
        if (why := left_out(script, channel))
    }

    assert found == {
        (name, channel): why
        for why, places in LEFT_OUT.items()
        for channels, names in places.items()
        for channel in channels.split()
        for name in names
    }


def test_every_identity_number_in_the_conversations_is_invented() -> None:
    """Serials from 9901 on are not given to people; refused numbers are those of one figure.

    A payment number (88888 and the end of a card number) has none.
    """
    for script in SCRIPTS:
        for step in script.steps:
            digits = getattr(step, "text", "").replace(" ", "")
            if digits.isdecimal() and len(digits) == 16 and not digits.startswith("88888"):
                assert digits[12:14] == "99" or len(set(digits)) == 1, (script.file, digits)
