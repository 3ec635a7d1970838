"""Playing scripts: what each step does, and that each of its checks can fail."""

import json
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from bot.cli.scripts.drivers import DRIVERS
from bot.cli.scripts.run import channels_of, left_out, play
from bot.cli.scripts.stage import Stage, Theatre
from tests.cli.scripts_help import FILED, TO_REVIEW, failure, outcome, script

QUICK = ("engine", "terminal", "telegram")
ON_EVERY_CHANNEL = pytest.mark.parametrize(
    "channel",
    [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in DRIVERS],
)


@ON_EVERY_CHANNEL
@pytest.mark.parametrize(
    ("steps", "failing"),
    [
        ("- user: halo\n- bot: Selamat pagi", ""),
        ("- user: halo\n- bot: Selamat malam", "2: this was not said"),
        ("- user: halo\n- bot: [Selamat, '1. Urus']", ""),
        ("- user: halo\n- bot: ['1. Urus', Selamat]", "2: this was not said"),
        ("- user: halo\n- bot: /Selamat \\w+, Bapak/", ""),
        ("- user: halo\n- bot: /Selamat \\d+/", "2: this was not said"),
        ('- user: halo\n- bot: "Selamat\\n\\n pagi"', ""),
        ("- bot: Selamat", "1: nothing was said"),
        ("- user: halo\n- silent: true", "2: something was said"),
        ("- user: halo\n- press: H", "2: not offered now"),
        ("- user: halo\n- press: 1\n- press: G\n- bot: Setuju?", ""),
        ("- user: halo\n- press: 19", "2: not offered now"),
        ("- again: 1", "1: there is no message yet that could come again"),
        ("- user: halo\n- again: 2\n- silent: true", ""),
        ("- user: halo\n- restart: true\n- again: 1\n- silent: true", ""),
        ("- user: halo\n- restart: true\n- silent: true\n- user: G\n- bot: Setuju?", ""),
        ("- user: halo\n- expect: {phase: menu, service: ''}", ""),
        ("- user: halo\n- expect: {phase: filling}", "2: it stands otherwise"),
        ("- user: halo\n- expect: {request: {status: waiting}}", "2: it stands otherwise"),
        (
            "- at: 2026-11-24T08:00+08:00",
            "1: the clock stands at 2026-11-24T09:00:00+08:00 already",
        ),
        ("- officer: {name: rina, do: claim}", "1: the officer was refused"),
        ("- officer: {name: rina, do: claim}\n- refused: tidak ditemukan", ""),
        ("- refused: tidak", "1: the officer was not refused"),
        ("- user: halo\n- user: G\n  as: budi\n- bot: Selamat", ""),
    ],
)
async def test_a_step_passes_or_fails(
    house: Theatre, tmp_path: Path, channel: str, steps: str, failing: str
) -> None:
    indented = "".join(f"  {line}\n" for line in steps.splitlines())

    assert await failure(house, tmp_path, indented, channel) == failing


@ON_EVERY_CHANNEL
async def test_a_request_is_filed_served_and_looked_at(
    house: Theatre, tmp_path: Path, channel: str
) -> None:
    steps = (
        FILED
        + """\
  - bot: /MND-G-\\d{4}/
  - officer: {name: rina, do: claim}
  - bot: Rina
  - officer: {name: dimas, do: claim}
  - refused: sudah diambil Rina
  - user: terima kasih
  - silent: true
  - expect: {request: {status: claimed, officer: rina, documents: 2, messages: 1}}
  - expect: {answers: {siapa: saya, nik: "7171014703569901"}}
"""
    )

    assert await failure(house, tmp_path, steps, channel) == ""


@pytest.mark.parametrize(
    ("wanted", "difference"),
    [
        ("{request: {status: done}}", "request.status: waiting"),
        ("{request: {branch: KC-BITUNG}}", "request.branch: KC-MANADO"),
        ("{answers: {siapa: keluarga}}", "answers.siapa: saya"),
        ("{answers: {foto_kk: []}}", "answers.foto_kk: "),
        ("{drafts: [G]}", "drafts: []"),
    ],
)
async def test_an_expectation_that_is_wrong_says_what_it_found(
    house: Theatre, tmp_path: Path, wanted: str, difference: str
) -> None:
    played = await outcome(house, tmp_path, f"{FILED}  - expect: {wanted}\n")

    assert played.failure is not None
    assert difference in played.failure.problem.found


