"""The command: what it prints, how it ends, what it writes."""

import json
from pathlib import Path

import pytest

from bot.cli import DONE, FAILED, MISUSE, main
from flows.moves import REVIEW
from tests.cli.scripts_help import HEAD, write
from tests.declared import JOURNEYS

SERVICES = JOURNEYS.services

PASSING = HEAD + "  - user: halo\n  - bot: Selamat pagi\n"
FAILING = HEAD + "  - user: halo\n  - bot: Selamat malam\n"


def replay(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Exit code, output and errors of the command."""
    with pytest.raises(SystemExit) as ended:
        main(["replay", *map(str, arguments)])
    told = capsys.readouterr()
    return int(ended.value.code or 0), told.out, told.err


def test_what_passes_ends_with_zero(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = replay(capsys, write(tmp_path, PASSING), "--channel", "engine")

    assert code == DONE
    assert out.startswith("PASSED  ")
    assert "Coverage" in out
    assert out.splitlines()[-1] == "1 passed, 0 failed"


def test_what_fails_ends_with_one_and_says_where_what_and_how_to_go_on(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = write(tmp_path, FAILING)

    code, out, _ = replay(capsys, file, "--channel", "terminal")

    assert code == FAILED
    assert "step 2 of 2" in out
    assert f"{file}:5: this was not said" in out
    assert "-Selamat malam" in out
    assert "+Selamat pagi" in out
    assert "(printf '%s\\n' halo; cat) | python3 bot.py chat" in out
    assert out.splitlines()[-1] == "0 passed, 1 failed"


def test_the_way_on_by_hand_has_the_menu_of_the_script(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = write(tmp_path, f"menu: 2024\n{FAILING}")

    _, out, _ = replay(capsys, file, "--channel", "terminal")

    assert "| CHIKA_CHAT_MENU=2024 python3 bot.py chat" in out


def test_what_a_channel_cannot_play_is_told_with_what_it_needs(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    head = f"channels: [engine, telegram]\nneeds: commands\n{PASSING}"
    file = write(tmp_path, head)

    code, out, _ = replay(capsys, file, "--channel", "web")

    assert code == DONE
    assert f"LEFT    {file}  web  needs commands\n" in out
    assert out.splitlines()[-1] == "0 passed, 0 failed"
    _, out, _ = replay(capsys, file, "--channel", "web", "--json")
    left = {"file": str(file), "channel": "web", "why": "needs commands"}
    assert json.loads(out)["left_out"] == [left]


def test_misuse_ends_with_two(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    broken = write(tmp_path, "steps:\n  - usr: halo\n")

    code, _, err = replay(capsys, broken)
    assert (code, "unknown step 'usr'" in err) == (MISUSE, True)
    code, _, err = replay(capsys, broken, "--channel", "telegramm")
    assert (code, "no channel telegramm" in err) == (MISUSE, True)
    assert replay(capsys, tmp_path / "missing.yaml")[0] == MISUSE
    assert replay(capsys)[0] == MISUSE


def test_a_folder_must_cover_the_services(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write(tmp_path, PASSING)
    (tmp_path / "files").unlink()

    code, out, _ = replay(capsys, tmp_path, "--channel", "engine")

    assert code == FAILED
    assert f"too little covered: {', '.join(sorted(SERVICES))}\n" in out
    assert out.splitlines()[-1] == "1 passed, 0 failed"


def test_json_has_every_outcome_and_everything_that_is_missing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, _ = replay(capsys, write(tmp_path, FAILING), "--channel", "engine", "--json")

    told = json.loads(out)
    assert code == FAILED
    assert (told["passed"], told["failed"]) == (0, 1)
    assert told["scripts"][0]["why"] == "this was not said"
    assert told["coverage"]["G"]["missing_states"] == [*SERVICES["G"].states, REVIEW]


def test_the_page_needs_nothing_else_and_escapes_what_was_typed(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page = tmp_path / "out.html"
    file = write(tmp_path, HEAD + "  - user: <b>halo</b>\n  - bot: tidak begitu\n")

    replay(capsys, file, "--channel", "engine", "--report", page)

    text = page.read_text("utf-8")
    assert "&lt;b&gt;halo&lt;/b&gt;" in text
    assert "<b>halo" not in text
    assert "this was not said" in text
    assert "src=" not in text
    assert "http" not in text


def test_update_writes_what_was_said_and_leaves_the_rest_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = """\
# a comment that stays
at: 2026-11-24T09:00+08:00
branch: KC-MANADO
steps:
  - user: halo
  - bot: [Selamat malam, "1. Urus"]  # two of them
  - bot: Layanan ini mahal.
  - expect: {phase: filling}
  - officer: {name: rina, do: claim}
  - refused: tidak boleh
"""
    file = write(tmp_path, text)

    code, out, _ = replay(capsys, file, "--channel", "engine", "--update")

    after = file.read_text("utf-8")
    assert code == DONE, out
    assert "# a comment that stays" in after
    assert "# two of them" in after
    assert "Selamat pagi" in after
    assert "Layanan ini gratis" in after
    assert "- expect: {phase: menu}" in after
    assert "- refused: tidak ditemukan" in after
    assert replay(capsys, file, "--channel", "engine")[0] == DONE


def test_update_does_not_touch_what_only_a_person_can_decide(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = write(tmp_path, HEAD + "  - user: halo\n  - silent: true\n")

    code, _, _ = replay(capsys, file, "--channel", "engine", "--update")

    assert code == FAILED
    assert file.read_text("utf-8").endswith("  - user: halo\n  - silent: true\n")
