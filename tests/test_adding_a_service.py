"""The promise: a service is three new files and no change, and then it works everywhere."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "docs" / "adding-a-service.md"
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".venv.lock", ".ci", "var", ".env", "__pycache__", ".*_cache", ".hypothesis"
)
NEW = {
    "flows/z_cek_kartu_anak.yaml": ("yaml", 0),
    "forms/z_cek_kartu_anak.txt.j2": ("jinja", 0),
    "tests/conversations/z_cek_kartu_anak.yaml": ("yaml", 1),
}
"""The new files, and which block of the guide each of them is."""

WORDS = """
import json
from bot.bootstrap import read_product
from bot.cli.site import service_words
from bot.config import Config
z = service_words(read_product(Config()))["Z"]
print(json.dumps({"title": z.title, "steps": z.steps, "checks": z.checks}))
"""


@dataclass(frozen=True)
class Copy:
    """A copy of this project with a service Z."""

    root: Path
    before: dict[str, str]

    def files(self) -> dict[str, str]:
        """The digest of every file by its path."""
        return fingerprints(self.root)

    def run(self, *arguments: str, typed: str = "") -> str:
        """What a command of the copy says; it must succeed."""
        told = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.root,
            env={**os.environ, "CHIKA_NO_BOOTSTRAP": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert told.returncode == 0, told.stdout + told.stderr
        return told.stdout


def fingerprints(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and not {"var", "__pycache__"} & set(path.relative_to(root).parts)
    }


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    root = tmp_path_factory.mktemp("copy") / "chika"
    shutil.copytree(ROOT, root, ignore=LEFT_OUT)
    before = fingerprints(root)
    guide = GUIDE.read_text("utf-8")
    for path, (language, number) in NEW.items():
        blocks = re.findall(rf"```{language}\n(.*?)```", guide, re.DOTALL)
        (root / path).write_text(blocks[number], "utf-8")
    return Copy(root, before)


def test_its_conversation_passes_from_menu_to_result(copy: Copy) -> None:
    told = copy.run("bot.py", "replay", "tests/conversations/z_cek_kartu_anak.yaml")
    assert re.search(r"[1-9]\d* passed, 0 failed", told)


def test_the_terminal_offers_it(copy: Copy) -> None:
    told = copy.run("bot.py", "chat", "--store", "sqlite:///var/z.db", typed="halo\n3\nZ\n")
    assert "Z. Cek kartu anak" in told
    assert "NIK anak dan foto KK" in told


def test_the_console_knows_its_title_and_what_can_be_corrected(copy: Copy) -> None:
    words = json.loads(copy.run("-c", WORDS))
    assert words["title"] == "Cek kartu anak"
    assert words["steps"]["tgl_lahir"] == "Tanggal lahir"
    assert words["steps"]["foto_kk"] == "Foto KK"


def test_without_a_checklist_it_is_finished_without_one(copy: Copy) -> None:
    """The guide's service has none, and its conversation, which passes, ends with *finish*."""
    script = (copy.root / "tests/conversations/z_cek_kartu_anak.yaml").read_text("utf-8")
    assert json.loads(copy.run("-c", WORDS))["checks"] == {}
    assert "do: finish" in script


def test_its_page_is_drawn_and_no_existing_file_changes(copy: Copy) -> None:
    copy.run("bot.py", "graph")
    copy.run("-m", "bot.cli.checks.docs")
    after = copy.files()
    assert {path for path, digest in copy.before.items() if after.get(path) != digest} == set()
    assert after.keys() - copy.before.keys() == {*NEW, "docs/flows/Z.md"}
    page = (copy.root / "docs" / "flows" / "Z.md").read_text("utf-8")
    assert "# Z: Cek kartu anak" in page
    assert "Nama lengkap anak?" in page


@pytest.mark.slow
@pytest.mark.many
def test_every_check_of_texts_and_declarations_is_content(copy: Copy) -> None:
    copy.run("bot.py", "graph")
    told = copy.run("bot.py", "check", "texts", "declarations", "graphs", "docs")
    assert "4 passed, 0 failed" in told
