"""The hash-locked requirements agree with pyproject.toml; run as a module, it locks anew."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

RUN_LOCK, TEST_LOCK = "requirements.lock", "requirements-test.lock"
HEADER = "# Locked from pyproject.toml by `python -m bot.cli.checks.locks`; asked: sha256:{digest}"


def check(root: Path) -> list[str]:
    """Name every lock that does not fit; needs no network."""
    asked = requirements(root)
    problems = []
    for lock, wanted in asked.items():
        text = (root / lock).read_text()
        if text.split("\n", 1)[0] != header(wanted):
            problems.append(f"{lock}: made from other requirements than pyproject.toml has now")
        locked = {plain(name) for name in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}
        missing = sorted(names(wanted) - locked)
        problems += [f"{lock}: {name} is asked for and not locked" for name in missing]
        if re.search(r"^(--|\S+ @ )|://", text, re.MULTILINE):
            problems.append(f"{lock}: names an index or an address; only names and hashes belong")
    return problems


def requirements(root: Path) -> dict[str, list[str]]:
    """The requirements that each lock answers, from pyproject.toml."""
    project: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text())
    return {
        RUN_LOCK: project["project"]["dependencies"],
        TEST_LOCK: project["dependency-groups"]["dev"],
    }


def header(wanted: list[str]) -> str:
    digest = hashlib.sha256(json.dumps(sorted(wanted)).encode()).hexdigest()
    return HEADER.format(digest=digest)


def names(wanted: list[str]) -> set[str]:
    return {plain(re.split(r"[^\w.-]", requirement)[0]) for requirement in wanted}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def lock_anew(root: Path) -> None:
    """Resolve both files with uv: one set of versions, every platform, hashes, no addresses."""
    uv = shutil.which("uv", path=Path(sys.executable).parent) or shutil.which("uv")
    if not uv:
        sys.exit("Locking needs uv: pip install uv")
    form = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-emit-index-url"]
    sources = {
        RUN_LOCK: ["pyproject.toml"],
        TEST_LOCK: ["--group=pyproject.toml:dev", f"--constraint={RUN_LOCK}"],
    }
    for lock, wanted in requirements(root).items():
        command = [uv, "pip", "compile", "--quiet", "--no-header", *form, *sources[lock]]
        told = subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE, text=True)
        (root / lock).write_text(header(wanted) + "\n" + told.stdout)


if __name__ == "__main__":
    lock_anew(Path.cwd())
