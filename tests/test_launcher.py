"""The launcher in a small tree of its own: packages made here, no network."""

import ast
import base64
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from runpy import run_path

import pytest

pytestmark = pytest.mark.slow  # real installs, seconds each

LAUNCHER = Path(__file__).resolve().parents[1] / "bot.py"
PYTHON = getattr(sys, "_base_executable", sys.executable)
SITE = f"lib/python3.{sys.version_info.minor}/site-packages"
PATIENCE = 120
PROGRAM = """
import json, sys
def main():
    import tiny
    print(json.dumps({"tiny": tiny.VERSION, "prefix": sys.prefix, "arguments": sys.argv[1:]}))
"""


@dataclass(frozen=True)
class Tree:
    """A project as small as can be: the real launcher, one dependency, a shelf of wheels."""

    root: Path
    shelf: Path

    def needs(self, version: str, lock: str = "requirements.lock", name: str = "tiny") -> None:
        """Put a wheel on the shelf and lock it."""
        wheel = make_wheel(self.shelf, name, version)
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        (self.root / lock).write_text(f"{name}=={version} --hash=sha256:{digest}\n")

    def start(self, *arguments: str, python: str = PYTHON, **environ: str) -> "Ended":
        process = self.spawn(*arguments, python=python, **environ)
        try:
            out, error = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
        return Ended(process.returncode, out, error)

    def spawn(
        self, *arguments: str, python: str = PYTHON, **environ: str
    ) -> "subprocess.Popen[str]":
        given = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.shelf),
            "PIP_NO_CACHE_DIR": "1",
        }
        return subprocess.Popen(
            [python, str(self.root / "bot.py"), *arguments],
            env=given | environ,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    @property
    def venv(self) -> Path:
        return self.root / ".venv"


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    error: str

    @property
    def prepared(self) -> bool:
        return "Preparing" in self.error

    def says(self, words: str) -> bool:
        return words in self.out


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    made = Tree(tmp_path / "tree", tmp_path / "shelf")
    (made.root / "bot" / "cli").mkdir(parents=True)
    made.shelf.mkdir()
    shutil.copy(LAUNCHER, made.root)
    (made.root / "bot" / "__init__.py").touch()
    (made.root / "bot" / "cli" / "__init__.py").write_text(PROGRAM)
    (made.root / "pyproject.toml").write_text(
        '[project]\ndependencies = ["tiny[more]>=1.0,<3"]\n[dependency-groups]\ndev = ["proof"]\n'
    )
    made.needs("1.0")
    made.needs("1.0", "requirements-test.lock", "proof")
    return made


@pytest.fixture
def silent_index() -> Iterator[socket.socket]:
    """A package index that takes calls and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)
        yield server


def make_wheel(shelf: Path, name: str, version: str) -> Path:
    about = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    lines = []
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        lines.append(f"{path},sha256={digest.decode()},{len(text)}\n")
    files[f"{about}/RECORD"] = "".join([*lines, f"{about}/RECORD,,\n"])
    wheel = shelf / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return wheel


def kill_at_download(tree: Tree, index: socket.socket) -> None:
    """Kill launcher and pip while pip waits for the index."""
    process = tree.spawn(**calling(index))
    call, _ = index.accept()
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=PATIENCE)
    call.close()


def calling(index: socket.socket) -> dict[str, str]:
    address = f"http://127.0.0.1:{index.getsockname()[1]}/"
    asked = {"PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "", "PIP_INDEX_URL": address}
    return asked | {"PIP_RETRIES": "0"}


def test_the_first_start_makes_the_environment_and_the_next_only_runs(tree: Tree) -> None:
    first = tree.start("hours", "--json")
    assert first.code == 0, first.error
    assert first.error.count("\n") == 1
    assert first.prepared
    assert first.says(f'"prefix": "{tree.venv}"')
    assert first.says('"arguments": ["hours", "--json"]')
    shutil.rmtree(tree.shelf)
    second = tree.start()
    assert (second.code, second.error) == (0, "")
    assert second.says('"tiny": "1.0"')


def test_a_changed_lock_is_installed(tree: Tree) -> None:
    tree.start()
    tree.needs("2.0")
    changed = tree.start()
    assert changed.prepared
    assert changed.says('"tiny": "2.0"')


def test_the_test_lock_is_installed_when_tests_are_first_run(tree: Tree) -> None:
    tree.start()
    assert not (tree.venv / SITE / "proof.py").exists()
    assert tree.start("test").prepared
    assert (tree.venv / SITE / "proof.py").exists()
    assert not tree.start("check").prepared


def test_a_package_with_another_hash_is_refused(tree: Tree) -> None:
    lock = tree.root / "requirements.lock"
    lock.write_text(f"tiny==1.0 --hash=sha256:{'0' * 64}\n")
    refused = tree.start()
    assert refused.code == 1
    assert "HASH" in refused.error.upper()
    assert "run the same command again" in refused.error
    assert "Traceback" not in refused.error


def test_a_failed_installation_is_told_and_can_be_repeated(tree: Tree) -> None:
    away = tree.shelf.rename(tree.shelf.with_name("away"))
    failed = tree.start()
    assert failed.code == 1
    assert "Check the network, then run the same command again." in failed.error
    assert "Traceback" not in failed.error
    away.rename(tree.shelf)
    assert tree.start().says('"tiny": "1.0"')


def test_a_failed_test_installation_leaves_the_product_runnable(tree: Tree) -> None:
    tree.start()
    shutil.rmtree(tree.shelf)
    assert tree.start("test").code == 1
    again = tree.start()
    assert (again.code, again.prepared) == (0, False)


@pytest.mark.slow
def test_an_installation_that_was_killed_is_made_anew(
    tree: Tree, silent_index: socket.socket
) -> None:
    kill_at_download(tree, silent_index)
    # What pip had half done: it would take this for an installed package.
    half = tree.venv / SITE / "tiny-1.0.dist-info"
    half.mkdir()
    (half / "METADATA").write_text("Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
    again = tree.start()
    assert again.code == 0, again.error
    assert again.says('"tiny": "1.0"')


@pytest.mark.slow
def test_an_upgrade_that_was_killed_is_not_trusted_when_the_lock_goes_back(
    tree: Tree, silent_index: socket.socket
) -> None:
    tree.start()
    before = (tree.root / "requirements.lock").read_text()
    tree.needs("2.0")
    kill_at_download(tree, silent_index)
    (tree.venv / SITE / "tiny.py").write_text("half written")
    (tree.root / "requirements.lock").write_text(before)
    again = tree.start()
    assert again.code == 0, again.error
    assert again.says('"tiny": "1.0"')


@pytest.mark.slow
def test_pip_keeps_the_turn_when_only_its_launcher_is_killed(
    tree: Tree, silent_index: socket.socket
) -> None:
    process = tree.spawn(**calling(silent_index))
    call, _ = silent_index.accept()
    os.kill(process.pid, signal.SIGKILL)
    process.wait(timeout=PATIENCE)
    with (tree.root / ".venv.lock").open("w") as turn:
        with pytest.raises(BlockingIOError):
            flock(turn, LOCK_EX | LOCK_NB)
        call.close()
        silent_index.close()
        process.communicate(timeout=PATIENCE)
        flock(turn, LOCK_EX)
    assert tree.start().says('"tiny": "1.0"')


@pytest.mark.slow
def test_launchers_started_at_once_prepare_once(tree: Tree) -> None:
    processes = [tree.spawn() for _ in range(3)]
    told = [process.communicate(timeout=PATIENCE) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], told
    assert sum("Preparing" in error for _, error in told) == 1


@pytest.mark.parametrize("damage", ["python", "pyvenv.cfg", "everything"])
def test_a_broken_environment_is_rebuilt(tree: Tree, damage: str) -> None:
    tree.start()
    if damage == "python":
        (tree.venv / "bin" / "python").unlink()
        (tree.venv / "bin" / "python").symlink_to("/nowhere/python3")
    elif damage == "pyvenv.cfg":
        (tree.venv / "pyvenv.cfg").unlink()
    else:
        shutil.rmtree(tree.venv)
        tree.venv.write_text("not a folder")
    again = tree.start()
    assert again.code == 0, again.error
    assert again.prepared
    assert again.says('"tiny": "1.0"')


def test_virtual_env_is_not_trusted(tree: Tree, tmp_path: Path) -> None:
    for _ in range(2):
        started = tree.start(VIRTUAL_ENV=str(tmp_path / "gone"))
        assert started.code == 0, started.error
        assert started.says(f'"prefix": "{tree.venv}"')


def test_an_interpreter_that_has_everything_is_used_as_it_is(tree: Tree) -> None:
    tree.start("test")
    other = tree.venv.rename(tree.root.parent / "other")
    used = tree.start("test", python=str(other / "bin" / "python"))
    assert (used.code, used.prepared, tree.venv.exists()) == (0, False, False)
    assert used.says(f'"prefix": "{other}"')


@pytest.mark.parametrize(
    ("asked", "satisfied"),
    [
        ("pytest>=9", True),
        ("Pytest[extra]>=9.0.0,<99", True),
        ("pytest>=9999", False),
        ("pytest<2", False),
        ("pytest>=2,<3", False),
        ("no-such-package-anywhere", False),
    ],
)
def test_an_interpreter_is_taken_only_when_its_versions_satisfy(
    tmp_path: Path, asked: str, satisfied: bool
) -> None:
    enough = run_path(str(LAUNCHER))["has_what_pyproject_asks"]
    enough.__globals__["ROOT"] = tmp_path
    project = f'project.dependencies = ["click"]\ndependency-groups.dev = ["{asked}"]\n'
    (tmp_path / "pyproject.toml").write_text(project)
    assert enough(testing=True) is satisfied
    assert enough(testing=False)


def test_bootstrapping_can_be_switched_off(tree: Tree) -> None:
    off = tree.start(CHIKA_NO_BOOTSTRAP="1")
    assert "No module named 'tiny'" in off.error
    assert not tree.venv.exists()


@pytest.mark.parametrize(
    ("pip", "advice"),
    [
        ("raise SystemExit(1)", "sudo apt install python3-pip"),
        ("print('pip 22.0.2 from here')", "This pip is older than 22.3."),
    ],
)
def test_a_missing_or_old_pip_is_told_before_anything_is_touched(
    tree: Tree, tmp_path: Path, pip: str, advice: str
) -> None:
    (tmp_path / "lib" / "pip").mkdir(parents=True)
    (tmp_path / "lib" / "pip" / "__init__.py").touch()
    (tmp_path / "lib" / "pip" / "__main__.py").write_text(pip)
    told = tree.start(PYTHONPATH=str(tmp_path / "lib"))
    assert told.code == 1
    assert advice in told.error
    assert not tree.venv.exists()


def test_an_old_python_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    ast.parse(LAUNCHER.read_text(), feature_version=(3, 7))
    launcher = run_path(str(LAUNCHER))
    monkeypatch.setattr(sys, "version_info", (3, 10, 12))
    with pytest.raises(SystemExit, match=r"CHIKA needs Python 3\.11 or newer"):
        launcher["main"]()


def test_the_launcher_imports_only_the_standard_library() -> None:
    modules = set()
    for node in ast.walk(ast.parse(LAUNCHER.read_text())):
        if isinstance(node, ast.Import):
            modules |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules.add(str(node.module))
    outside = {name for name in modules if name.split(".")[0] not in sys.stdlib_module_names}
    assert outside == {"bot.cli"}
