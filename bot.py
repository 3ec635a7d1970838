#!/usr/bin/env python3
"""Launcher: makes the project's own .venv from hash-locked requirements, then runs bot.cli in it.

Only the standard library is imported before the environment is ready.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / ".unfinished"
OLDEST_PYTHON = (3, 11)
OLDEST_PIP = (22, 3)  # the first with `pip --python`
RUN_LOCK, TEST_LOCK = ROOT / "requirements.lock", ROOT / "requirements-test.lock"
TESTING_COMMANDS = {"test", "check", "bench"}


def main() -> None:
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(f"CHIKA needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    if os.name != "posix":
        sys.exit("CHIKA runs on Linux and macOS; on Windows use WSL.")
    if os.environ.get("CHIKA_NO_BOOTSTRAP") != "1":
        testing = TESTING_COMMANDS.intersection(sys.argv[1:2])
        enter_environment([RUN_LOCK, TEST_LOCK] if testing else [RUN_LOCK])
    sys.path[0] = str(ROOT)
    gc.set_threshold(250_000)  # nothing that a start reads is garbage: do not look for it
    from bot.cli import main as run

    run()


def enter_environment(locks: list[Path]) -> None:
    """Return when this interpreter can run the product, or replace it with one that can."""
    own = Path(sys.prefix).resolve() == VENV.resolve()
    if is_ready(locks):
        if own:
            return
    elif not (own and UNFINISHED.exists()) and has_what_pyproject_asks(TEST_LOCK in locks):
        return  # uv run, a container image, or a virtual environment made by hand
    else:
        prepare(locks)
    os.execv(PYTHON, [str(PYTHON), str(ROOT / "bot.py"), *sys.argv[1:]])


def is_ready(locks: list[Path]) -> bool:
    """Tell whether .venv holds what the locks name; a file or two are read, nothing is started."""
    return (
        PYTHON.exists()
        and (VENV / "pyvenv.cfg").exists()
        and not UNFINISHED.exists()
        and all(read(stamp_of(lock)) == wanted_stamp(lock) for lock in locks)
    )


def stamp_of(lock: Path) -> Path:
    return VENV / ("." + lock.stem + ".stamp")


def wanted_stamp(lock: Path) -> str:
    import hashlib

    kind = f"{sys.implementation.cache_tag} {os.uname().machine}"
    text = RUN_LOCK.read_bytes() + lock.read_bytes() + kind.encode()
    return hashlib.sha256(text).hexdigest()


def read(path: Path) -> str:
    try:
        return path.read_text()
    except FileNotFoundError:
        return ""


def has_what_pyproject_asks(testing: bool) -> bool:
    """Compare installed versions with pyproject.toml: enough where somebody else installs."""
    import operator
    import re
    import tomllib
    from importlib.metadata import PackageNotFoundError, version

    holds = {">=": operator.ge, "<": operator.lt}

    def numbers(text: str) -> list[int]:
        found = [int(part) for part in re.findall(r"\d+", text)]
        while found and not found[-1]:
            found.pop()  # 26.1 and 26.1.0 are one version
        return found

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = list(project["project"]["dependencies"])
    if testing:
        asked += project["dependency-groups"]["dev"]
    try:
        for requirement in asked:
            name = re.split(r"[^\w.-]", requirement)[0]
            have = numbers(version(name))
            for sign, limit in re.findall(r"([<>=~!]+)\s*([\w.]+)", requirement):
                if not holds[sign](have, numbers(limit)):
                    return False
    except PackageNotFoundError:
        return False
    return True


def prepare(locks: list[Path]) -> None:
    """Install what is missing, one launcher at a time; the stamp is written last."""
    import fcntl

    with (ROOT / ".venv.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if is_ready(locks):
            return
        require_pip()
        say("Preparing the Python environment in .venv (once, about half a minute) ...")
        if not is_sound():
            create(turn.fileno())
        for lock in locks:
            if read(stamp_of(lock)) != wanted_stamp(lock):
                install(lock, turn.fileno())


def is_sound() -> bool:
    """Tell whether .venv is a whole environment of this Python that no install was killed in."""
    import subprocess

    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    tell = "import sys; print(sys.prefix, sys.implementation.cache_tag)"
    told = subprocess.run([PYTHON, "-c", tell], capture_output=True, text=True, check=False)
    return told.stdout.split() == [str(VENV), str(sys.implementation.cache_tag)]


def create(turn: int) -> None:
    """Make an empty .venv; Debian's Python has no ensurepip, so pip stays outside."""
    import shutil

    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(VENV)
    VENV.mkdir()
    UNFINISHED.touch()
    if run_outside(["venv", "--without-pip", str(VENV)], turn):
        fail("Could not create .venv; see the lines above.")


def install(lock: Path, turn: int) -> None:
    """Install one lock file; a killed pip leaves the mark that makes the next start rebuild."""
    UNFINISHED.touch()
    arguments = ["install", "-qq", "--disable-pip-version-check", "--no-input", "--require-hashes"]
    failed = run_outside(["pip", "--python", str(PYTHON), *arguments, "-r", str(lock)], turn)
    if failed < 0:
        fail("The installation was interrupted. Run the same command again.")
    UNFINISHED.unlink()
    if failed:
        fail("The installation failed. Check the network, then run the same command again.")
    fresh = stamp_of(lock).with_suffix(".new")
    fresh.write_text(wanted_stamp(lock))
    fresh.replace(stamp_of(lock))


def run_outside(module: list[str], turn: int) -> int:
    """Run a module of the Python that .venv is made from; it keeps our turn if we are killed."""
    import subprocess

    command = [base_python(), "-m", *module]
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, pass_fds=[turn], check=False
    ).returncode


def base_python() -> str:
    return getattr(sys, "_base_executable", None) or sys.executable


def require_pip() -> None:
    import re
    import subprocess

    asked = [base_python(), "-m", "pip", "--version"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False)
    found = re.match(r"pip (\d+)\.(\d+)", told.stdout)
    if not found:
        fail("This Python has no pip. Install it first: sudo apt install python3-pip")
    if tuple(map(int, found.groups())) < OLDEST_PIP:
        fail("This pip is older than 22.3. Update it first: python3 -m pip install --user -U pip")


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def fail(words: str) -> NoReturn:
    sys.exit(words)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
