"""The command line: what it lists, what it imports, how it ends."""

import json
import signal
import subprocess
import sys
from inspect import signature
from pathlib import Path
from types import ModuleType

import click
import pytest

from bot.cli import (
    COMMANDS,
    DONE,
    FAILED,
    GROUPS,
    MISUSE,
    ROOT,
    Command,
    Listed,
    checks,
    main,
)
from bot.cli.check import TOOLS, all_checks, project_table, run_project_check
from bot.cli.checks import locks
from bot.config import load

IN_ONE_PROCESS = ("-n", "0")
"""For runs of a handful of tests, which need no workers."""


def bot(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "bot.py"), *arguments]
    given = {"PATH": "/usr/bin:/bin", **environ}
    return subprocess.run(command, env=given, capture_output=True, text=True, check=False)


def test_help_lists_every_command_with_its_whole_line() -> None:
    told = bot("--help")
    assert told.returncode == DONE
    for command in COMMANDS:
        if " " not in command.words:
            assert command.help in told.stdout, command.words
    for line in GROUPS.values():
        assert line in told.stdout


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_lists_its_commands(group: str) -> None:
    told = bot(group, "--help")
    for command in COMMANDS:
        if command.words.startswith(f"{group} "):
            assert command.words.split()[1] in told.stdout
            assert command.help in told.stdout


def test_help_imports_no_command() -> None:
    probe = (
        "import sys; from bot.cli import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        "print([name for name in sys.modules if name.startswith('bot.cli.')], file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stderr.strip() == "[]"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.words)
def test_every_command_has_its_own_help(
    capsys: pytest.CaptureFixture[str], command: Command
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command.words.split(), "--help"])
    told = capsys.readouterr()
    assert ended.value.code == DONE, told.err
    assert "--help" in told.out


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.words)
def test_a_command_takes_what_its_options_give(command: Command) -> None:
    made = Listed(command).imported()
    assert made.callback
    given = {option.name for option in made.params}
    assert given == {*signature(made.callback).parameters} - {"context"}


def test_an_unknown_command_is_misuse_and_names_the_nearest() -> None:
    told = bot("huors")
    assert told.returncode == MISUSE
    assert "hours" in told.stderr