async def test_a_refusal_that_says_something_else_fails(house: Theatre, tmp_path: Path) -> None:
    steps = FILED + "  - officer: {name: rina, do: finish, text: ya}\n  - refused: di luar jam\n"

    assert await failure(house, tmp_path, steps) == "18: the refusal says something else"


async def test_an_old_button_is_one_of_a_message_before_the_last(
    house: Theatre, tmp_path: Path
) -> None:
    begin = "  - user: halo\n  - user: G\n"

    assert await failure(house, tmp_path, f"{begin}  - press_old: Urus administrasi\n") == ""
    assert (
        await failure(house, tmp_path, f"{begin}  - press_old: Setuju\n") == "3: not offered before"
    )
    assert (
        await failure(
            house,
            tmp_path,
            f"{begin}  - press_old: Urus administrasi\n  - bot: Tombol ini sudah lewat.\n",
        )
        == ""
    )


async def test_silence_counts_from_the_clock_and_words_from_the_last_action(
    house: Theatre, tmp_path: Path
) -> None:
    steps = """\
  - user: halo
  - user: G
  - user: setuju
  - advance: 1m
  - silent: true
  - bot: Siapa yang pindah faskes?
  - advance: 2h
  - bot: belum terkirim
"""

    assert await failure(house, tmp_path, steps) == ""
    assert await failure(house, tmp_path, f"{steps}  - silent: true\n") == "9: something was said"


async def test_timers_fire_at_their_own_instants_in_order(house: Theatre, tmp_path: Path) -> None:
    steps = "  - user: halo\n  - user: G\n  - user: setuju\n  - advance: 8d\n"

    played = await outcome(house, tmp_path, steps)

    told = [one.text for one in played.spoken if one.who == "bot"][-2:]
    assert "belum terkirim" in told[0]
    assert "sudah dihapus" in told[1]


