"""The check of the documentation finds what is stale, unnamed or leads nowhere."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.checks.docs import check
from bot.config.settings import ROOT


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The documentation and what it is checked against."""
    for name in ("README.md", "CHANGELOG.md", "LICENSE", "config.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("docs", "bot/channels"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_the_documentation_as_it_is_passes(project: Path) -> None:
    assert check(project) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "told"),
    [
        ("docs/cli.md", "## serve", "## serves", "docs/cli.md: stale"),
        ("README.md", "python3 bot.py test\n", "make test\n", "python3 bot.py test"),
        ("docs/architecture.md", "`web`", "the page", "the channel `web`"),
        ("README.md", "(docs/cli.md)", "(docs/commands.md)", "links to docs/commands.md"),
        ("config.yaml", "  port: 8080  ", "  porto: 8080 ", "web.port has no line"),
    ],
)
def test_what_is_wrong_is_named(project: Path, path: str, old: str, new: str, told: str) -> None:
    rewrite(project / path, old, new)
    assert any(told in problem for problem in check(project))


@pytest.mark.slow
@pytest.mark.many
def test_the_conversation_of_the_readme_passes(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    [script] = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    folder = tmp_path / "conversations"
    shutil.copytree(ROOT / "tests" / "conversations", folder)
    (folder / "readme.yaml").write_text(script, "utf-8")
    replay = [sys.executable, "bot.py", "replay", str(folder / "readme.yaml")]
    environ = {**os.environ, "CHIKA_NO_BOOTSTRAP": "1"}
    told = subprocess.run(
        replay, cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stdout + told.stderr