def test_an_interrupted_command_ends_as_a_shell_expects() -> None:
    command = [sys.executable, str(ROOT / "bot.py"), "hours", "--branch", "KC-MANADO"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as asked:  # type: ignore[call-overload]
        assert "Manado" in asked.stdout.readline()  # it has begun, and waits for instants
        asked.send_signal(signal.SIGINT)
        told = asked.communicate()
    assert (asked.returncode, told[1].strip()) == (128 + signal.SIGINT, "")


def test_what_is_piped_has_neither_colour_nor_boxes() -> None:
    told = bot("--help", FORCE_COLOR="1", TERM="xterm-256color")
    assert "\x1b" not in told.stdout
    assert "─" not in told.stdout


def test_doctor_tells_every_setting_with_its_source_and_no_secret() -> None:
    token = "123456789:" + "A" * 35
    told = bot("doctor", "--json", CHIKA_TELEGRAM_TOKEN=token, CHIKA_WEB_PORT="9999")
    assert token not in told.stdout
    settings = {one["key"]: one for one in json.loads(told.stdout)["settings"]}
    assert settings["web.port"] == {"key": "web.port", "value": 9999, "source": "environment"}
    assert settings["telegram.token"]["value"] == "set"


def test_doctor_fails_on_a_store_that_does_not_answer_and_hides_its_password() -> None:
    told = bot("doctor", CHIKA_STORE_URL="postgresql://u:hunter2@127.0.0.1:1/none")
    assert told.returncode == FAILED
    assert "store: no answer" in told.stdout
    assert "hunter2" not in told.stdout + told.stderr


def test_doctor_asks_the_networks_only_where_it_is_told_to_and_fails_with_what_they_say() -> None:
    nobody = "http://127.0.0.1:1"
    network = {
        "API_URL": nobody,
        "TOKEN": "EAA" * 9,
        "APP_SECRET": "0" * 32,
        "VERIFY_TOKEN": "y" * 16,
    }
    settings = {
        f"CHIKA_{channel}_{name}": value
        for channel in ("WHATSAPP", "MESSENGER")
        for name, value in network.items()
    }
    settings |= {"CHIKA_WHATSAPP_PHONE_NUMBER_ID": "1098765432", "CHIKA_WEB_BASE_URL": nobody}
    settings |= {"CHIKA_MESSENGER_PAGE_ID": "100200300"}

    alone, online = (bot("doctor", *given, **settings) for given in ([], ["--online"]))

    assert (alone.returncode, online.returncode) == (DONE, FAILED), alone.stdout
    assert "networks  not asked; --online asks them" in alone.stdout
    for channel in ("whatsapp", "messenger"):
        assert f"{channel}: the Graph API gives no answer" in online.stdout
        assert f"web.base_url: nobody answers at {nobody}/{channel}" in online.stdout


def test_a_wrong_setting_ends_a_command_as_misuse_with_every_problem(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    needs_settings = ModuleType("bot.cli.graph")
    wrong = {"CHIKA_LOG_LEVEL": "loud"}
    needs_settings.command = click.command(lambda: load(tmp_path / "config.yaml", wrong))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "bot.cli.graph", needs_settings)
    with pytest.raises(SystemExit) as ended:
        main(["graph"])
    assert ended.value.code == MISUSE
    told = capsys.readouterr().err
    assert "no such file" in told
    assert "CHIKA_LOG_LEVEL" in told
    assert "Traceback" not in told


def test_doctor_tells_every_wrong_setting() -> None:
    told = bot("doctor", CHIKA_WEB_PROT="1", CHIKA_LOG_LEVEL="loud")
    assert told.returncode == FAILED
    assert "CHIKA_WEB_PORT" in told.stdout
    assert "CHIKA_LOG_LEVEL" in told.stdout


def test_test_gives_its_arguments_to_pytest(tmp_path: Path) -> None:
    (tmp_path / "test_two.py").write_text("def test_one(): pass\ndef test_two(): assert 0\n")
    one = bot("test", *IN_ONE_PROCESS, "-q", str(tmp_path), "-k", "one")
    assert (one.returncode, "1 passed" in one.stdout) == (DONE, True)
    assert bot("test", *IN_ONE_PROCESS, "-q", str(tmp_path)).returncode == FAILED
    assert bot("test", "--no-such-option").returncode == MISUSE


def test_test_leaves_slow_tests_to_all(tmp_path: Path) -> None:
    (tmp_path / "test_slow.py").write_text(
        "import pytest\n@pytest.mark.slow\ndef test_slow(): pass\ndef test_fast(): pass\n"
    )
    quick, every = (
        bot("test", *IN_ONE_PROCESS, "-v", *given, str(tmp_path)) for given in ([], ["--all"])
    )
    assert [told.returncode for told in (quick, every)] == [DONE, DONE]
    assert "::test_fast" in quick.stdout and "::test_slow" not in quick.stdout
    assert "::test_fast" in every.stdout and "::test_slow" in every.stdout


def test_test_keeps_compiled_modules_also_where_the_environment_forbids_it(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(
        "import sys\ndef test_one(): assert not sys.dont_write_bytecode\n"
    )
    told = bot("test", *IN_ONE_PROCESS, "-q", str(tmp_path), PYTHONDONTWRITEBYTECODE="1")
    assert told.returncode == DONE, told.stdout
    assert list(tmp_path.glob("__pycache__/*.pyc"))


def test_a_skip_fails_the_run_where_everything_is_required(tmp_path: Path) -> None:
    (tmp_path / "test_skips.py").write_text(
        "def test_peer(require): require('peers', False, 'none here')\n"
        "def test_other(require): require('else', False, 'none here')\n"
    )
    (tmp_path / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    lenient = bot("test", *IN_ONE_PROCESS, "-q", str(tmp_path))
    assert (lenient.returncode, "2 skipped" in lenient.stdout) == (DONE, True)
    strict = bot("test", "-q", str(tmp_path), CHIKA_REQUIRE="peers")
    assert (strict.returncode, "1 failed, 1 skipped" in strict.stdout) == (FAILED, True)
    only_skipped = bot(
        "test", *IN_ONE_PROCESS, "-q", str(tmp_path), "-k", "other", CHIKA_REQUIRE="peers"
    )
    assert only_skipped.returncode == FAILED


def test_every_module_of_checks_is_a_check() -> None:
    names = [check.name for check in all_checks()]
    modules = {path.stem for path in Path(checks.__path__[0]).glob("[!_]*.py")}
    assert names[: len(TOOLS)] == list(TOOLS)
    assert set(names[len(TOOLS) :]) == modules
    assert "locks" in modules


def test_a_check_that_breaks_is_a_problem(tmp_path: Path) -> None:
    (problem,) = run_project_check("locks", tmp_path)
    assert "FileNotFoundError" in problem


def test_only_checks_that_look_at_figures_have_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "table", lambda root: "one\ntwo", raising=False)

    assert project_table("locks") == "one\ntwo"
    assert project_table("docs") == ""
    monkeypatch.setattr(locks, "table", lambda root: str(1 / 0))
    assert project_table("locks") == "no figures: ZeroDivisionError"
    monkeypatch.setattr(locks, "table", lambda root: "one\ntwo")
    assert [check.table() for check in all_checks() if check.name in ("lint", "locks")] == [
        "",
        "one\ntwo",
    ]


def test_an_unknown_check_is_misuse() -> None:
    told = bot("check", "lokcs")
    assert told.returncode == MISUSE
    assert "locks" in told.stderr


def test_the_locks_fit_pyproject() -> None:
    assert run_project_check("locks") == []


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("pyproject.toml", '"aiosqlite>=', '"aiosqlite>=99.', "requirements.lock: made from other"),
        ("pyproject.toml", '"jinja2>=', '"jinja3>=', "jinja3 is asked for and not locked"),
        ("pyproject.toml", '"ruff>=', '"ruff>=99.', "requirements-test.lock: made from other"),
        ("requirements.lock", "aiogram==", "--index-url x\naiogram==", "only names and hashes"),
        ("requirements.lock", "aiogram==", "aiogram @ https://x #", "only names and hashes"),
    ],
)
def test_a_lock_that_does_not_fit_is_told(
    tmp_path: Path, file: str, old: str, new: str, told: str
) -> None:
    for name in ("pyproject.toml", locks.RUN_LOCK, locks.TEST_LOCK):
        text = (ROOT / name).read_text()
        (tmp_path / name).write_text(text.replace(old, new) if name == file else text)
    assert any(told in problem for problem in locks.check(tmp_path))