async def test_regular_work_is_followed_by_turns_where_it_left_some_and_at_the_end(
    house: Theatre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle = Stage.settle
    settled: list[datetime] = []

    async def watched(stage: Stage) -> None:
        settled.append(stage.now)
        await settle(stage)

    monkeypatch.setattr(Stage, "settle", watched)
    claimed = "  - officer: {name: rina, do: claim}\n"
    told = await outcome(house, tmp_path, f"{FILED}{claimed}  - advance: 50m\n")

    assert "kembali ke antrean" in told.spoken[-1].text
    assert [f"{at:%H:%M:%S.%f}" for at in settled if at > settled[0]] == [
        "09:20:00.000000",  # the first look after the fifteen minutes of the lease
        "09:50:00.000000",
    ]


@pytest.mark.parametrize(
    ("steps", "failing"),
    [
        ("  - user: halo\n  - bot: Selamat\n", ""),
        ("  - user: halo\n", "1: something was said that no bot step mentions"),
        ("  - user: halo\n  - user: G\n", "2: something was said that no bot step mentions"),
    ],
)
async def test_a_strict_script_mentions_everything(
    house: Theatre, tmp_path: Path, steps: str, failing: str
) -> None:
    strict = script(tmp_path, steps, "at: 2026-11-24T09:00+08:00\nstrict: true\nsteps:\n")

    failed = (await play(house, strict, "engine")).failure

    found = f"{failed.place.line - 3}: {failed.problem.why}" if failed else ""
    assert found == failing


async def test_nothing_is_remembered_between_two_turns_but_what_the_store_has(
    house: Theatre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else's answer is put into the store behind the program's back; it acts on that."""
    settle = Stage.settle

    async def forge(stage: Stage) -> None:
        await settle(stage)
        with sqlite3.connect(stage.store._path) as database:
            for chat, session in database.execute("SELECT id, session FROM chat").fetchall():
                told = json.loads(session)
                if told.get("put", {}).get("state") == "tni_polri":
                    told["journey"]["answers"]["siapa"] = "keluarga"
                    forged = json.dumps(told).encode()
                    database.execute("UPDATE chat SET session = ? WHERE id = ?", (forged, chat))

    monkeypatch.setattr(Stage, "settle", forge)

    steps = """\
  - user: halo
  - user: G
  - user: setuju
  - user: saya sendiri
  - bot: TNI
  - user: ya
  - expect: {answers: {siapa: keluarga}}
"""
    assert await failure(house, tmp_path, steps) == ""


async def test_a_turn_that_breaks_fails_its_step(
    house: Theatre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.menu.greet", lambda talk, key: 1 / 0)

    told = await failure(house, tmp_path, "  - user: halo\n")

    assert told == "1: it broke: ZeroDivisionError: division by zero"


async def test_a_duplicate_would_be_noticed_if_the_inbox_let_it_through(
    house: Theatre, tmp_path: Path
) -> None:
    """The same words as a new message: what `again` would look like without the dedupe."""
    steps = "  - user: halo\n  - user: halo\n  - silent: true\n"

    assert await failure(house, tmp_path, steps) == "3: something was said"


def test_a_script_runs_on_every_channel_that_can_play_it(tmp_path: Path) -> None:
    album = "  - send: [{photo: kk.jpg}, {photo: kartu.jpg}]\n"
    foreign = "  - send: {contact: '0812', of: budi}\n"
    old = "  - press_old: Setuju\n"

    everywhere = ["engine", "terminal", "telegram", "whatsapp", "web", "messenger"]
    assert channels_of(script(tmp_path, "  - user: halo\n")) == everywhere
    for steps, able in (
        (album, ["engine", "telegram", "web", "messenger"]),
        (foreign, ["engine", "telegram", "whatsapp"]),
        (old, ["engine", "telegram", "whatsapp", "web", "messenger"]),
        (
            "  - user: halo\n  - send: {voice: true}\n",
            ["engine", "terminal", "telegram", "whatsapp", "messenger"],
        ),
    ):
        assert channels_of(script(tmp_path, steps)) == able
    assert channels_of(script(tmp_path, old), "terminal") == []
    named = script(tmp_path, "  - user: halo\n", "channels: [terminal, whatsapp]\nsteps:\n")
    assert channels_of(named) == ["terminal", "whatsapp"]


def test_what_is_left_out_says_what_it_needs(tmp_path: Path) -> None:
    head = "channels: [telegram]\nsteps:\n"
    hello, old = "  - user: halo\n", script(tmp_path, "  - press_old: Setuju\n")
    named, needy = script(tmp_path, hello, head), script(tmp_path, hello, f"needs: links\n{head}")

    assert left_out(old, "terminal") == "only what is offered now can be pressed"
    assert left_out(old, "engine") == left_out(needy, "telegram") == ""
    assert left_out(needy, "engine") == "needs links"
    assert left_out(named, "engine") == "needs another channel"


@pytest.mark.parametrize(
    ("steps", "plays"),
    [
        ("  - advance: 1d\n  - bot: halo\n", False),
        ("  - advance: 12h\n  - advance: 12h\n  - bot: halo\n", False),
        ("  - advance: 23h\n  - bot: halo\n", True),
        ("  - advance: 1d\n  - user: halo\n  - bot: Selamat\n", True),
        ("  - advance: 1d\n  - silent: true\n", True),
    ],
)
def test_where_the_window_is_shut_by_then_a_script_is_not_played(
    tmp_path: Path, steps: str, plays: bool
) -> None:
    found = channels_of(script(tmp_path, f"  - user: halo\n{steps}"))
    assert ("messenger" in found) == plays
    assert "telegram" in found


async def test_an_album_is_one_answer_with_several_pages(house: Theatre, tmp_path: Path) -> None:
    steps = TO_REVIEW.replace(
        "- send: {photo: kk.jpg}", "- send: [{photo: kk.jpg}, {photo: kk-2.jpg}]"
    )

    for channel in ("engine", "telegram"):
        told = await failure(house, tmp_path, f"{steps}  - bot: 'Foto KK: 2 foto'\n", channel)
        assert told == ""
